import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { VerifyEndpoints } from '../../local/verify/endpoints.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The last line of `npm start -- --once`. */
export type OnceLine = {
  users: number;
  groups: number;
  memberships: number;
  changes: number;
  compared: number;
  differences: number;
  lagMs: { p50: number; p95: number; max: number };
  awkward: Record<string, number>;
  settled: boolean;
  restarts: Record<string, number>;
  killed?: { part: string; share: number };
};

/** What a command printed and how it ended. `told` is everything, for a failed test to show. */
export type Ended = { code: number | null; output: string; told: string };

/** Runs `node local/start.ts --once` with a folder of its own, as npm would. */
export async function startOnce(
  ...args: string[]
): Promise<Ended & { result: OnceLine; leftBehind: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'e2e-'));
  const ended = await command('local/start.ts', '--once', '--folder', folder, ...args);
  const last = ended.output.trim().split('\n').at(-1) ?? '';
  const log = await readFile(join(folder, 'stack.log'), 'utf8').catch(() => '');
  if (ended.code !== 0)
    ended.told += `\n— the last lines of the parts —\n${log.split('\n').slice(-60).join('\n')}`;
  await rm(folder, { recursive: true, force: true });
  const stackFolder = /\/[^"\s]*\/ewb-\w+/.exec(log)?.[0] ?? 'the log names no folder';
  return {
    ...ended,
    leftBehind: leftBehind(stackFolder),
    result: last.startsWith('{') ? (JSON.parse(last) as OnceLine) : emptyLine,
  };
}

/** The folder itself, and every process that was told of it, if they are still there. */
function leftBehind(stackFolder: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const told = pids.filter((pid) =>
    ['cmdline', 'environ'].some((name) => mentions(`/proc/${pid}/${name}`, stackFolder)),
  );
  return [...(existsSync(stackFolder) ? [stackFolder] : []), ...told.map((pid) => `process ${pid}`)];
}

function mentions(file: string, text: string): boolean {
  try {
    return readFileSync(file, 'utf8').includes(text);
  } catch {
    return false;
  }
}

const emptyLine: OnceLine = {
  ...{ users: 0, groups: 0, memberships: 0, changes: 0, compared: 0, differences: -1 },
  ...{ lagMs: { p50: 0, p95: 0, max: 0 }, awkward: {}, settled: false, restarts: {} },
};

/** The group of 5,000 is played once (10); elsewhere it is smaller, because its people take a while to be made. */
export const smaller = ['--largest-group', '500'];

/** Runs an entry file to its end. */
export async function command(entry: string, ...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, entry), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const [output, complaints, [code]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code, output, told: `${output}\n${complaints}` };
}

/** A stack that runs until it is stopped. */
export type RunningStart = {
  folder: string;
  child: ChildProcess;
  endpoints(): Promise<{
    graph: { url: string; token: string; caFile: string };
    directory: VerifyEndpoints['directory'];
    processes: Record<string, number>;
  }>;
  /** The temporary folder with everything of the stack. */
  stackFolder(): Promise<string>;
  exited: Promise<unknown>;
};

/** Runs `node local/start.ts` and resolves when it has printed its last word of welcome. */
export async function startLive(...args: string[]): Promise<RunningStart> {
  const folder = await mkdtemp(join(tmpdir(), 'e2e-'));
  const child = spawn(process.execPath, [join(root, 'local/start.ts'), '--folder', folder, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const said: string[] = [];
  const lines = createInterface({ input: child.stdout });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      said.push(line);
      if (line.includes('Ctrl-C stops everything')) resolve();
    });
    exited.then(() => reject(new Error(`it ended before it was ready:\n${said.join('\n')}`)), reject);
  });
  const endpoints = async () =>
    JSON.parse(await readFile(join(folder, 'endpoints.json'), 'utf8')) as Awaited<
      ReturnType<RunningStart['endpoints']>
    >;
  const stackFolder = async () => join((await endpoints()).graph.caFile, '..');
  return { folder, child, endpoints, stackFolder, exited };
}

/** Whether a process exists. */
export function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Resolves when the condition holds, looking ten times a second; throws after `withinMs`. */
export async function until(
  what: string,
  withinMs: number,
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
