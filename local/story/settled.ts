import { isDeepStrictEqual } from 'node:util';
import type { Verdict } from '../verify/compare.ts';

/** What `settled` waits for: `look` compares, `outstanding` says what is still to be done. */
export type Settling = {
  look: () => Promise<Verdict>;
  outstanding: () => Promise<string[]>;
  timeoutMs: number;
  onProgress: (text: string) => void;
  now: () => number;
  sleep: (ms: number) => Promise<unknown>;
};

/** The time was over first. It says what was still to be done. */
export class NotSettled extends Error {}

const pauseMs = 500;
const betweenLooksMs = 2_000;

/**
 * Resolves with the last comparison when nothing is left to do and two comparisons 2 s apart are equal; throws NotSettled.
 * Equal, not empty: a difference that nobody is going to remove is a result, and the caller reports it.
 */
export async function settled(settling: Settling): Promise<Verdict> {
  const { look, outstanding, timeoutMs, onProgress, now, sleep } = settling;
  const deadline = now() + timeoutMs;
  let left: string[] = [];
  let before: Verdict | undefined;
  for (;;) {
    left = await outstanding().catch((error: unknown) => [`a part is away (${messageOf(error)})`]);
    if (left.length === 0) {
      const latest = await look();
      if (before !== undefined && isDeepStrictEqual(latest.differences, before.differences)) return latest;
      before = latest;
      left = [`comparing (${latest.differences.length} differences)`];
    } else before = undefined;
    onProgress(left.join(', '));
    if (now() > deadline)
      throw new NotSettled(`not settled after ${timeoutMs / 1_000} s: ${left.join(', ')}`);
    await sleep(before === undefined ? pauseMs : betweenLooksMs);
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
