import type { SpanClock } from './span-clock.ts';

/** Passes on the first word, and then one at most once per period. */
export function tellSometimes(
  tell: (word: string) => void,
  periodMs: number,
  clock: Pick<SpanClock, 'monotonicMs'>,
): (word: string) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  return (word) => {
    const now = clock.monotonicMs();
    if (now - toldAt < periodMs) return;
    toldAt = now;
    tell(word);
  };
}
