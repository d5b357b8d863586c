import { type DurationMs, durationMs } from '../domain/time.ts';

/** How long an object is set aside that failed that often before; the last wait repeats. */
export function parkedFor(waitsMs: readonly DurationMs[], attempts: number): DurationMs {
  return waitsMs[Math.min(attempts, waitsMs.length - 1)] ?? durationMs(60_000);
}

/**
 * When the ring for it is due: a little later than the row says, because a ring that comes before its time is taken for an
 * older one and dropped, and the clocks of the queue, the recorder and the reader are three.
 */
export function ringAfter(parked: DurationMs): DurationMs {
  return durationMs(parked + Math.min(1_000, parked / 10));
}
