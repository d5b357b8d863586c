import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimFolder } from '../../../local/stack/claim-folder.ts';

const source = fileURLToPath(new URL('../../../local/stack/claim-folder.ts', import.meta.url));
let scratch: string;
const claimers: ChildProcess[] = [];

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'claim-'));
});

afterEach(() => {
  for (const claimer of claimers.splice(0)) claimer.kill('SIGKILL');
  rmSync(scratch, { recursive: true, force: true });
});

/** Another process that claims the folder, says so, and lives on. */
async function claimElsewhere(folder: string): Promise<ChildProcess> {
  const code = `const { claimFolder } = await import(${JSON.stringify(source)});
    console.log(await claimFolder(${JSON.stringify(folder)})); setInterval(() => {}, 1000);`;
  const claimer = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  claimers.push(claimer);
  const [said] = (await once(claimer.stdout, 'data')) as [Buffer];
  expect(said.toString().trim()).toBe('true');
  return claimer;
}

test('a folder that does not exist yet can be claimed once, by whatever path', async () => {
  const folder = join(scratch, 'a', 'b');
  expect(await claimFolder(folder)).toBe(true);
  expect(await claimFolder(folder)).toBe(false);
  symlinkSync(folder, join(scratch, 'link'));
  expect(await claimFolder(join(scratch, 'link'))).toBe(false);
  expect(await claimFolder(join(scratch, 'other'))).toBe(true);
});

test('the claim of a process that was killed is gone with it', async () => {
  const claimer = await claimElsewhere(scratch);
  expect(await claimFolder(scratch)).toBe(false);
  claimer.kill('SIGKILL');
  await once(claimer, 'exit');
  expect(await claimFolder(scratch)).toBe(true);
});
