import type { Step } from '../../handler.ts';
import type { Round } from '../../ports.ts';
import type { CloudObject } from '../kind-rules.ts';
import type { Asked } from '../merge-rings.ts';
import type { Reading } from '../reading.ts';
import type { Origin } from '../trace.ts';
import { stageOf } from './stage.ts';

/**
 * Bulk is paced, so that a sweep of 100,000 objects never stands before a fresh change for long: only a few pages of a full
 * round are in flight; the result of a page's last command rings `continue`, which lets the next page go.
 *
 *   reader   page 0 ─ page 1 ─ page 2 ─ (3 in flight: return)        page 3 ─ (return)
 *   relay         ····· applies page 0 ···· last result ─▶ recorder ─▶ continue ─┘
 *
 * A chain can break (a result that never comes). Then a `round` ring, which the sweep sends anyway, resumes it once no page
 * has moved for a while. Pace is all that depends on it: a page counted as done too early makes nothing wrong.
 */
export type Pacing = {
  /** When this process last saw the round move; `undefined` where it never did, e.g. after a restart. */
  movedAt(round: Round): number | undefined;
  /** Remembers that the round moved. */
  moved(round: Round, now: number): void;
};

export function createPacing(): Pacing {
  let last: { round: string; at: number } | undefined;
  return {
    movedAt: (round) => (last?.round === round.id ? last.at : undefined),
    moved(round, now) {
      last = { round: round.id, at: now };
    },
  };
}

const defaultBrokenChainMs = 60_000;

/** Counts the pages that `continue` rings report as done, or all of them where the chain is broken. */
export async function* countPages<T extends CloudObject>(
  reading: Reading<T>,
  asked: Asked,
  pacing: Pacing,
): AsyncGenerator<Step> {
  const { fence, deps } = reading;
  const at = stageOf(fence.cursor);
  if (!('round' in at)) return;
  const { round } = at;
  const now = deps.clock.now();
  const reported = asked.continues.filter((ring) => ring.round === round.id).length;
  const lastMovedAt = pacing.movedAt(round) ?? 0;
  const isBroken =
    reported === 0 &&
    asked.round !== undefined &&
    now - lastMovedAt >= (deps.settings.brokenChainMs ?? defaultBrokenChainMs);
  const pagesDone = isBroken ? round.pagesSent : Math.min(round.pagesSent, round.pagesDone + reported);
  if (pagesDone === round.pagesDone) return;
  pacing.moved(round, now);
  yield { messages: [], commit: () => fence.commit({ round: { ...round, pagesDone } }) };
}

/** Whether another page may go. */
export function hasRoom<T extends CloudObject>(reading: Reading<T>, round: Round): boolean {
  return round.pagesSent - round.pagesDone < reading.deps.settings.pagesInFlight;
}

/** Who to name as the origin of what a round sends. */
export function originOfRound(asked: Asked): Origin | undefined {
  return asked.round ?? asked.continues[0]?.origin;
}
