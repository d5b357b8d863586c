import type { CloudGroup } from '../../domain/cloud-object.ts';
import type { ObjectId } from '../../domain/object-id.ts';
import { epochMs } from '../../domain/time.ts';
import type { Step } from '../../handler.ts';
import type { DeltaItem } from '../../ports.ts';
import { type Judged, judge, type Outcome, outcomeOf, stepOf } from '../look.ts';
import { holdBack } from '../look-groups.ts';
import { differenceCommands, type MembershipNews, resolveNews } from '../members/differences.ts';
import { isLiveGroup, needsList, sendLists } from '../members/group-lists.ts';
import { isHidden } from '../members/hidden-membership.ts';
import type { Reading } from '../reading.ts';
import { ringForList } from '../rings.ts';
import { scopeChangesOf } from '../scope/scope-changes.ts';
import type { Origin } from '../trace.ts';
import { asksOf, shownOf } from './page-items.ts';

/**
 * A page of the groups' incremental round: states by direct reads, as for users, then membership. A group gets either its
 * complete list or the difference that the page tells, never both; its state always goes first. The differences leave in the
 * step that commits the cursor: a crash before it reads the page again, and what it says then is at least as new.
 */
export async function* handleGroupPage(
  reading: Reading<CloudGroup>,
  items: DeltaItem<CloudGroup>[],
  origin: Origin,
): AsyncGenerator<Step, Outcome> {
  const { deps } = reading;
  const judged = await judge(reading, asksOf(items, origin), { shown: shownOf(reading, items) });
  const byId = new Map(judged.map((one) => [one.ask.id, one]));
  const news = items.filter((item) => isNewsOfListed(item, byId.get(item.id), reading));
  const { changes, unclear, unread } = await resolveNews(reading, news);
  const scope = await scopeChangesOf(reading, items, { judged: byId, origin });

  const shownAt = epochMs(deps.clock.now());
  const outcome = outcomeOf(reading, judged, {
    cause: 'round',
    remember: ({ ask, row, decision }) =>
      row !== undefined || decision.patch.state !== undefined ? { shownAt, ...scope.remember(ask.id) } : {},
  });
  outcome.messages.push(...scope.rings);
  const listed = judged.filter((one) => needsList(one, reading) || unclear.has(one.ask.id));
  const wishes = holdBack(outcome, listed);
  yield stepOf(reading, outcome);
  yield* sendLists(reading, wishes, 'round');

  const differences = [...changes].map(([id, change]) => ({ id, row: byId.get(id)?.row, origin, ...change }));
  // The complete list, a little later, knows what cannot be known now.
  const readLater = [...unread, ...unheardOf(items, byId)].map((id) =>
    ringForList(deps, { ...origin, id }, { list: { type: 'first' }, afterMs: deps.settings.secondLookMs }),
  );
  return {
    messages: [...differenceCommands(reading, differences, 'round'), ...readLater],
    patches: new Map(),
  };
}

/** Differences go only to live groups that have had their list, and whose membership is not hidden. */
function isNewsOfListed(
  item: DeltaItem<CloudGroup>,
  judged: Judged<CloudGroup> | undefined,
  reading: Reading<CloudGroup>,
): item is MembershipNews {
  if (item.type !== 'live' || judged === undefined) return false;
  return (
    isLiveGroup(judged) && !needsList(judged, reading) && !isHidden(reading.deps.writeback, judged.looked)
  );
}

/**
 * Groups about whose members page and read leave something unsaid: news of a group that the direct read, lagging, did not show
 * alive; and a group that the page calls removed while the read shows it alive, so that it was restored in between: what
 * changed before it was removed may never be told as a difference.
 */
function unheardOf(
  items: readonly DeltaItem<CloudGroup>[],
  byId: ReadonlyMap<ObjectId, Judged<CloudGroup>>,
): ObjectId[] {
  return items.flatMap((item) => {
    const isLive = byId.get(item.id)?.looked.found === 'live';
    if (item.type === 'removed') return isLive ? [item.id] : [];
    return item.added.length + item.removed.length > 0 && !isLive ? [item.id] : [];
  });
}
