import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findCompiler } from '../../local/infra/find-compiler.ts';

/** `npm run infra` with the real compiler, on a copy of infra/ with mistakes in it. (Without them it is a stage of `npm run check`.) */
const root = join(import.meta.dirname, '..', '..');
const isRequired = process.env['WRITEBACK_INFRA'] === 'required';
const compiler = await findCompiler(join(root, 'infra', 'bicep.csproj'), join(root, '.local', 'bicep')).catch(
  () => undefined,
);

let scratch: string;
let folder: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'wb-infra-test-'));
  folder = join(scratch, 'infra');
  cpSync(join(root, 'infra'), folder, { recursive: true });
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

type Told = {
  diagnostics: { file: string; rule: string; text: string }[];
  changes: string[];
  details: string[];
};

function infra(
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: unknown; out: string; err: string }> {
  const command = [join(root, 'local', 'infra', 'main.ts'), '--check', '--folder', folder, ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { env: { ...process.env, ...env } }, (error, out, err) =>
      resolve({ code: error === null ? 0 : error.code, out, err }),
    );
  });
}

function plant(file: string, text: string, mistake: string): void {
  const before = readFileSync(join(folder, file), 'utf8');
  expect(before).toContain(text);
  writeFileSync(join(folder, file), before.replace(text, mistake));
}

describe.skipIf(compiler === undefined && !isRequired)('npm run infra -- --check', () => {
  it('finds an unknown property, an old API version, a stale file, and what a queue of another name changes', async (context) => {
    plant(
      'modules/messaging.bicep',
      'lockDuration:',
      'lockDurationn: settings.lockDuration\n      lockDuration:',
    );
    plant('modules/identity.bicep', '@2024-11-30', '@2023-01-31');
    plant('modules/state.bicep', 'var tableNames =', 'var   tableNames =');
    plant('queues.json', '"refused"', '"rejected"');
    const { code, out } = await infra(['--json']);
    if (code === 3 && !isRequired) context.skip('the types of the Graph extension cannot be had here');
    const { diagnostics, changes, details } = JSON.parse(out) as Told;
    expect(code).toBe(1);
    expect(diagnostics.map(({ file, rule }) => `${file} ${rule}`).toSorted()).toEqual([
      'identity.bicep use-recent-api-versions',
      'messaging.bicep BCP037',
    ]);
    expect(changes).toEqual([
      'dev.snapshot.json',
      'main.json',
      'modules/state.bicep',
      'premium.snapshot.json',
      'prod.snapshot.json',
    ]);
    expect(details.join('\n')).toMatch(/- var {3}tableNames/);
    expect(details.join('\n')).toMatch(/\+ Microsoft\.ServiceBus\/namespaces\/[^/\s]+\/queues\/rejected$/m);
  });
});

describe('without a compiler', () => {
  /** Node and nothing else; no compiler was restored before. */
  const nothing = () => ({ PATH: dirname(process.execPath) });

  it('one line says how to get it, and that is no failure unless it is required', async () => {
    const args = ['--cache', join(scratch, 'cache')];
    const told = await infra(args, { ...nothing(), WRITEBACK_INFRA: '' });
    expect(told).toMatchObject({ code: 3, out: '' });
    expect(told.err).toMatch(/^Bicep \d+\.\d+\.\d+ is not on the PATH[^\n]*\n$/);
    expect(await infra(args, { ...nothing(), WRITEBACK_INFRA: 'required' })).toMatchObject({ code: 1 });
  });
});
