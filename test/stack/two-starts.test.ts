import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claimFolder } from '../../local/stack/claim-folder.ts';
import { command } from '../e2e/start-command.ts';

test('npm start refuses a folder in which a stack runs, before it touches a file in it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'two-'));
  try {
    expect(await claimFolder(folder)).toBe(true);
    const { code, told } = await command('local/start.ts', '--folder', folder);
    expect(code, told).toBe(2);
    expect(told).toContain(`A stack is running in ${folder} already.`);
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
