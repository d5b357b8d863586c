import { chunksOf } from '../../domain/chunks-of.ts';
import type { CloudGroup, CloudMember } from '../../domain/cloud-object.ts';
import type { Kind, ObjectId } from '../../domain/object-id.ts';
import { type DurationMs, durationMs } from '../../domain/time.ts';
import type { DeltaItem, Outgoing, Row } from '../../ports.ts';
import type { Judged } from '../look.ts';
import type { ReaderDeps } from '../reader-deps.ts';
import type { Reading } from '../reading.ts';
import { ringOf } from '../rings.ts';
import type { Origin } from '../trace.ts';
import { groupsAmong, type Restrictions, restrictionsOf } from './scope-facts.ts';

/**
 * Whose scope changes because a group changes.
 *
 * Chosen and denied groups decide about others, so the groups' delta round, which tells who was added and removed, rings the
 * doorbells of those others. A group *counts* for a kind if the kind's rules name it or, where nesting matters, a group that
 * it is in.
 *
 *   a group that counts gains or loses an object           look at the object
 *   … gains or loses a group, and nesting matters          everybody within that group is meant   ┐
 *   a group begins to count (came back, was nested)                                               ├ ring `scope`
 *   a group counts no more (deleted, taken out)            who was within it, nobody can tell     ┘
 *
 * `scope` makes the reader of a kind compare everybody's row with the lists of the groups (scope-comparison.ts), whatever
 * happened to them. Whether a group counted before is remembered in its row (`followed`): what Graph says of a deleted group, or
 * of one that was taken out and then emptied, tells nothing. Rings are sent before the rows remember, so a crash in between
 * rings again. Every ring is repeated, since a replica may lag behind the round.
 */
export function watchesOf({ writeback }: Pick<ReaderDeps, 'writeback'>): Watch[] {
  return (['user', 'group'] as const).flatMap((kind) => {
    const rules = restrictionsOf(writeback, kind);
    if (rules === undefined) return [];
    const groups = [...new Set([...rules.groups, ...rules.deny])];
    return [{ kind, groups, nested: rules.nested }];
  });
}

/** Groups that decide about objects of a kind. */
export type Watch = Pick<Restrictions, 'groups' | 'nested'> & { kind: Kind };

/** What follows for others from a page of the groups' delta round. */
export type ScopeChanges = {
  rings: Outgoing[];
  /** What the row of a group remembers: the kinds for which it counts. Nothing where nobody asks. */
  remember: (id: ObjectId) => Pick<Partial<Row>, 'followed'>;
};

export async function scopeChangesOf(
  { deps }: Reading<CloudGroup>,
  items: readonly DeltaItem<CloudGroup>[],
  about: { judged: ReadonlyMap<ObjectId, Judged<CloudGroup>>; origin: Origin },
): Promise<ScopeChanges> {
  const watches = watchesOf(deps);
  if (watches.length === 0) return { rings: [], remember: () => ({}) };
  const rings: Outgoing[] = [];
  const kinds = new Map<ObjectId, Kind[]>();
  for (const watch of watches) {
    const counts = await countingFor(deps, watch, items);
    for (const id of counts) kinds.set(id, [...(kinds.get(id) ?? []), watch.kind]);
    const affected = affectedBy(items, { watch, counts, rowOf: (id) => about.judged.get(id)?.row });
    rings.push(...ringsFor(deps, watch.kind, { ...affected, origin: about.origin }));
  }
  return { rings, remember: (id) => ({ followed: (kinds.get(id) ?? []).join() }) };
}

/** The live groups of a page that count for a kind. */
async function countingFor(
  deps: ReaderDeps,
  watch: Watch,
  items: readonly DeltaItem<CloudGroup>[],
): Promise<Set<ObjectId>> {
  const live = items.filter(({ type }) => type === 'live').map(({ id }) => id);
  const named = live.filter((id) => watch.groups.includes(id));
  if (!watch.nested || live.length === named.length) return new Set(named);
  const others = live
    .filter((id) => !watch.groups.includes(id))
    .map((id) => ({ kind: 'group' as const, id }));
  const groups = await groupsAmong(deps, watch.groups);
  if (groups.length === 0) return new Set(named);
  return new Set([...named, ...(await deps.tenant.within(others, { groups, nested: true }))]);
}

/** `ids`: objects to look at. `everybody`: whose scope changed cannot be told by name. */
type Affected = { ids: Set<ObjectId>; everybody: boolean };

function affectedBy(
  items: readonly DeltaItem<CloudGroup>[],
  by: { watch: Watch; counts: ReadonlySet<ObjectId>; rowOf: (id: ObjectId) => Row | undefined },
): Affected {
  const { watch, counts, rowOf } = by;
  const affected: Affected = { ids: new Set(), everybody: false };
  for (const item of items) {
    const mayCount = watch.nested || watch.groups.includes(item.id);
    if (!mayCount) continue;
    const isCounting = counts.has(item.id);
    const counted = rowOf(item.id)?.followed?.split(',').includes(watch.kind);
    // Unknown before: a deleted group may have counted, any other is judged by what it is now.
    if (item.type === 'removed' ? counted !== false : isCounting !== (counted ?? false))
      affected.everybody = true;
    if (item.type === 'removed' || !(isCounting || counted !== false)) continue;
    const members = [...item.added, ...item.removed];
    for (const { id } of members.filter(isOf(watch.kind))) affected.ids.add(id);
    if (watch.nested && isCounting && members.some(isOf('group'))) affected.everybody = true;
  }
  return affected;
}

const isOf =
  (kind: Kind) =>
  ({ type }: CloudMember): boolean =>
    type === kind;

function ringsFor(
  deps: ReaderDeps,
  kind: Kind,
  { ids, everybody, origin }: Affected & { origin: Origin },
): Outgoing[] {
  const looks = chunksOf([...ids], 500).flatMap((chunk) =>
    lookTimes(deps).map((afterMs) =>
      ringOf(deps, {
        ...{ to: doorbellOf(kind), cause: 'scope', want: { type: 'look', ids: chunk }, origin },
        ...(afterMs === 0 ? {} : { afterMs }),
      }),
    ),
  );
  return everybody ? [...looks, ringForScope(deps, kind, { origin, attempt: 0 })] : looks;
}

/** At once, when most replicas have caught up, and when the last one has. */
function lookTimes({ settings }: ReaderDeps): DurationMs[] {
  return [durationMs(0), settings.secondLookMs, settings.repeatMembersMs];
}

const doorbellOf = (kind: Kind): 'users' | 'groups' => (kind === 'user' ? 'users' : 'groups');

/** Asks the reader of a kind to compare everybody's row with the groups that decide; later, where it is a repetition. */
export function ringForScope(
  deps: ReaderDeps,
  kind: Kind,
  { origin, attempt }: { origin: Origin; attempt: number },
): Outgoing {
  const afterMs = lookTimes(deps)[attempt] ?? durationMs(0);
  return ringOf(deps, {
    ...{ to: doorbellOf(kind), cause: 'scope', want: { type: 'scope' }, origin, attempt },
    ...(attempt === 0 ? {} : { afterMs }),
  });
}

/** How often a comparison is made for one change. */
export const comparisons = 3;

/** After a full round of groups: what delta would have told since the last link is lost. */
export function ringsForEverybody(deps: ReaderDeps, origin: Origin): Outgoing[] {
  return watchesOf(deps).map(({ kind }) => ringForScope(deps, kind, { origin, attempt: 0 }));
}
