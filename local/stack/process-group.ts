import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { readLines } from './json-lines.ts';

/** What to run. `env` is the whole environment: nothing leaks in from the supervisor's own. */
export type Command = {
  file: string;
  args: readonly string[];
  cwd?: string;
  env: Readonly<Record<string, string>>;
  /** With the lowest priority: for what stands in for another machine. */
  yields?: boolean;
};

/** How a process ended. */
export type Ended = { code: number | null; signal: NodeJS.Signals | null };

/** One run of a command, leader of a process group of its own, with a pipe on standard input. */
export type ProcessGroup = {
  pid: number;
  exited: Promise<Ended>;
  /** Signals the leader only. */
  kill(signal: NodeJS.Signals): void;
  /** Closes standard input and sends SIGTERM to the leader; SIGKILL to the group after the span, and in any case at the end. */
  end(graceMs: number): Promise<void>;
};

/**
 * Starts a command in a new process group: a Ctrl-C at the terminal reaches the supervisor only, which then stops the parts
 * in order, and a group can be killed with everything it has forked.
 */
export function startGroup(command: Command, onLine: (line: object) => void): ProcessGroup {
  const child = spawn(command.file, command.args, {
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    env: command.env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = endOf(child);
  child.stdin.on('error', () => undefined);
  readLines(child.stdout, 'stdout', onLine);
  readLines(child.stderr, 'stderr', onLine);
  const pid = child.pid ?? 0;
  if (command.yields === true && pid > 0) lowerPriority(pid);
  return {
    pid,
    exited,
    kill: (signal) => void child.kill(signal),
    end: async (graceMs) => {
      child.stdin.end();
      child.kill('SIGTERM');
      const timeout = setTimeout(() => killGroup(pid), graceMs);
      await exited;
      clearTimeout(timeout);
      killGroup(pid);
    },
  };
}

/**
 * The lowest priority. Where Linux schedules by session (autogroup), a priority counts within the session only, and each group is a
 * session of its own: there the session gets it too.
 */
function lowerPriority(pid: number): void {
  const { PRIORITY_LOW: priority } = constants.priority;
  try {
    setPriority(pid, priority);
    writeFileSync(`/proc/${pid}/autogroup`, String(priority));
  } catch {
    // It is gone already, or there are no such groups: it runs as it is.
  }
}

/** Kills whatever is left of a process group. */
export function killGroup(pid: number): void {
  if (pid <= 1) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}

const endOf = (child: ChildProcess): Promise<Ended> =>
  new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => {
      if (child.pid === undefined) resolve({ code: 127, signal: null });
    });
  });
