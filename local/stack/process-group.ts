import { type ChildProcess, spawn } from 'node:child_process';
import { readLines } from './json-lines.ts';

/** What to run. `env` is the whole environment: nothing leaks in from the supervisor's own. */
export type Command = {
  file: string;
  args: readonly string[];
  cwd?: string;
  env: Readonly<Record<string, string>>;
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
