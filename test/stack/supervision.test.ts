import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startPart } from '../../local/stack/part.ts';

const entry = fileURLToPath(new URL('./supervised-fakes.ts', import.meta.url));

type State = {
  folder: string;
  processes: Record<string, number>;
  restarts: Record<string, number>;
  children: number[];
};

let scratch: string;
let file: string;
let supervisor: ChildProcess;
let states: State[];
let changed: () => void;

beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'supervision-'));
  file = join(scratch, 'endpoints.json');
  states = [];
  supervisor = spawn(process.execPath, [entry, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const up = new Promise<void>((resolve) => {
    createInterface({ input: supervisor.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const message = JSON.parse(line) as State | { up: true };
      if ('up' in message) resolve();
      else states.push(message);
      changed?.();
    });
  });
  await up;
});

afterEach(async () => {
  supervisor.kill('SIGKILL');
  await pathGone(now().folder);
  rmSync(scratch, { recursive: true, force: true });
});

const now = (): State => states.at(-1) as State;

/** Waits until the supervisor has reported a state that is accepted. */
async function reported(accept: (state: State) => boolean): Promise<State> {
  while (!accept(now())) {
    await new Promise<void>((resolve) => {
      changed = resolve;
    });
  }
  return now();
}

/** Runs, and is not merely a zombie that nobody has waited for. */
function lives(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function gone(pids: readonly number[]): Promise<number[]> {
  const deadline = Date.now() + 5_000;
  while (pids.some(lives) && Date.now() < deadline) await delay(20);
  return pids.filter(lives);
}

async function pathGone(path: string): Promise<boolean> {
  const deadline = Date.now() + 5_000;
  while (existsSync(path) && Date.now() < deadline) await delay(20);
  return !existsSync(path);
}

const everything = (state: State): number[] => [...Object.values(state.processes), ...state.children];

describe('supervision', () => {
  test.each(['polite', 'stubborn'])(
    '%s, killed, is started again and leaves nothing of its group',
    async (name) => {
      const before = structuredClone(now());
      process.kill(before.processes[name] as number, 'SIGKILL');
      const after = await reported(
        (state) => state.restarts[name] === 1 && state.processes[name] !== before.processes[name],
      );
      expect(lives(after.processes[name] as number)).toBe(true);
      const old = name === 'stubborn' ? before.children : [];
      expect(await gone([before.processes[name] as number, ...old])).toEqual([]);
      const other = name === 'polite' ? 'stubborn' : 'polite';
      expect(after.processes[other]).toBe(before.processes[other]);
    },
  );

  test('nothing is left after kill -9 of the supervisor', async () => {
    const state = now();
    expect(everything(state).every(lives)).toBe(true);
    supervisor.kill('SIGKILL');
    expect(await gone(everything(state))).toEqual([]);
    expect(await pathGone(state.folder)).toBe(true);
    expect(await pathGone(file)).toBe(true);
  });

  test('nothing is left after Ctrl-C, and the supervisor says 130', async () => {
    const state = now();
    supervisor.kill('SIGINT');
    const [code] = (await once(supervisor, 'exit')) as [number | null];
    expect(code).toBe(130);
    expect(everything(state).filter(lives)).toEqual([]);
    expect(existsSync(state.folder)).toBe(false);
    expect(existsSync(file)).toBe(false);
  });

  test('a second Ctrl-C does not wait, and still nothing is left', async () => {
    const state = now();
    supervisor.kill('SIGINT');
    supervisor.kill('SIGINT');
    await once(supervisor, 'exit');
    expect(await gone(everything(state))).toEqual([]);
    expect(await pathGone(state.folder)).toBe(true);
  });

  test('a killed reaper is replaced, and the new one knows everything', async () => {
    const before = structuredClone(now());
    process.kill(before.processes['reaper'] as number, 'SIGKILL');
    const after = await reported((state) => state.processes['reaper'] !== before.processes['reaper']);
    supervisor.kill('SIGKILL');
    expect(await gone(everything(after))).toEqual([]);
    expect(await pathGone(after.folder)).toBe(true);
  });

  test('a file that now belongs to somebody else is left alone', async () => {
    const state = now();
    writeFileSync(file, '{"mine":"another stack"}');
    supervisor.kill('SIGKILL');
    expect(await pathGone(state.folder)).toBe(true);
    expect(await gone(everything(state))).toEqual([]);
    expect(existsSync(file)).toBe(true);
  });
});

describe('a part that cannot start', () => {
  const options = (code: string, readyMs: number) => {
    const pids: number[] = [];
    return {
      pids,
      start: () =>
        startPart({
          name: 'broken',
          command: { file: process.execPath, args: ['-e', code], env: {} },
          ready: 'line',
          readyMs,
          graceMs: 100,
          onLine: () => undefined,
          onStarted: (pid) => pids.push(pid),
          onEnded: () => undefined,
          onRestarted: () => undefined,
        }),
    };
  };

  test('is reported with its last words', async () => {
    const part = options('console.error("BROKER_QUEUES_FILE: missing"); process.exit(2)', 5_000);
    await expect(part.start()).rejects.toThrow(/exit code 2[\s\S]*BROKER_QUEUES_FILE: missing/);
    expect(part.pids).toHaveLength(1);
  });

  test('is ended when it is never ready', async () => {
    const part = options('setInterval(() => {}, 1000)', 300);
    await expect(part.start()).rejects.toThrow('was not ready after 300 ms');
    expect(await gone(part.pids)).toEqual([]);
  });
});
