import { chunksOf } from '../../domain/chunks-of.ts';
import type { CloudGroup, CloudMember } from '../../domain/cloud-object.ts';
import type { MemberKey } from '../../domain/member-key.ts';
import type { ObjectId } from '../../domain/object-id.ts';
import type { DeltaItem, Outgoing, Row } from '../../ports.ts';
import { type CommandWish, composeCommands } from '../commands.ts';
import type { Reading } from '../reading.ts';
import type { Origin } from '../trace.ts';
import { type Resolved, resolveMembers } from './resolve-members.ts';

/** What a page says about the members of one group. */
export type MembershipNews = Extract<DeltaItem<CloudGroup>, { type: 'live' }>;

/** Keys to add to and remove from one group. */
export type GroupDifference = { id: ObjectId; row: Row | undefined; add: MemberKey[]; remove: MemberKey[] };

export type Differences = {
  /** Resolved news by group. */
  changes: Map<ObjectId, { add: MemberKey[]; remove: MemberKey[] }>;
  /** Groups whose news cannot be told as a difference: a member both added and removed, or a removal of nobody known. */
  unclear: Set<ObjectId>;
  /** Groups with an added member that nobody can read yet. */
  unread: Set<ObjectId>;
};

/** Resolves what a page says about the members of these groups. */
export async function resolveNews(
  { deps }: Reading<CloudGroup>,
  news: readonly MembershipNews[],
): Promise<Differences> {
  const added = await resolveMembers(deps, { members: distinct(news, 'added'), purpose: 'add' });
  const removed = await resolveMembers(deps, { members: distinct(news, 'removed'), purpose: 'remove' });
  const differences: Differences = { changes: new Map(), unclear: new Set(), unread: new Set() };
  for (const item of news) {
    if (item.added.length === 0 && item.removed.length === 0) continue;
    if (contradicts(item) || item.removed.some(({ id }) => removed.unresolved.has(id))) {
      differences.unclear.add(item.id);
      continue;
    }
    if (item.added.some(({ id }) => added.unresolved.has(id))) differences.unread.add(item.id);
    differences.changes.set(item.id, {
      add: keysOf(item.added, added),
      remove: keysOf(item.removed, removed),
    });
  }
  return differences;
}

function distinct(news: readonly MembershipNews[], side: 'added' | 'removed'): CloudMember[] {
  return [...new Map(news.flatMap((item) => item[side]).map((member) => [member.id, member])).values()];
}

/** Delta does not say which came last (Graph, delta query). */
function contradicts({ added, removed }: MembershipNews): boolean {
  const ids = new Set(added.map(({ id }) => id));
  return removed.some(({ id }) => ids.has(id));
}

function keysOf(members: readonly CloudMember[], { keys }: Resolved): MemberKey[] {
  return [...new Set(members.map(({ id }) => keys.get(id)).filter((key) => key !== undefined))];
}

/** Messages for differences, ≤ 1,000 changes each. */
export function differenceCommands(
  { deps, rules, fence }: Reading<CloudGroup>,
  differences: readonly (GroupDifference & { origin: Origin })[],
  cause: 'ring' | 'round',
): Outgoing[] {
  const wishes = differences.flatMap(({ id, row, origin, add, remove }) => {
    const edits = [
      ...remove.map((key) => ({ side: 'remove' as const, key })),
      ...add.map((key) => ({ side: 'add' as const, key })),
    ];
    return chunksOf(edits, 1_000).map((chunk): CommandWish => {
      const of = (side: 'add' | 'remove') => chunk.filter((edit) => edit.side === side).map(({ key }) => key);
      const body = { add: of('add'), remove: of('remove') };
      return { type: 'difference', id, origin, row, body };
    });
  });
  return composeCommands({ deps, rules, fence, cause }, wishes).map(({ outgoing }) => outgoing);
}
