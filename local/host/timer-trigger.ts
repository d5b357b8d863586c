import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Binding, RegisteredFunction } from './functions-core.ts';
import type { Invoker } from './invoke.ts';
import { nextOccurrence, parseSchedule, type Schedule } from './ncrontab.ts';

/** When a timer ran and runs again, ISO 8601, as the real host keeps it in its storage account. */
type ScheduleStatus = { last: string; next: string; lastUpdated: string };

/** Where schedule status is kept, so that a restarted host notices what it missed; without a folder it forgets. */
export type Monitor = {
  read(name: string): ScheduleStatus | undefined;
  write(name: string, status: ScheduleStatus): void;
};

/** A running timer trigger. */
export type Timer = { runByHand(): void; stop(): void };

type TimerOptions = {
  target: RegisteredFunction;
  binding: Binding;
  schedule: string;
  invoker: Invoker;
  monitor: Monitor;
};

const longestTimeoutMs = 2 ** 31 - 1;
const neverRan = '0001-01-01T00:00:00Z';

/**
 * Runs a function on its schedule, one invocation at a time: the next occurrence is looked up when one has ended. An
 * occurrence that passed while the host was away runs at start, marked `isPastDue`. Throws on an invalid schedule.
 */
export function startTimer({ target, binding, schedule: text, invoker, monitor }: TimerOptions): Timer {
  const { name } = target.metadata;
  const schedule = parseSchedule(text);
  const monitored = binding['useMonitor'] !== false && intervalMs(schedule) >= 60_000;
  let status = monitored ? monitor.read(name) : undefined;
  let timeout: NodeJS.Timeout | undefined;
  let queue = Promise.resolve();
  let stopped = false;

  const run = async (isPastDue: boolean): Promise<void> => {
    if (stopped) return;
    const ranAt = Date.now();
    await invoker.invoke(target, { data: { json: timerJson(status, isPastDue) } });
    status = statusAfter(schedule, ranAt);
    if (monitored) monitor.write(name, status);
  };
  const enqueue = (isPastDue: boolean): Promise<void> => {
    queue = queue.then(() => run(isPastDue));
    return queue;
  };
  const wait = (): void => {
    const dueAt = nextOccurrence(schedule, Date.now());
    if (stopped || dueAt === undefined) return;
    const tick = (): void => {
      const leftMs = dueAt - Date.now();
      if (leftMs > 0) timeout = setTimeout(tick, Math.min(leftMs, longestTimeoutMs));
      else void enqueue(false).then(wait);
    };
    tick();
  };

  const missed = status !== undefined && Date.parse(status.next) <= Date.now();
  if (missed || binding['runOnStartup'] === true) void enqueue(missed).then(wait);
  else wait();
  return {
    runByHand: () => void enqueue(false),
    stop: () => {
      stopped = true;
      clearTimeout(timeout);
    },
  };
}

/** Keeps schedule status as one small file per function. */
export function makeMonitor(folder: string | undefined): Monitor {
  if (folder === undefined) return { read: () => undefined, write: () => undefined };
  mkdirSync(folder, { recursive: true });
  const fileOf = (name: string): string => join(folder, `timer-${encodeURIComponent(name)}.json`);
  return {
    read: (name) => {
      try {
        return JSON.parse(readFileSync(fileOf(name), 'utf8')) as ScheduleStatus;
      } catch {
        return undefined;
      }
    },
    write: (name, status) => {
      writeFileSync(`${fileOf(name)}.new`, JSON.stringify(status));
      renameSync(`${fileOf(name)}.new`, fileOf(name));
    },
  };
}

function statusAfter(schedule: Schedule, ranAt: number): ScheduleStatus {
  const nextAt = nextOccurrence(schedule, Math.max(ranAt, Date.now()));
  const last = new Date(ranAt).toISOString();
  return { last, next: nextAt === undefined ? neverRan : new Date(nextAt).toISOString(), lastUpdated: last };
}

function timerJson(status: ScheduleStatus | undefined, isPastDue: boolean): string {
  return JSON.stringify({
    Schedule: { AdjustForDST: true },
    ScheduleStatus: {
      Last: status?.last ?? neverRan,
      Next: status?.next ?? neverRan,
      LastUpdated: status?.lastUpdated ?? neverRan,
    },
    IsPastDue: isPastDue,
  });
}

function intervalMs(schedule: Schedule): number {
  const first = nextOccurrence(schedule, Date.now());
  const second = first === undefined ? undefined : nextOccurrence(schedule, first);
  return first === undefined || second === undefined ? Number.POSITIVE_INFINITY : second - first;
}
