import type { MemberKey } from '../../shared/domain/member-key.ts';
import type { Guid, MemberEdit } from '../ports.ts';

/*
 * Membership. A difference names members to add and to remove; a slice is the whole truth about the keys of one range:
 *
 *   keys of all members, sorted   g:1  g:7 │ s:S-1-5-…-1104  u:03 │ u:5c  u:9f
 *   slices                        [      ) │ [                  ) │ [        → no upper end
 *
 * Each slice is applied and settled alone. Two slices never speak about the same key, so their order does not matter, and
 * together they are the list. Members are edited by objectGUID: a rename at the same moment cannot break the write.
 */

export type SliceRange = { from: string; to: string | null };

/** Whether a slice speaks about a key. */
export function coversKey(range: SliceRange, key: string): boolean {
  return range.from <= key && (range.to === null || key < range.to);
}

/**
 * The edit that makes the covered part of a group what a slice lists. `wanted` are the members of the slice that have an
 * entry and may be members; `current` is the whole group with the key of each member.
 */
export function planSlice(slice: {
  range: SliceRange;
  wanted: ReadonlyMap<MemberKey, Guid>;
  current: ReadonlyMap<Guid, string>;
}): MemberEdit {
  const { range, wanted, current } = slice;
  const wantedGuids = new Set(wanted.values());
  const add = [...wantedGuids].filter((guid) => !current.has(guid));
  const remove: Guid[] = [];
  for (const [guid, key] of current) if (coversKey(range, key) && !wantedGuids.has(guid)) remove.push(guid);
  return { add, remove };
}
