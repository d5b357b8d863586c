import type { Occasions } from './occasions.ts';

/** What becomes of a notification: when it leaves (ms from now), how many times, or not at all. */
export type Fate = { lost: true } | { lost: false; delaysMs: readonly number[] };

const span = (
  occasions: Occasions,
  name: Parameters<Occasions['random']>[0],
  from: number,
  to: number,
): number => Math.round(from + occasions.random(name) * (to - from));

/** The fate of a notification that is to leave now. */
export function fateOf(occasions: Occasions): Fate {
  if (occasions.strikes('lost-notifications')) return { lost: true };
  const delayMs = occasions.strikes('late-notifications')
    ? span(occasions, 'late-notifications', 1_000, 2_500)
    : occasions.strikes('reordered-notifications')
      ? span(occasions, 'reordered-notifications', 100, 400)
      : 0;
  if (!occasions.strikes('duplicate-notifications')) return { lost: false, delaysMs: [delayMs] };
  return {
    lost: false,
    delaysMs: [delayMs, delayMs + span(occasions, 'duplicate-notifications', 0, 500)],
  };
}
