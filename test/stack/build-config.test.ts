import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** The build with another configuration than the repository's own: inside it, because that is where its imports lead. */
const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;

beforeEach(() => {
  mkdirSync(join(root, '.local'), { recursive: true });
  folder = mkdtempSync(join(root, '.local/build-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function build(config: string): { status: number | null; words: string } {
  const file = join(folder, 'another.config.ts');
  writeFileSync(
    file,
    `import { defineConfig } from '../../shared/configuration/define-config.ts';\nexport default defineConfig(${config});\n`,
  );
  const entry = join(root, 'local/build.mjs');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [entry, '--config', file, '--out', join(folder, 'out')],
    { encoding: 'utf8' },
  );
  return { status, words: `${stdout}${stderr}` };
}

describe('local/build.mjs', () => {
  it('builds the app with the configuration that is named', () => {
    expect(build("{ revision: 'another', users: false }")).toEqual({ status: 0, words: '' });
    const built = pathToFileURL(join(folder, 'out/writeback.config.js')).href;
    const shown = `import config from '${built}'; console.log(JSON.stringify(config));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', shown], {
      encoding: 'utf8',
    });
    expect(JSON.parse(stdout)).toEqual({ revision: 'another', users: false });
    expect(existsSync(join(folder, 'out/functions/compose.js'))).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['another.config.ts', 'out']);
  });

  it('[config.validated] fails with everything that is wrong, and leaves what was there', () => {
    mkdirSync(join(folder, 'out'));
    const { status, words } = build(
      "{ users: { fallbackSuffix: '@corp', deny: ['x'] }, groups: { leaving: { hardDelete: { deleteAfterDays: 0 } } } }",
    );
    expect(status).toBe(1);
    expect(words.trim().split('\n')).toEqual([
      'writeback.config.ts is wrong:',
      '- users.fallbackSuffix must be a DNS name such as corp.example (without @)',
      '- users.deny[0] must be an object id (a GUID, as Entra shows it)',
      '- groups.leaving.hardDelete.deleteAfterDays must be a whole number of days from 1 to 36500',
    ]);
    expect(readdirSync(join(folder, 'out'))).toEqual([]);
  });

  it('[config.typed] the compiler knows every option', () => {
    const { status, words } = build("{ users: { onPremisesDisable: 'never', filter: (user) => user.nmae } }");
    expect(status).not.toBe(0);
    expect(words).toMatch(/'"never"' is not assignable to type '"keep" \| "follow-cloud" \| undefined'/);
    expect(words).toMatch(/'nmae' does not exist on type 'CloudUser'/);
  });
});
