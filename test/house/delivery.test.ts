import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { packageEntries } from '../../local/package/options.ts';
import { azureYaml, filesLike, jobs, json, read, root, scripts, workflows } from './delivery.ts';

const documents = ['*.md', 'docs/**/*.md', 'local/README.md', 'infra/**/*.md'];
const runners = ['.github/workflows/*.yml', '.github/*.md', '.ci/*', 'azure.yaml', '.vscode/*.json'];

/** The scripts that a text asks npm for: `npm run x`, and those that npm has a word of its own for. */
const scriptsIn = (text: string): string[] => [
  ...[...text.matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map((match) => match[1] ?? ''),
  ...[...text.matchAll(/\bnpm (start|test)\b/g)].map((match) => match[1] ?? ''),
];

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

  it('take actions of GitHub and Azure only, each by its major version', () => {
    const used = steps.flatMap(({ uses }) => (uses === undefined ? [] : [uses]));
    expect(used.filter((uses) => !/^(actions|azure)\/[\w-]+@(v\d+|[0-9a-f]{40})$/.test(uses))).toEqual([]);
    expect(used.length).toBeGreaterThan(10);
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
      ['deploy.yml', /config-zip[\s\S]*functions\.zip/],
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

  it.each([
    ['test.yml', ['infra/dev.bicepparam']],
    ['deploy.yml', filesLike('infra/*.bicepparam')],
  ])('%s hands its parameter files every variable that they read', (file, parameterFiles) => {
    const variables = namesIn(parameterFiles.map(read).join('\n'), /readEnvironmentVariable\('(\w+)'/g);
    const handed = namesIn(read(`.github/workflows/${file}`), /^ {6}(\w+):/gm);
    expect(variables.length).toBeGreaterThan(3);
    expect(variables.filter((name) => !handed.includes(name))).toEqual([]);
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
