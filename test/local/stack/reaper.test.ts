import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const reaperFile = fileURLToPath(new URL('../../../local/stack/reaper.ts', import.meta.url));

/** Writes into the folder, which it makes anew where it has to, for a second; then it ends. */
const obstinate = (folder: string) => `
  const { mkdirSync, writeFileSync } = require('node:fs');
  const until = Date.now() + 1_000;
  for (let n = 0; Date.now() < until; n++) {
    try {
      mkdirSync(${JSON.stringify(folder)} + '/deep', { recursive: true });
      writeFileSync(${JSON.stringify(folder)} + '/deep/' + n, 'x');
    } catch {}
  }`;

/** Has a reaper watch over the folder, and starts the writer where the reaper cannot kill it. */
const supervisor = (folder: string) => `
  const { spawn } = await import('node:child_process');
  const { startReaper } = await import(${JSON.stringify(reaperFile)});
  startReaper().remove(${JSON.stringify(folder)});
  spawn(process.execPath, ['-e', ${JSON.stringify(obstinate(folder))}], { detached: true, stdio: 'ignore' }).unref();
  console.log('ready');
  setInterval(() => {}, 1_000);`;

let parent: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'wb-reaper-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(parent, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

describe('the reaper', () => {
  it('removes a folder for good that somebody still writes to when the supervisor is killed', async () => {
    const folder = join(parent, 'scratch');
    child = spawn(process.execPath, ['--input-type=module', '-e', supervisor(folder)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (child.stdout !== null) await once(child.stdout, 'data');
    while (!existsSync(join(folder, 'deep'))) await delay(20);
    child.kill('SIGKILL');
    await delay(1_100); // the writer's own second
    const deadline = Date.now() + 5_000;
    while (readdirSync(parent).length > 0 && Date.now() < deadline) await delay(20);
    await delay(300);
    expect(readdirSync(parent)).toEqual([]);
  });
});
