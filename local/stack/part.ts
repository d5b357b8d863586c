import { type Command, type Ended, killGroup, type ProcessGroup, startGroup } from './process-group.ts';

/** What a part is and how the supervisor follows it. */
export type PartOptions = {
  name: string;
  command: Command;
  /** `line`: ready when it prints `{"ready":"<name>",…}`; otherwise when the promise resolves. */
  ready: 'line' | (() => Promise<unknown>);
  readyMs: number;
  /** How long it may take to end by itself. */
  graceMs: number;
  onLine(line: object): void;
  /** A process of this part exists (called before it is ready), or is gone for good. */
  onStarted(pid: number): void;
  onEnded(pid: number, ended: Ended): void;
  /** A part that died is ready again. */
  onRestarted(): void;
};

/** A part that runs, and is started again whenever it dies, until it is stopped. */
export type Part = {
  name: string;
  /** The ready line, or what the readiness check answered, of the first start. */
  ready: unknown;
  pid(): number;
  restarts(): number;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
};

/** A part that could not be started: what it said last. */
export class PartError extends Error {
  override readonly name = 'PartError';
}

const firstBackoffMs = 100;
const longestBackoffMs = 5_000;
const steadyMs = 10_000;

/**
 * Starts a part and waits until it is ready; throws PartError where the first start fails. From then on it is started again
 * whenever it dies, with the same settings and ports, so that its clients only have to reconnect.
 */
export async function startPart(options: PartOptions): Promise<Part> {
  const life = { restarts: 0, stopping: new AbortController(), run: launch(options) };
  const ready = await untilReady(options, life.run).catch(async (error: unknown) => {
    await life.run.group.end(0);
    throw error;
  });
  const kept = keepRunning(options, life);
  return {
    name: options.name,
    ready,
    pid: () => life.run.group.pid,
    restarts: () => life.restarts,
    kill: (signal) => life.run.group.kill(signal),
    stop: async () => {
      life.stopping.abort();
      await life.run.group.end(options.graceMs);
      await kept;
    },
  };
}

type Run = { group: ProcessGroup; ready: Promise<unknown>; lastLines: string[]; startedAt: number };
type Life = { restarts: number; stopping: AbortController; run: Run };

function launch(options: PartOptions): Run {
  const lastLines: string[] = [];
  let sawReady: (line: object) => void = () => undefined;
  const readyLine = new Promise<object>((resolve) => {
    sawReady = resolve;
  });
  const group = startGroup(options.command, (line) => {
    if ('ready' in line && line.ready === options.name) sawReady(line);
    else remember(lastLines, line);
    options.onLine(line);
  });
  options.onStarted(group.pid);
  void group.exited.then((ended) => {
    killGroup(group.pid);
    options.onEnded(group.pid, ended);
  });
  return {
    group,
    ready: options.ready === 'line' ? readyLine : options.ready(),
    lastLines,
    startedAt: Date.now(),
  };
}

const keptLines = 20;

function remember(lines: string[], line: object): void {
  lines.push('text' in line ? String(line.text) : JSON.stringify(line));
  if (lines.length > keptLines) lines.shift();
}

/** Resolves with what makes the run ready; throws where it ends or takes too long. */
async function untilReady(options: PartOptions, run: Run): Promise<unknown> {
  let timeout: NodeJS.Timeout | undefined;
  const problem = (what: string): PartError =>
    new PartError(
      `${options.name} ${what}\n${run.lastLines.map((line) => `  ${line}`).join('\n')}`.trimEnd(),
    );
  const late = new Promise<never>((_, reject) => {
    timeout = setTimeout(() => reject(problem(`was not ready after ${options.readyMs} ms`)), options.readyMs);
  });
  const ended = run.group.exited.then(async ({ code, signal }) => {
    await new Promise(setImmediate); // Its last words are still in the pipe.
    throw problem(`ended with ${signal ?? `exit code ${code}`} before it was ready`);
  });
  ended.catch(() => undefined);
  try {
    return await Promise.race([run.ready, late, ended]);
  } finally {
    clearTimeout(timeout);
  }
}

async function keepRunning(options: PartOptions, life: Life): Promise<void> {
  const { signal } = life.stopping;
  let backoffMs = firstBackoffMs;
  for (;;) {
    await life.run.group.exited;
    if (Date.now() - life.run.startedAt > steadyMs) backoffMs = firstBackoffMs;
    await pause(backoffMs, signal);
    if (signal.aborted) return;
    backoffMs = Math.min(backoffMs * 2, longestBackoffMs);
    life.restarts += 1;
    life.run = launch(options);
    try {
      await untilReady(options, life.run);
      options.onRestarted();
    } catch (error) {
      options.onLine({ text: error instanceof Error ? error.message : String(error), stream: 'stderr' });
      await life.run.group.end(0);
    }
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timeout);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timeout = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
