import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compilerEnvironment } from '../../local/infra/placeholders.ts';
import { at, environments, infraFile, ofType, readSnapshot, type Snapshot } from './snapshot.ts';

const root = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'deploy.md'), 'utf8');

/** What the parameter files read from the environment. */
const variables = [
  ...new Set(
    globSync('*.bicepparam', { cwd: join(root, 'infra') }).flatMap((file) =>
      [...infraFile(file).matchAll(/readEnvironmentVariable\('(\w+)'/g)].map(([, name]) => name as string),
    ),
  ),
];

/** Commands of a page that are shown together. */
const blocksOf = (text: string): string[] =>
  [...text.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].map(([, commands]) => commands as string);

const deploymentsWithoutFile = (text: string): string[] =>
  blocksOf(text).filter(
    (commands) =>
      /az deployment group (create|what-if)/.test(commands) &&
      !/^ *\. \.\/writeback\.env$[\s\S]*az deployment/m.test(commands),
  );

/** Alerts that lead nobody to what to do, or reach nobody. */
const aloneWithIt = (snapshot: Snapshot): string[] => {
  const alerts = ['Microsoft.Insights/scheduledQueryRules', 'Microsoft.Insights/metricAlerts'].flatMap(
    (type) => ofType(snapshot, type),
  );
  return alerts.flatMap(({ name, properties }) => {
    const groups = at(properties, 'actions.actionGroups') ?? properties['actions'];
    return [
      ...(/https:\/\/\S+\/operations\.md#[\w-]+$/.test(String(properties['description']))
        ? []
        : [`no link: ${name}`]),
      ...(Array.isArray(groups) && groups.length > 0 ? [] : [`nobody is told: ${name}`]),
    ];
  });
};

describe('what the parameter files read from the environment', () => {
  it('is in the file that docs/deploy.md has people write', () => {
    const file = blocksOf(page).find((commands) => commands.includes('> writeback.env'));
    const exported = [...(file ?? '').matchAll(/^export (\w+)=/gm)].map(([, name]) => name);
    expect(variables.length).toBeGreaterThan(5);
    expect(exported.toSorted()).toEqual(variables.toSorted());
  });

  it('is read from that file before every deployment in docs/deploy.md', () => {
    expect(blocksOf(page).join('\n')).toContain('az deployment group create');
    expect(deploymentsWithoutFile(page)).toEqual([]);
    const forgetful = page.replaceAll(/^ *\. \.\/writeback\.env\n/gm, '');
    expect(deploymentsWithoutFile(forgetful).length).toBeGreaterThan(2);
  });

  it('has a placeholder in the snapshots, so that a review sees it', () => {
    const given = compilerEnvironment({});
    // The name of the environment is that of the parameter file.
    const without = variables.filter((name) => name !== 'AZURE_ENV_NAME' && !given[name]);
    expect(without).toEqual([]);
  });
});

describe('alerts', () => {
  it.each(environments)('%s: each links to what to do, and tells somebody', (environment) => {
    expect(aloneWithIt(readSnapshot(environment))).toEqual([]);
  });

  it('are found that name a file nobody can open, or reach nobody', () => {
    const text = infraFile('prod.snapshot.json')
      .replace(/https:\/\/\S+\/docs\/operations\.md#relay-halted/, 'docs/operations.md#relay-halted')
      .replace(/"actionGroups": \[[^\]]+\]/, '"actionGroups": []');
    expect(aloneWithIt(JSON.parse(text) as Snapshot).map((problem) => problem.split(':')[0])).toEqual([
      'nobody is told',
      'no link',
    ]);
  });
});

describe('main.json', () => {
  const { resources, parameters } = JSON.parse(infraFile('main.json')) as {
    resources: Record<string, { dependsOn?: string[] }>;
    parameters: Record<string, unknown>;
  };

  it('has the app wait for its rights and for the way to its storage', () => {
    const endpoints = Object.keys(resources).filter((name) => name.endsWith('Endpoint'));
    expect(endpoints).toHaveLength(3);
    expect(resources['functions']?.dependsOn).toEqual(expect.arrayContaining(['access', ...endpoints]));
  });

  it('has every parameter that docs/deploy.md tells of', () => {
    const table = page.slice(page.indexOf('| parameter | what |'), page.indexOf('> writeback.env'));
    const told = [...table.matchAll(/^\| (`\w+`(?:, `\w+`)*) \|/gm)].flatMap(([, names]) =>
      (names as string).replaceAll('`', '').split(', '),
    );
    expect(told.length).toBeGreaterThan(8);
    expect(told.filter((name) => !(name in parameters))).toEqual([]);
  });
});
