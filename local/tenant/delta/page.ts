import type { Directory } from '../directory/directory.ts';
import type { DirectoryObject } from '../directory/directory-object.ts';
import type { DeltaPosition, Rest } from './delta-position.ts';
import { type MemberEntry, memberEntries, shownIn, type Touched, touchedBy } from './round.ts';

/** An item of a page: the object as it is to be shown (undefined: purged), and its member entries. */
export type PageItem = {
  id: string;
  object: DirectoryObject | undefined;
  names: ReadonlySet<string> | undefined;
  entries: readonly MemberEntry[];
};

/** A page; without `next` the round is complete. */
export type Page = { items: PageItem[]; next?: DeltaPosition };

/** How pages are made. `cut` is asked whether a group should be cut in half, its rest to come after other groups. */
export type Making = { size: number; cut: (entries: number) => boolean };

/*
 * A page holds at most `size` objects and at most five times as many member entries. Members of a big group go on over
 * several pages, the group's item repeated on each.
 */

const entriesPerObject = 5;

/** The page at a position. */
export function pageAt(directory: Directory, position: DeltaPosition, making: Making): Page {
  const filling = new Filling(directory, position, making);
  if (position.within) filling.resume(position.within);
  for (const touched of touchedBy(directory, position)) {
    if (!filling.take(touched)) return filling.unfinished();
  }
  return filling.rests();
}

class Filling {
  readonly #directory: Directory;
  readonly #start: DeltaPosition;
  readonly #making: Making;
  readonly #items: PageItem[] = [];
  #room: number;
  #after: number;
  #within: Rest | undefined;
  #deferred: Rest[];

  constructor(directory: Directory, position: DeltaPosition, making: Making) {
    this.#directory = directory;
    this.#start = position;
    this.#making = making;
    this.#room = making.size * entriesPerObject;
    this.#after = position.after;
    this.#deferred = [...position.deferred];
  }

  /** Goes on with a group whose members did not fit before. */
  resume(rest: Rest): void {
    this.#put({ key: rest.key, id: rest.id, names: undefined }, rest.entryAfter, false);
  }

  /** Adds an object if there is room; false where the page is full. */
  take(touched: Touched): boolean {
    if (this.#within || this.#room === 0 || this.#items.length >= this.#making.size) return false;
    this.#put(touched, 0, true);
    this.#after = touched.key;
    return true;
  }

  unfinished(): Page {
    return { items: this.#items, next: this.#next() };
  }

  /** The source is exhausted: what was cut comes now, one group a page, on pages of its own. */
  rests(): Page {
    if (this.#within) return this.unfinished();
    if (this.#items.length > 0) return this.#deferred.length > 0 ? this.unfinished() : { items: this.#items };
    const rest = this.#deferred.shift();
    if (rest) this.resume(rest);
    return this.#within || this.#deferred.length > 0 ? this.unfinished() : { items: this.#items };
  }

  #next(): DeltaPosition {
    const next = { ...this.#start, after: this.#after, deferred: this.#deferred };
    delete next.emptied;
    delete next.within;
    return this.#within ? { ...next, within: this.#within } : next;
  }

  #put(touched: Touched, entryAfter: number, mayCut: boolean): void {
    const { id, key, names } = touched;
    const wanted = { group: id, after: entryAfter, most: this.#room + 1 };
    const entries = memberEntries(this.#directory, this.#start, wanted);
    const cut = mayCut && entries.length > 1 && this.#making.cut(entries.length);
    const taken = entries.slice(0, Math.min(this.#room, cut ? entries.length >> 1 : entries.length));
    this.#items.push({ id, object: shownIn(this.#directory, this.#start, id), names, entries: taken });
    this.#room -= taken.length;
    this.#within = undefined;
    if (taken.length === entries.length) return;
    const rest = { id, key, entryAfter: taken.at(-1)?.seq ?? entryAfter };
    if (cut) this.#deferred.push(rest);
    else this.#within = rest;
  }
}
