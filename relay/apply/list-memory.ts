import type { Slice } from '../../shared/contracts/command.ts';
import type { ObjectId } from '../../shared/domain/object-id.ts';
import type { Guid } from '../ports.ts';

/*
 * A complete list of 50,000 members arrives as 50 slices, and every slice needs to know who is in the group. Reading 50,000
 * members costs seconds; reading them 50 times would cost more than all the writing. So the members that were read for a
 * slice stay in memory for the one after it, with the edits applied:
 *
 *   slice 0   read the group ─▶ edit ─▶ keep
 *   slice 1   take ───────────▶ edit ─▶ keep
 *   …
 *   last      take ───────────▶ edit      (nothing is kept)
 *
 * What is taken is no longer here; only a slice that succeeded puts it back. So whatever goes wrong (a lost lock, a lost
 * connection, a refused command) ends in reading the group anew. It is taken only by the very next slice of the same list,
 * whose order follows: a command for the group in between has an order in between, whichever relay it went to.
 *
 * Memory may be older than the directory. That another relay applied the same slice meanwhile does no harm: adding whom the
 * group has and removing whom it has not is success. What somebody edited on-premises since the reading is put right by the
 * next list, as it is where he edits behind the last slice.
 */

/** The members of a group while its list arrives, with the key of each. */
export type ListInHand = {
  members: Map<Guid, string>;
  readMs: number;
  misses: Misses;
};

/** Members of this list that memory did not know: how many were confirmed, and whether by reading everything. */
export type Misses = { confirmed: number; allRead: boolean };

type Kept = { list: ListInHand; after: Slice; keptMs: number };

/** About 200 bytes each: at most 60 MB for a group of 250,000, or for several that arrive at the same time. */
const mostMembers = 300_000;
/** The next slice of a list that is still coming is here long before. */
const longestPauseMs = 60_000;
/** A list that takes longer has its group read again. */
const longestKeptMs = 300_000;

/** Remembers groups from one slice of their list to the next. */
export class ListMemory {
  readonly #clock: { monotonicMs(): number };
  readonly #mostMembers: number;
  /** In the order in which they were kept. */
  readonly #kept = new Map<ObjectId, Kept>();

  constructor(clock: { monotonicMs(): number }, limit = mostMembers) {
    this.#clock = clock;
    this.#mostMembers = limit;
  }

  /** Takes out what the slice before this one left; nothing where this is not the next slice of that list. */
  take(slice: Slice): ListInHand | undefined {
    const kept = this.#kept.get(slice.id);
    this.#kept.delete(slice.id);
    if (kept === undefined || !follows(slice, kept.after)) return undefined;
    const now = this.#clock.monotonicMs();
    const isFresh = now - kept.keptMs < longestPauseMs && now - kept.list.readMs < longestKeptMs;
    return isFresh ? kept.list : undefined;
  }

  /** Keeps the group as this slice left it, for the slice after it. Where memory gets short, who waits longest goes. */
  keep(slice: Slice, list: ListInHand): void {
    this.#kept.delete(slice.id);
    if (slice.number + 1 >= slice.count || list.members.size > this.#mostMembers) return;
    this.#kept.set(slice.id, { list, after: slice, keptMs: this.#clock.monotonicMs() });
    for (const id of this.#kept.keys()) {
      if (this.size <= this.#mostMembers) return;
      this.#kept.delete(id);
    }
  }

  /** Something else happens to the group. */
  forget(id: ObjectId): void {
    this.#kept.delete(id);
  }

  nowMs(): number {
    return this.#clock.monotonicMs();
  }

  /** How many members are remembered. */
  get size(): number {
    return [...this.#kept.values()].reduce((sum, { list }) => sum + list.members.size, 0);
  }
}

function follows(slice: Slice, before: Slice): boolean {
  return (
    slice.count === before.count &&
    slice.number === before.number + 1 &&
    slice.from === before.to &&
    slice.order.epoch === before.order.epoch &&
    slice.order.sequence === before.order.sequence + 1
  );
}
