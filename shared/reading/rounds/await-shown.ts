import type { CloudGroup } from '../../domain/cloud-object.ts';
import type { ObjectId } from '../../domain/object-id.ts';
import type { Outgoing } from '../../ports.ts';
import type { Judged } from '../look.ts';
import { isLiveGroup } from '../members/group-lists.ts';
import type { Reading } from '../reading.ts';
import { ringsAgain } from '../rings.ts';
import { watchesOf } from '../scope/scope-changes.ts';

/** Clocks of the cloud and ours may differ by this much (docs/adr/shown-since-the-event.md). */
const clockToleranceMs = 2_000;

/**
 * A notification of a group mostly means its members, and those come with the delta round, which may lag behind the
 * notification. Groups that no round has shown since their event are rung again, on a schedule that ends.
 */
export function ringUnshown(
  reading: Reading<CloudGroup>,
  found: readonly Judged<CloudGroup>[],
  shown: ReadonlyMap<ObjectId, number>,
): Outgoing[] {
  const { settings } = reading.deps;
  // Where groups decide about the scope of others, members matter of groups that are not written themselves, too.
  const isEveryGroupFollowed = watchesOf(reading.deps).length > 0;
  const wishes = found.flatMap((judged) => {
    const { ask, row, decision } = judged;
    const afterMs = settings.lookAgainMs[ask.attempt];
    const awaitsRound = ask.fresh || (ask.attempt > 0 && ask.list === undefined && !ask.forced);
    if (!awaitsRound || afterMs === undefined || decision.again !== undefined) return [];
    const shownAt = Math.max(shown.get(ask.id) ?? 0, row?.shownAt ?? 0);
    const isShown = shownAt >= (ask.event ?? ask.ring) - clockToleranceMs;
    const matters = isLiveGroup(judged) || (isEveryGroupFollowed && judged.looked.found === 'live');
    return isShown || !matters ? [] : [{ ask, afterMs, attempt: ask.attempt + 1 }];
  });
  return ringsAgain(reading.deps, 'groups', wishes);
}
