import { chunksOf } from '../../domain/chunks-of.ts';
import type { ObjectId } from '../../domain/object-id.ts';
import { epochMs } from '../../domain/time.ts';
import type { Step } from '../../handler.ts';
import type { DeltaItem, Looked, Outgoing, Round, Row } from '../../ports.ts';
import { ringAfter } from '../../recording/parked-for.ts';
import { roundIdOf } from '../commands.ts';
import { hasEntry } from '../deciding/row-state.ts';
import type { CloudObject } from '../kind-rules.ts';
import { judge, type Outcome, outcomeOf, stepOf } from '../look.ts';
import { hiddenByPage } from '../members/hidden-membership.ts';
import { isOverBudget, type Reading } from '../reading.ts';
import { ringOf } from '../rings.ts';
import type { Origin } from '../trace.ts';
import { hasRoom, type Pacing } from './pacing.ts';
import { asksOf, mergeItems, shownOf } from './page-items.ts';
import { stageOf } from './stage.ts';

/**
 * A full round: the first one, after 410, or when somebody wants everything seen. Values come from its pages. Every row that
 * is seen remembers the round; what has an entry and was not seen by the end may have left, and is looked at directly.
 *
 *   begin ─ page ─ page ─ … ─ last page ─ who was not seen? ─ commit the delta link ─▶ closing
 *
 * The delta link is committed only after the leavers are handled: a crash before that reads the last page once more, finds
 * nothing new in it, and goes on with those leavers that do not remember the round yet.
 */
export function beginFullRound<T extends CloudObject>(reading: Reading<T>): Step {
  const { fence, deps } = reading;
  // Later than any round that ended, so that `stageOf` can tell whether this one has.
  const startedAt = epochMs(Math.max(deps.clock.now(), (fence.cursor.lastRoundStartedAt ?? 0) + 1));
  const round = {
    id: roundIdOf(fence.next()),
    type: 'full' as const,
    startedAt,
    pagesSent: 0,
    pagesDone: 0,
  };
  const mapping = deps.writeback.hash;
  return { messages: [], commit: () => fence.commit({ link: undefined, round, listing: false, mapping }) };
}

/** Reads pages while there is room; whoever continues the round comes back here. */
export async function* readPages<T extends CloudObject>(
  reading: Reading<T>,
  origin: Origin,
  pacing: Pacing,
): AsyncGenerator<Step> {
  const { deps, rules, fence } = reading;
  for (;;) {
    reading.signal.throwIfAborted();
    const at = stageOf(fence.cursor);
    if (at.stage !== 'pages' || !hasRoom(reading, at.round)) return;
    if (isOverBudget(reading)) {
      yield ownDoorbell(reading, origin);
      return;
    }
    const page = await rules.page(deps.tenant, fence.cursor.link);
    if (page.type === 'resync') {
      yield beginFullRound(reading);
      continue;
    }
    const { round } = at;
    const outcome = await outcomeOfPage(reading, page.items, { origin, number: round.pagesSent });
    const hasCommands = outcome.messages.some(({ to }) => to === 'writes' || to === 'results');
    const counted = {
      ...round,
      pagesSent: round.pagesSent + 1,
      pagesDone: round.pagesDone + (hasCommands ? 0 : 1),
    };
    pacing.moved(round, deps.clock.now());
    if (page.type === 'next') {
      yield stepOf(reading, outcome, () => fence.commit({ link: page.link, round: counted }));
      continue;
    }
    yield stepOf(reading, outcome);
    const lists = beforeLists(reading, origin);
    if (!(yield* lookAtLeavers(reading, origin))) return;
    yield {
      messages: lists.rings,
      commit: () =>
        fence.commit({
          link: page.link,
          round: { ...counted, ...lists.round },
          lastRoundStartedAt: round.startedAt,
          lastRoundEndedAt: deps.clock.now(),
          listing: rules.kind === 'group',
        }),
    };
  }
}

/**
 * The delta link counts as told what the pages knew. A list that is read from a replica which lags behind them would lack it for good;
 * so lists wait until every replica is as far. Those of a first load do not, but are read again (docs/adr/lists-wait-for-replicas.md).
 */
function beforeLists<T extends CloudObject>(
  reading: Reading<T>,
  origin: Origin,
): { round: Pick<Round, 'caughtUpAt'>; rings: Outgoing[] } {
  const { deps, rules } = reading;
  if (rules.kind === 'user') return { round: {}, rings: [] };
  const { secondLookMs } = deps.settings;
  const round = { caughtUpAt: epochMs(deps.clock.now() + secondLookMs) };
  if (isFirstLoad(reading)) return { round, rings: [] };
  const want = { type: 'round' as const };
  const wish = { to: rules.doorbell, cause: 'pace' as const, want, origin };
  return { round, rings: [ringOf(deps, { ...wish, afterMs: ringAfter(secondLookMs) })] };
}

/** The first full round, until it ends. */
export const isFirstLoad = <T extends CloudObject>({ fence }: Reading<T>): boolean =>
  fence.cursor.lastFullRoundEndedAt === undefined;

/** A page's own values; what it says is removed, and what it does not say all of, is read directly. */
async function outcomeOfPage<T extends CloudObject>(
  reading: Reading<T>,
  items: readonly DeltaItem<T>[],
  part: { origin: Origin; number: number },
): Promise<Outcome> {
  const merged = mergeItems(items);
  const values = new Map<ObjectId, Looked<T>>(
    merged.flatMap((item) =>
      item.type === 'live' && isComplete(reading, item.object)
        ? [[item.id, { found: 'live', object: item.object }]]
        : [],
    ),
  );
  const unsaid = merged.filter(({ id }) => !values.has(id));
  const asks = asksOf(merged, part.origin);
  const judged = await judge(reading, asks, { values, shown: shownOf(reading, unsaid), round: 'page' });
  const round = roundId(reading);
  return outcomeOf(reading, judged, {
    cause: 'full-round',
    page: { round, number: part.number },
    remember: ({ looked }) => ({ round, ...hiddenByPage(reading.deps.writeback, looked) }),
  });
}

/** Pages have no photos, and may have no managers. Of what is synced from AD nothing of the kind is written anyway. */
function isComplete<T extends CloudObject>({ rules, deps }: Reading<T>, object: T): boolean {
  if (object.onPremisesSyncEnabled === true) return true;
  const { manager, photo } = rules.parts(deps.writeback);
  return !(manager && object.manager === undefined) && !(photo && object.photo === undefined);
}

/** False where the budget ended before they were all looked at. */
async function* lookAtLeavers<T extends CloudObject>(
  reading: Reading<T>,
  origin: Origin,
): AsyncGenerator<Step, boolean> {
  const round = roundId(reading);
  for await (const rows of reading.deps.state.allRows(reading.rules.kind)) {
    for (const chunk of chunksOf(
      rows.filter((row) => mayHaveLeft(row, round)),
      100,
    )) {
      reading.signal.throwIfAborted();
      if (isOverBudget(reading)) {
        yield ownDoorbell(reading, origin);
        return false;
      }
      const items = chunk.map(removedItem);
      const shown = shownOf(reading, items);
      const judged = await judge(reading, asksOf(items, origin), { shown, round: 'closing' });
      yield stepOf(reading, outcomeOf(reading, judged, { cause: 'round', remember: () => ({ round }) }));
    }
  }
  return true;
}

/** Whoever has an entry, and whose row waits for a return that may have become impossible. */
const mayHaveLeft = (row: Row, round: string): boolean =>
  (hasEntry(row) || row.state === 'absent') && row.round !== round;
const removedItem = ({ id }: Row) => ({ type: 'removed' as const, id, reason: 'changed' as const });

function roundId<T extends CloudObject>(reading: Reading<T>): string {
  return reading.fence.cursor.round?.id ?? '';
}

export function ownDoorbell<T extends CloudObject>({ deps, rules }: Reading<T>, origin: Origin): Step {
  return {
    messages: [ringOf(deps, { to: rules.doorbell, cause: 'pace', want: { type: 'round' }, origin })],
  };
}
