import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

type Cruised = { modules: { source: string; dependencies: { resolved: string }[] }[] };

const root = join(import.meta.dirname, '..', '..');

/** With a compiler it does not know, dependency-cruiser sees no module and reports success. */
test('the tool that checks the arrows sees every module and its imports', () => {
  const sources = globSync(['functions/**/*.ts', 'shared/**/*.ts', 'relay/**/*.ts'], { cwd: root });
  const output = execFileSync(
    join(root, 'node_modules', '.bin', 'depcruise'),
    ['functions', 'shared', 'relay', '--output-type', 'json'],
    { cwd: root, maxBuffer: 64 * 1024 * 1024 },
  );
  const { modules } = JSON.parse(output.toString()) as Cruised;
  const seen = new Set(modules.map((module) => module.source));
  expect(sources.filter((source) => !seen.has(source))).toEqual([]);
  const pipeline = modules.find((module) => module.source === 'shared/contracts/command.ts');
  expect(pipeline?.dependencies.map((dependency) => dependency.resolved)).toContain(
    'shared/contracts/envelope.ts',
  );
}, 60_000);
