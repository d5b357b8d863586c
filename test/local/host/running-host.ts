import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const entry = join(root, 'local/host/main.ts');

/** A throw-away app: files by path; package.json and host.json have defaults. */
export type AppFiles = Record<string, string>;

/** Writes an app into a temporary folder; node_modules is a link to ours. */
export function writeApp(files: AppFiles): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'host-app-'));
  const all: AppFiles = {
    'package.json': JSON.stringify({ type: 'module', main: 'dist/functions/*.js' }),
    'host.json': JSON.stringify({ version: '2.0' }),
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export type Line = Record<string, unknown>;

/** A host process under test. */
export type RunningHost = {
  url: string;
  functions: string[];
  lines: Line[];
  /** Resolves with the first line, past or future, that the test accepts. */
  line(accept: (line: Line) => boolean): Promise<Line>;
  process: ChildProcess;
  /** Ends standard input and answers the exit code. */
  stop(): Promise<number | null>;
};

/** Starts the host on an app and waits for its ready line; an undefined setting is taken out of the environment. */
export async function startHost(
  folder: string,
  env: Record<string, string | undefined> = {},
): Promise<RunningHost> {
  const child = spawn(process.execPath, [entry], {
    cwd: folder,
    env: { ...process.env, HOST_PORT: '0', HOST_APP_DIR: folder, HOST_KEY: 'secret', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines: Line[] = [];
  const waiting = new Set<(line: Line) => void>();
  const exited = once(child, 'exit') as Promise<[number | null]>;
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    for (const wake of waiting) wake(line);
  });
  const line = (accept: (line: Line) => boolean): Promise<Line> => {
    const past = lines.find(accept);
    if (past !== undefined) return Promise.resolve(past);
    return new Promise((resolve, reject) => {
      const wake = (candidate: Line): void => {
        if (!accept(candidate)) return;
        waiting.delete(wake);
        resolve(candidate);
      };
      waiting.add(wake);
      void exited.then(([code]) => reject(new Error(`the host ended with ${code}`)));
    });
  };
  const ready = await line((one) => one['ready'] === 'host');
  return {
    url: `http://127.0.0.1:${String(ready['port'])}`,
    functions: ready['functions'] as string[],
    lines,
    line,
    process: child,
    stop: async () => {
      child.stdin.end();
      const [code] = await exited;
      return code;
    },
  };
}

/** Runs the host to its end. */
export async function runHost(
  folder: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: folder,
    env: { ...process.env, HOST_PORT: '0', HOST_APP_DIR: folder, HOST_KEY: 'secret', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}
