import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { packageEntries } from '../../local/package/options.ts';
import { azureYaml, dependabot, filesLike, jobs, json, read, root, scripts, workflows } from './delivery.ts';

const documents = ['*.md', 'docs/**/*.md', 'local/README.md', 'infra/**/*.md'];
const runners = [
  '.github/workflows/*.yml',
  '.github/*.sh',
  '.github/*.md',
  '.ci/*',
  'azure.yaml',
  '.vscode/*.json',
];

/** The scripts that a text asks npm for: `npm run x`, and those that npm has a word of its own for. */
const scriptsIn = (text: string): string[] => [
  ...[...text.matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map((match) => match[1] ?? ''),
  ...[...text.matchAll(/\bnpm (start|test)\b/g)].map((match) => match[1] ?? ''),
];

/** What GitHub evaluates. */
const expression = (text: string): string => `\${{ ${text} }}`;

const namesIn = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, name]) => name ?? '')),
];

describe('what is run by name', () => {
  it.each(filesLike(...runners, ...documents))('%s asks npm for scripts that there are', (path) => {
    const unknown = scriptsIn(read(path)).filter((name) => !(name in scripts));
    expect(unknown).toEqual([]);
  });

  it('the files that workflows, tasks and hooks name are there, or are made by npm run package', () => {
    const texts = filesLike(...runners)
      .map(read)
      .join('\n');
    const folders =
      'infra|local|relay|functions|shared|test|docs|\\.ci|\\.github|\\.package|package|node_modules';
    const named = texts.matchAll(
      new RegExp(`(?<![\\w./-])(?:\\./)?((?:${folders})/[\\w./-]*\\w\\.\\w+)`, 'g'),
    );
    const paths = [...new Set([...named].map((match) => match[1] ?? ''))];
    const isMade = (path: string) =>
      /^\.?package\/(.*)$/.test(path) &&
      [...packageEntries, 'SHA256SUMS'].some((entry) => path.endsWith(`package/${entry}`));
    const missing = paths.filter((path) => !existsSync(join(root, path)) && !isMade(path));
    expect(paths.length).toBeGreaterThan(5);
    expect(missing).toEqual([]);
  });

  it('every script of package.json runs a file that is there', () => {
    const files = Object.values(scripts).map((command) => / ((?:local|test|relay)\/\S+)/.exec(command)?.[1]);
    const missing = files.filter((file) => file !== undefined && !existsSync(join(root, file)));
    expect(missing).toEqual([]);
  });
});

describe('the workflows', () => {
  const steps = jobs.flatMap(({ name, job }) => (job.steps ?? []).map((step) => ({ name, ...step })));

  it('start from no right but to read, and write where it is said', () => {
    const writes = jobs.flatMap(({ name, job }) =>
      Object.entries(job.permissions ?? {}).flatMap(([right, level]) =>
        level === 'write' ? [`${name}: ${right}`] : [],
      ),
    );
    for (const [file, { permissions }] of Object.entries(workflows))
      expect(permissions, file).toEqual({ contents: 'read' });
    expect(writes.sort()).toEqual([
      'deploy.yml deploy: id-token',
      'deploy.yml what-if: id-token',
      'release.yml deploy: id-token',
      'release.yml release: contents',
      'release.yml test: id-token',
      'test.yml what-if: id-token',
    ]);
  });

  it('take actions of GitHub and Azure only, each by its commit, with the version beside it', () => {
    const used = steps.flatMap(({ uses }) => (uses === undefined ? [] : [uses]));
    expect(used.filter((uses) => !/^(actions|azure)\/[\w-]+@[0-9a-f]{40}$/.test(uses))).toEqual([]);
    expect(used.length).toBeGreaterThan(10);
    // Dependabot reads the version there; two commits of one action are one too many.
    const lines = filesLike('.github/workflows/*.yml').flatMap((path) => read(path).match(/uses: \w+\/.*/g));
    expect(lines.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line ?? ''))).toEqual([]);
    const actions = new Set(lines.map((line) => line?.split('@')[0]));
    expect(new Set(lines).size, 'each action in one version').toBe(actions.size);
  });

  it('are kept current, as the packages are', () => {
    const kept = dependabot.updates.map((update) => update['package-ecosystem']).sort();
    expect(kept).toEqual(['github-actions', 'npm']);
  });

  it('keep no credentials in the clone and end by themselves', () => {
    const clones = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    for (const { name, with: given } of clones) expect(given, name).toEqual({ 'persist-credentials': false });
    for (const { name, job } of jobs)
      if (job.uses === undefined) expect(job['timeout-minutes'], name).toBeGreaterThan(0);
  });

  it('do not run twice at once', () => {
    const without = Object.entries(workflows).flatMap(([file, { concurrency }]) =>
      concurrency === undefined ? [file] : [],
    );
    expect(without, 'it is part of its callers only').toEqual(['package.yml']);
  });

  it('need no secret', () => {
    for (const path of filesLike('.github/workflows/*.yml'))
      expect(read(path), path).not.toMatch(/\bsecrets[.[]/);
  });

  it('lint, test, check infra with the compiler, package, ask what-if and attach the package to releases', () => {
    const commands = (file: string) =>
      jobs.flatMap(({ name, job }) =>
        name.startsWith(file) ? [job.uses ?? '', ...(job.steps ?? []).map(({ run }) => run ?? '')] : [],
      );
    const wanted: [string, RegExp][] = [
      ['test.yml', /npm run check/],
      ['test.yml', /bash \.ci\/run/],
      ['test.yml', /npm run infra -- --check/],
      ['test.yml', /workflows\/package\.yml/],
      ['test.yml', /deployment group what-if/],
      ['package.yml', /npm run package/],
      ['deploy.yml', /deployment group what-if/],
      ['deploy.yml', /deployment group create/],
      ['deploy.yml', /bash \.github\/publish\.sh package\/functions\.zip/],
      [
        'release.yml',
        /gh release create[\s\S]*functions\.zip relay\.mjs THIRD-PARTY-NOTICES\.txt SHA256SUMS/,
      ],
    ];
    for (const [file, pattern] of wanted)
      expect(
        commands(file).some((command) => pattern.test(command)),
        `${file} ${pattern}`,
      ).toBe(true);
  });

  it('an environment that can be chosen has a parameter file', () => {
    const options = /options: \[(.*)\]/.exec(read('.github/workflows/deploy.yml'))?.[1]?.split(', ') ?? [];
    expect(options.map((name) => `infra/${name}.bicepparam`).sort()).toEqual(filesLike('infra/*.bicepparam'));
  });
});

describe('what deploys, or asks what would be', () => {
  const azureJobs = jobs.filter(({ job }) =>
    job.steps?.some(({ run }) => run?.includes('az deployment group')),
  );
  const named = (name: string) => {
    const found = jobs.find((each) => each.name === name)?.job;
    if (found === undefined) throw new Error(`no job ${name}`);
    return found;
  };
  const valuesOf = (name: string): string => JSON.stringify(named(name));

  it.each(azureJobs)('$name hands its parameter files every variable that they read', ({ name, job }) => {
    const parameterFiles = name.startsWith('test.yml')
      ? ['infra/dev.bicepparam']
      : filesLike('infra/*.bicepparam');
    const variables = namesIn(parameterFiles.map(read).join('\n'), /readEnvironmentVariable\('(\w+)'/g);
    expect(variables.length).toBeGreaterThan(3);
    expect(variables.filter((variable) => !(variable in (job.env ?? {})))).toEqual([]);
  });

  it.each(azureJobs)('$name tells alerts where the docs are', ({ job }) => {
    expect(job.env?.['WRITEBACK_DOCS_URL']).toMatch(/github\.server_url, github\.repository/);
  });

  it('are three jobs', () => {
    expect(azureJobs.map(({ name }) => name)).toEqual([
      'deploy.yml what-if',
      'deploy.yml deploy',
      'test.yml what-if',
    ]);
  });

  it('with the identity of the chosen environment, and nobody to tell in dev only', () => {
    for (const name of ['deploy.yml what-if', 'deploy.yml deploy']) {
      const { environment, env = {} } = named(name);
      expect(environment).toBe(expression('inputs.environment'));
      expect(env['AZURE_RESOURCE_GROUP']).toBe(expression('vars.AZURE_RESOURCE_GROUP'));
      expect(env['WRITEBACK_ALERT_EMAILS']).toBe(
        expression("vars.WRITEBACK_ALERT_EMAILS || (inputs.environment == 'dev' && '[]') || ''"),
      );
    }
  });

  it('a pull request asks with an identity, a group and values of its own, and needs no right to write', () => {
    const job = named('test.yml what-if');
    expect(job.environment, 'its subject would be that of the identity that writes').toBeUndefined();
    expect(job.if).toContain('github.event.pull_request.head.repo.full_name == github.repository');
    const own = namesIn(valuesOf('test.yml what-if'), /vars\.(\w+)/g).filter(
      (name) => !/_WHAT_IF_/.test(name),
    );
    expect(own.sort()).toEqual(['AZURE_SUBSCRIPTION_ID', 'AZURE_TENANT_ID', 'WRITEBACK_DOCS_URL']);
    const asks = job.steps?.find(({ run }) => run?.includes('what-if'))?.run;
    expect(asks).toContain('--validation-level ProviderNoRbac');
    expect(job.steps?.some(({ run }) => run?.includes('group create'))).toBe(false);
  });

  it('a release deploys where the repository says, and nowhere unless it says so', () => {
    const { if: condition, with: given } = named('release.yml deploy');
    expect(condition).toBe("vars.RELEASE_ENVIRONMENT != ''");
    expect(given).toEqual({ environment: expression('vars.RELEASE_ENVIRONMENT') });
  });

  it('the variables of the workflows are those that docs/deploy.md lists', () => {
    const texts = filesLike('.github/workflows/*.yml').map(read).join('\n');
    const section = /^### With GitHub\n([\s\S]*?)^### /m.exec(read('docs/deploy.md'))?.[1] ?? '';
    const listed = namesIn(section, /^\| `([A-Z_]+)` \|/gm);
    expect(listed.sort()).toEqual(namesIn(texts, /\bvars\.([A-Z_]+)/g).sort());
  });
});

describe('azure.yaml', () => {
  it('deploys the package as it is, to the app that infra tags', () => {
    const { infra, services } = azureYaml;
    expect(Object.keys(services)).toEqual(['functions']);
    expect(services['functions']).toMatchObject({ dist: '.package/functions', remoteBuild: false });
    expect(existsSync(join(root, infra.path, `${infra.module}.bicepparam`))).toBe(true);
    expect(read('infra/modules/functions.bicep')).toContain("'azd-service-name': 'functions'");
  });

  it('packages before it deploys, with sh and with PowerShell', () => {
    const { posix, windows } = azureYaml.services['functions']?.hooks['prepackage'] ?? {};
    expect(posix).toEqual({ shell: 'sh', run: 'npm run package' });
    expect(windows?.run).toMatch(/^npm run package\nexit \$LASTEXITCODE/);
  });

  it('azd takes `remoteBuild: false` only where .funcignore does not name node_modules', () => {
    expect(read('.funcignore')).not.toMatch(/^\/?node_modules/m);
  });
});

describe('.vscode', () => {
  const tasks = z
    .object({ tasks: z.array(z.object({ label: z.string(), command: z.string() })) })
    .parse(json('.vscode/tasks.json')).tasks;
  const launch = z
    .object({
      configurations: z.array(
        z.object({ preLaunchTask: z.string().optional(), program: z.string().optional() }),
      ),
    })
    .parse(json('.vscode/launch.json')).configurations;

  it('launches and deploys by tasks that there are, and programs that there are', () => {
    const settings = json('.vscode/settings.json') as Record<string, unknown>;
    const labels = tasks.map(({ label }) => label);
    const wanted = [
      ...launch.map(({ preLaunchTask }) => preLaunchTask),
      settings['azureFunctions.preDeployTask'],
    ];
    for (const label of wanted) if (label !== undefined) expect(labels).toContain(label);
    for (const { program } of launch)
      if (program !== undefined)
        expect(existsSync(program.replace(/^\$\{workspaceFolder\}\//, root)), program).toBe(true);
    expect(settings['azureFunctions.deploySubpath']).toBe('.package/functions');
  });
});
