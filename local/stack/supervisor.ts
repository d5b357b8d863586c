import { readFile, rm } from 'node:fs/promises';
import { type Part, type PartOptions, startPart } from './part.ts';
import { type PartPlan, repositoryRoot } from './part-plan.ts';
import { type Reaper, startReaper } from './reaper.ts';

export type SupervisorOptions = {
  /** The temporary folder of the parts, removed when the supervisor stops or dies. */
  folder: string;
  /** How long a part may take to be ready, and to end by itself. */
  readyMs: number;
  graceMs: number;
  /** Every line of every part: a JSON object, or `{ text, stream }`. */
  onLine(part: string, line: unknown): void;
  onProgress(text: string): void;
  /** A process was started, or started again. */
  onProcesses(): void;
};

/** Starts parts and keeps them running until it stops, or dies; then nothing of them is left. */
export type Supervisor = {
  /** Resolves when the part is ready; throws PartError where its first start fails. */
  start(plan: PartPlan): Promise<void>;
  /** Process ids by part, and the reaper's. */
  processes(): Record<string, number>;
  restarts(): Record<string, number>;
  /** Throws where there is no such part. */
  kill(part: string, signal: NodeJS.Signals): void;
  /** Removes the file at the end, if it then names the folder: it could have been replaced by another stack's. */
  removeAtEnd(file: string): void;
  /** Stops parts group by group in the given order, and all others last; then removes everything. */
  stop(first?: readonly string[]): Promise<void>;
};

/** A supervisor without parts; its reaper runs. */
export function makeSupervisor(options: SupervisorOptions): Supervisor {
  const parts = new Map<string, Part>();
  const starting = new Set<Promise<unknown>>();
  const files = new Set<string>();
  let stopping = false;
  const reaper = startReaper(options.onProcesses);
  reaper.remove(options.folder);

  const start = async (plan: PartPlan): Promise<void> => {
    const started = startPart(partOptions(plan, options, reaper));
    starting.add(started.catch(() => undefined));
    const part = await started;
    if (stopping) return part.stop();
    parts.set(plan.name, part);
    options.onProgress(`${plan.name} is ready`);
    options.onProcesses();
  };
  const stop = async (first: readonly string[] = []): Promise<void> => {
    stopping = true;
    await Promise.all([...files].map((file) => removeIfMentions(file, options.folder)));
    await Promise.all(first.map(async (name) => parts.get(name)?.stop()));
    await Promise.all([...parts.values()].map((part) => part.stop()));
    await Promise.all(starting);
    await rm(options.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    await reaper.dismiss();
  };
  return {
    start,
    stop,
    processes: () => ({
      ...Object.fromEntries([...parts.values()].map((part) => [part.name, part.pid()])),
      reaper: reaper.pid(),
    }),
    restarts: () => ({
      ...Object.fromEntries([...parts.values()].map((part) => [part.name, part.restarts()])),
      reaper: reaper.restarts(),
    }),
    kill: (name, signal) => {
      const part = parts.get(name);
      if (part === undefined) {
        throw new Error(`there is no part "${name}" among ${[...parts.keys()].join(', ')}`);
      }
      part.kill(signal);
    },
    removeAtEnd: (file) => {
      files.add(file);
      reaper.remove(file, options.folder);
    },
  };
}

const partOptions = (plan: PartPlan, options: SupervisorOptions, reaper: Reaper): PartOptions => ({
  name: plan.name,
  command: {
    ...{ file: plan.file, args: plan.args, cwd: repositoryRoot, env: plan.settings },
    ...(plan.yields === true ? { yields: true } : {}),
  },
  ready: plan.ready,
  readyMs: options.readyMs,
  graceMs: plan.graceMs ?? options.graceMs,
  onLine: (line) => options.onLine(plan.name, line),
  onStarted: (pid) => reaper.watch(pid),
  onEnded: (pid) => reaper.forget(pid),
  onRestarted: () => {
    options.onProcesses();
    options.onProgress(`${plan.name} was started again`);
  },
});

async function removeIfMentions(file: string, text: string): Promise<void> {
  const content = await readFile(file, 'utf8').catch(() => '');
  if (content.includes(text)) await rm(file, { force: true });
}
