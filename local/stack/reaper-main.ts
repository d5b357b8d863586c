/**
 * The reaper: a small process that outlives a killed supervisor by a moment. It learns process groups and paths through its
 * standard input; at end-of-file, which is how it notices that the supervisor is gone, it kills every group and removes every
 * path. `dismiss` as the last line: the supervisor has cleaned up itself.
 *
 * It has its own session and ignores the signals of a terminal, so Ctrl-C or a closed window ends the supervisor, not it.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { killGroup } from './process-group.ts';
import type { ReaperMessage } from './reaper.ts';

const groups = new Set<number>();
const paths = new Map<string, string | undefined>();
let dismissed = false;

for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => undefined);

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const message = JSON.parse(line) as ReaperMessage;
    if ('group' in message) groups.add(message.group);
    else if ('forget' in message) groups.delete(message.forget);
    else if ('remove' in message) paths.set(message.remove, message.ifMentions);
    else dismissed = true;
  })
  .on('close', () => void (dismissed ? process.exit(0) : reap()));

/** A killed process that nobody waits for still counts as living: where init is slow, waiting longer would not help. */
const longestWaitMs = 500;
const longestRemovalMs = 10_000;

async function reap(): Promise<void> {
  for (const group of groups) killGroup(group);
  const deadline = Date.now() + longestWaitMs;
  while ([...groups].some(lives) && Date.now() < deadline) await delay(20);
  await removePaths(Date.now() + longestRemovalMs);
  process.exit(0);
}

/**
 * Something may still be writing: a killed process that has not died yet, or one in a group of its own that is only about to
 * learn of the end. So a path counts as removed when it was not there twice in a row.
 */
async function removePaths(deadline: number): Promise<void> {
  for (let timesGone = 0; timesGone < 2 && Date.now() < deadline; ) {
    const wereThere = [...paths].filter(([path, mention]) => remove(path, mention));
    timesGone = wereThere.length === 0 ? timesGone + 1 : 0;
    if (timesGone < 2) await delay(150);
  }
}

/** Whether the path was there, and ours. */
function remove(path: string, mention: string | undefined): boolean {
  if (!existsSync(path) || (mention !== undefined && !mentions(path, mention))) return false;
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // It was written to at that moment: the next look finds it again.
  }
  return true;
}

function lives(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

/** A file may meanwhile belong to another stack, started over this one: then it does not name our folder. */
function mentions(path: string, text: string): boolean {
  try {
    return readFileSync(path, 'utf8').includes(text);
  } catch {
    return false;
  }
}
