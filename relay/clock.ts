import type { DurationMs } from '../shared/domain/time.ts';
import type { Clock } from '../shared/ports.ts';

/** Wall clock, sleep, and a clock that nobody can set: locks are measured on it. */
export type RelayClock = Clock & {
  /** Milliseconds since an arbitrary start; never goes back. */
  monotonicMs(): number;
  /** A number from 0 up to 1, for jitter. */
  random(): number;
};

/** `base`, doubled with each attempt up to `limit`, times 0.5 to 1 at random so that relays do not come back at once. */
export function backoffMs(
  attempt: number,
  bounds: { base: number; limit: number },
  random: () => number,
): DurationMs {
  const full = Math.min(bounds.limit, bounds.base * 2 ** Math.min(attempt, 20));
  return (full * (0.5 + random() / 2)) as DurationMs;
}
