import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the supervisor tells its reaper, one JSON object per line. */
export type ReaperMessage =
  | { group: number }
  | { forget: number }
  | { remove: string; ifMentions: string | undefined }
  | { dismiss: true };

/** The supervisor's side of the reaper. */
export type Reaper = {
  pid(): number;
  restarts(): number;
  /** Kill this process group when the supervisor dies. */
  watch(group: number): void;
  forget(group: number): void;
  /** Remove this path when the supervisor dies; with `ifMentions`, a file only if it contains that text then. */
  remove(path: string, ifMentions?: string): void;
  /** The supervisor has cleaned up: the reaper ends without doing anything. */
  dismiss(): Promise<void>;
};

const entry = fileURLToPath(new URL('./reaper-main.ts', import.meta.url));

/** Starts a reaper; one that dies is replaced by another that is told everything again. */
export function startReaper(onReplaced: () => void = () => undefined): Reaper {
  const groups = new Set<number>();
  const paths = new Map<string, string | undefined>();
  const life = { child: spawnReaper(), restarts: 0, dismissed: false };
  const say = (message: ReaperMessage): void => void life.child.stdin?.write(`${JSON.stringify(message)}\n`);
  const follow = (): void => {
    life.child.once('exit', () => {
      if (life.dismissed) return;
      life.child = spawnReaper();
      life.restarts += 1;
      for (const group of groups) say({ group });
      for (const [remove, ifMentions] of paths) say({ remove, ifMentions });
      follow();
      onReplaced();
    });
  };
  follow();
  return {
    pid: () => life.child.pid ?? 0,
    restarts: () => life.restarts,
    watch: (group) => {
      groups.add(group);
      say({ group });
    },
    forget: (group) => {
      groups.delete(group);
      say({ forget: group });
    },
    remove: (path, ifMentions) => {
      paths.set(path, ifMentions);
      say({ remove: path, ifMentions });
    },
    dismiss: async () => {
      life.dismissed = true;
      if (life.child.exitCode !== null || life.child.signalCode !== null) return;
      const exited = once(life.child, 'exit');
      say({ dismiss: true });
      life.child.stdin?.end();
      await exited;
    },
  };
}

function spawnReaper(): ChildProcess {
  const child = spawn(process.execPath, [entry], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin?.on('error', () => undefined);
  return child;
}
