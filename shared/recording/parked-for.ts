import { type DurationMs, durationMs } from '../domain/time.ts';

/** How long an object is set aside that failed that often before; the last wait repeats. */
export function parkedFor(waitsMs: readonly DurationMs[], attempts: number): DurationMs {
  return waitsMs[Math.min(attempts, waitsMs.length - 1)] ?? durationMs(60_000);
}
