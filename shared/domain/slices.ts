import type { MemberKey } from './member-key.ts';

/** The members whose key k satisfies from ≤ k < to (`to` null: no upper end). */
export type SliceOfList = {
  from: string;
  to: string | null;
  members: MemberKey[];
  number: number;
  count: number;
};

/** A Standard-tier message holds 256 KB; the envelope and slack get the rest. */
const limits = { members: 1_000, bytes: 200_000 };

/**
 * Cuts a complete list into slices that together cover every key: ≤ 1,000 members and < 200 KB of JSON each. Order and
 * repetition of the input do not matter; an empty list is one empty slice.
 */
export function slicesOf(keys: readonly MemberKey[]): SliceOfList[] {
  const portions = portionsOf([...new Set(keys)].sort((a, b) => (a < b ? -1 : 1)));
  return portions.map((members, number) => ({
    from: number === 0 ? '' : (members[0] ?? ''),
    to: portions[number + 1]?.[0] ?? null,
    members,
    number,
    count: portions.length,
  }));
}

function portionsOf(sorted: readonly MemberKey[]): MemberKey[][] {
  let current: MemberKey[] = [];
  let bytes = 0;
  const portions = [current];
  for (const key of sorted) {
    // Keys are ASCII; two quotes and a comma come with each.
    const size = key.length + 3;
    if (current.length >= limits.members || bytes + size > limits.bytes - 1_000) {
      current = [];
      bytes = 0;
      portions.push(current);
    }
    current.push(key);
    bytes += size;
  }
  return portions;
}
