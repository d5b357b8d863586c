import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

let folder: string;
let runner: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wb-signal-'));
});
afterEach(() => {
  runner?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

describe('the test runner', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'asked to end by %s in the middle of a stage leaves no file and no process',
    async (signal) => {
      runner = startRunner();
      const ended = once(runner, 'exit');
      await untilProcesses((left) => left.some((command) => command.includes('azurite')));
      runner.kill(signal);
      expect((await ended)[0]).toBe(130);
      expect(await untilProcesses((left) => left.length === 0)).toEqual([]);
      expect(readdirSync(folder)).toEqual([]);
    },
  );
});

/** A run of one contract suite whose temporary files, and those of all its processes, are in our folder. */
function startRunner(): ChildProcess {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')));
  return spawn(process.execPath, ['test/run.ts', '--contract', 'tables'], {
    cwd: root,
    env: { ...env, TMPDIR: folder },
    stdio: 'ignore',
    detached: true,
  });
}

/** Waits for what is wanted of the processes that were started with our folder; answers their command lines. */
async function untilProcesses(wanted: (commands: string[]) => boolean): Promise<string[]> {
  for (const deadline = Date.now() + 30_000; ; await delay(20)) {
    const commands = readdirSync('/proc').filter(isOfRun).map(commandOf);
    if (wanted(commands) || Date.now() > deadline) return commands;
  }
}

function isOfRun(pid: string): boolean {
  return /^\d+$/.test(pid) && textOf(`/proc/${pid}/environ`).includes(`TMPDIR=${folder}`);
}

const commandOf = (pid: string): string => textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
