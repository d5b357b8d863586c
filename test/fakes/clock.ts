import { type EpochMs, epochMs } from '../../shared/domain/time.ts';
import type { Clock } from '../../shared/ports.ts';

/** Time that passes when a test says so; a sleeper wakes when its time has come. */
export type FakeClock = Clock & { advance(span: number): void; advanceTo(at: number): void };

export function fakeClock(start = 1_795_000_000_000): FakeClock {
  let now = epochMs(start);
  let sleepers: { at: number; wake: () => void }[] = [];
  const advanceTo = (at: number): void => {
    now = epochMs(Math.max(now, at));
    const due = sleepers.filter((sleeper) => sleeper.at <= now);
    sleepers = sleepers.filter((sleeper) => sleeper.at > now);
    for (const { wake } of due) wake();
  };
  return {
    now: (): EpochMs => now,
    sleep: (span, signal) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        sleepers.push({ at: now + span, wake: resolve });
      }),
    advance: (span) => advanceTo(now + span),
    advanceTo,
  };
}
