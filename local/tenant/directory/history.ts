import type { DirectoryObject, ObjectType } from './directory-object.ts';

/*
 * The history is what delta queries and lagging reads are answered from.
 *
 *   events    every change, in order: which object, which properties, which member. A delta token is a position in it.
 *   versions  the states an object had during the last seconds, so that a read can be answered as a replica would
 *             that has not seen the newest changes. Older versions are dropped when the object changes again.
 */

/** How far back an older state can be shown, ms. */
export const rememberedMs = 10_000;

export type MemberEvent = { member: string; memberType: ObjectType; added: boolean };
/** Ids of managers; null: nobody. */
export type ManagerEvent = { before: string | null; after: string | null };
export type HistoryEvent = {
  seq: number;
  at: number;
  id: string;
  type: ObjectType;
  what: 'created' | 'changed' | 'deleted' | 'restored' | 'purged' | 'linked';
  /** Names of the changed properties; `members`, `owners` and `manager` are names too. */
  names: readonly string[];
  member?: MemberEvent;
  manager?: ManagerEvent;
};

/** What happened to one object in a window; `key` is the position of the last of it. */
export type ObjectEvents = { key: number; id: string; events: readonly HistoryEvent[] };
/** Everything that happened between two positions, by object; `objects` ascend by key. */
export type Window = { objects: readonly ObjectEvents[]; byId: ReadonlyMap<string, ObjectEvents> };

/** How many windows are kept: pages of a round ask for the same one again and again. */
const keptWindows = 8;

type Version = { seq: number; at: number; object: DirectoryObject | undefined };

/** The log of everything that happened, and the recent states of what it happened to. */
export class History {
  readonly #events: HistoryEvent[] = [];
  readonly #versions = new Map<string, Version[]>();
  readonly #windows = new Map<string, Window>();
  #seededUpTo = 0;

  add(event: HistoryEvent): void {
    this.#events.push(event);
  }

  /** Keeps the state before and after a change. */
  keep(change: { seq: number; at: number; id: string }, before: Version['object'], after: Version['object']) {
    const kept = this.#versions.get(change.id) ?? [{ seq: 0, at: 0, object: before }];
    const firstRecent = kept.findIndex((version) => version.at >= change.at - rememberedMs);
    const pruned = firstRecent < 0 ? kept.slice(-1) : kept.slice(Math.max(0, firstRecent - 1));
    pruned.push({ seq: change.seq, at: change.at, object: after });
    this.#versions.set(change.id, pruned);
  }

  /** The object as it was at a position, or as early as is still known; `current` where nothing is kept. */
  objectAt(id: string, seq: number, current: DirectoryObject | undefined): DirectoryObject | undefined {
    const versions = this.#versions.get(id);
    if (versions === undefined) return current;
    return (versions.findLast((version) => version.seq <= seq) ?? versions[0])?.object;
  }

  /** Whether the object came into being, or changed, at or after a time. */
  changedSince(id: string, at: number): 'created' | 'changed' | undefined {
    const versions = this.#versions.get(id);
    const newest = versions?.at(-1);
    if (versions === undefined || newest === undefined || newest.at < at) return undefined;
    const before = versions.findLast((version) => version.at < at);
    return before === undefined || before.object === undefined ? 'created' : 'changed';
  }

  /** Type of the object that the newest change was about (a purged one is in no other list any more). */
  lastTypeOf(id: string): ObjectType | undefined {
    const newest = this.#events.at(-1);
    return newest?.id === id ? newest.type : undefined;
  }

  /** Events with `after` < seq ≤ `upTo`, oldest first. */
  between(after: number, upTo: number): readonly HistoryEvent[] {
    const from = this.#firstIndex((event) => event.seq > after);
    const to = this.#firstIndex((event) => event.seq > upTo);
    return this.#events.slice(from, to);
  }

  /** What happened between two positions, by object. */
  window(after: number, upTo: number): Window {
    const name = `${after}-${upTo}`;
    const known = this.#windows.get(name) ?? this.#windowOf(after, upTo);
    this.#windows.delete(name);
    this.#windows.set(name, known);
    const oldest = this.#windows.keys().next().value;
    if (this.#windows.size > keptWindows && oldest !== undefined) this.#windows.delete(oldest);
    return known;
  }

  #windowOf(after: number, upTo: number): Window {
    const byId = new Map<string, { key: number; id: string; events: HistoryEvent[] }>();
    for (const event of this.between(after, upTo)) {
      const known = byId.get(event.id) ?? { key: 0, id: event.id, events: [] };
      known.key = event.seq;
      known.events.push(event);
      byId.delete(event.id);
      byId.set(event.id, known);
    }
    return { objects: [...byId.values()], byId };
  }

  /** The last position before a time; what was seeded counts as long ago. */
  positionBefore(at: number): number {
    const index = this.#firstIndex((event) => event.at >= at);
    return Math.max(this.#events[index - 1]?.seq ?? 0, this.#seededUpTo);
  }

  /** Everything up to a position is known everywhere: no replica lags behind it. */
  seeded(upTo: number): void {
    this.#seededUpTo = upTo;
  }

  #firstIndex(holds: (event: HistoryEvent) => boolean): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const event = this.#events[middle];
      if (event !== undefined && holds(event)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
