import { epochMs } from '../../domain/time.ts';
import type { Step } from '../../handler.ts';
import type { Cursor, DeltaItem } from '../../ports.ts';
import type { CloudObject } from '../kind-rules.ts';
import { judge, type Outcome, outcomeOf, stepOf } from '../look.ts';
import { isOverBudget, type Reading } from '../reading.ts';
import { ringOf } from '../rings.ts';
import type { Origin } from '../trace.ts';
import { beginFullRound } from './full-round.ts';
import { asksOf, mergeItems, shownOf } from './page-items.ts';
import { stageOf } from './stage.ts';

/**
 * Delta is complete but not ordered: it replays, and it lags. So an incremental round only *names* ids; values come from a
 * direct read, as with any other ring. Where page and read disagree, one of the two comes from a lagging replica, and the
 * object is looked at once more. The link moves page by page, each time after that page's messages are enqueued.
 */
export async function* incrementalRound<T extends CloudObject>(
  reading: Reading<T>,
  origin: Origin,
  handlePage: HandlePage<T>,
): AsyncGenerator<Step> {
  const { deps, rules, fence } = reading;
  const startedAt =
    fence.cursor.round?.type === 'incremental' ? fence.cursor.round.startedAt : deps.clock.now();
  for (;;) {
    reading.signal.throwIfAborted();
    const page = await rules.page(deps.tenant, fence.cursor.link);
    if (page.type === 'resync') {
      yield beginFullRound(reading);
      return;
    }
    const outcome = yield* handlePage(reading, mergeItems(page.items), origin);
    yield stepOf(reading, outcome, () =>
      fence.commit(progress(fence.cursor, { page, startedAt, now: deps.clock.now() })),
    );
    if (page.type === 'done') return;
    if (isOverBudget(reading)) {
      yield {
        messages: [ringOf(deps, { to: rules.doorbell, cause: 'pace', want: { type: 'round' }, origin })],
      };
      return;
    }
  }
}

/** Yields steps for a page and answers what is to be sent and merged in the step that commits the cursor. */
export type HandlePage<T extends CloudObject> = (
  reading: Reading<T>,
  items: DeltaItem<T>[],
  origin: Origin,
) => AsyncGenerator<Step, Outcome>;

/** Users' pages: every object that is named is looked at. */
export async function* lookAtPage<T extends CloudObject>(
  reading: Reading<T>,
  items: DeltaItem<T>[],
  origin: Origin,
): AsyncGenerator<Step, Outcome> {
  const shown = shownOf(reading, items);
  const judged = await judge(reading, asksOf(items, origin), { shown });
  yield stepOf(reading, outcomeOf(reading, judged, { cause: 'round' }));
  return { messages: [], patches: new Map() };
}

function progress(
  cursor: Cursor,
  at: { page: { type: 'next' | 'done'; link: string }; startedAt: number; now: number },
): Partial<Cursor> {
  const { link } = at.page;
  const startedAt = epochMs(at.startedAt);
  // While a full round is closing, the cursor's round is that one; it ends on its own.
  const isClosing = stageOf(cursor).stage === 'closing';
  if (at.page.type === 'done') {
    const after = isClosing && cursor.lastRoundStartedAt !== undefined ? cursor.lastRoundStartedAt : 0;
    return {
      link,
      ...(isClosing ? {} : { round: undefined }),
      lastRoundStartedAt: epochMs(Math.max(startedAt, after)),
      lastRoundEndedAt: epochMs(at.now),
    };
  }
  if (isClosing) return { link };
  const round = { id: cursor.tag, type: 'incremental' as const, startedAt, pagesSent: 0, pagesDone: 0 };
  return { link, round: cursor.round ?? round };
}
