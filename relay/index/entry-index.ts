import { chunksOf } from '../../shared/domain/chunks-of.ts';
import { markedObject } from '../../shared/domain/mark.ts';
import { keyOfWritten, type MemberKey } from '../../shared/domain/member-key.ts';
import { WritebackError } from '../../shared/errors.ts';
import type { Directory, DirectoryDescription, EntrySummary, Guid, Sid } from '../ports.ts';

/** What tells whose an entry is, deleted ones too. */
type Owned = Pick<EntrySummary, 'kind' | 'mark' | 'owner'>;

/*
 * What of ours is under the destination, in memory: an equality search on an unindexed attribute costs the directory more
 * than the write that follows it. The index is a hint in both directions. A hit is read anew before it is written to; a
 * miss is confirmed in the directory before it counts, because another relay may have created the entry meanwhile.
 *
 * An entry is ours when its mark parses and its owner is our own account, or one that this relay's configuration accepts.
 * The mark alone proves nothing: whoever may write to the entry can forge it. The owner it got when it was created.
 */

/** Few enough that the misses of one command do not stand before those of others for long. */
const confirmedAtOnce = 50;

export type IndexSettings = {
  directory: Directory;
  description: DirectoryDescription;
  acceptedOwners: readonly Sid[];
};

/** What an index knows of a mark, after the directory confirmed a miss. */
export type Found = { owned: EntrySummary[]; foreign: EntrySummary[] };

export class EntryIndex {
  readonly #directory: Directory;
  readonly #owners: ReadonlySet<Sid>;
  readonly #searchIsIndexed: boolean;
  #byGuid = new Map<Guid, EntrySummary>();
  #byMark = new Map<string, Set<Guid>>();
  #reload: Promise<void> | undefined;
  #nextReload: Promise<void> | undefined;
  /** What lanes changed while a reading was under way: newer than what the reading saw. */
  #meanwhile = new Map<Guid, EntrySummary | undefined>();

  constructor(settings: IndexSettings) {
    this.#directory = settings.directory;
    this.#owners = new Set([settings.description.account, ...settings.acceptedOwners]);
    this.#searchIsIndexed = settings.description.hasExternalId;
  }

  /** How many entries of ours there are. */
  get size(): number {
    return this.#byGuid.size;
  }

  isOurs(entry: Owned): boolean {
    return (
      this.hasAcceptedOwner(entry) &&
      entry.mark !== undefined &&
      markedObject(entry.mark)?.kind === entry.kind
    );
  }

  hasAcceptedOwner(entry: Pick<EntrySummary, 'owner'>): boolean {
    return entry.owner !== undefined && this.#owners.has(entry.owner);
  }

  /** Reads every entry under the destination. */
  async load(): Promise<void> {
    const byGuid = new Map<Guid, EntrySummary>();
    const byMark = new Map<string, Set<Guid>>();
    this.#meanwhile = new Map();
    for await (const page of this.#directory.entries())
      for (const entry of page) if (this.isOurs(entry)) insert(entry, byGuid, byMark);
    this.#byGuid = byGuid;
    this.#byMark = byMark;
    for (const [guid, entry] of [...this.#meanwhile]) {
      if (entry === undefined) this.forget(guid);
      else this.put(entry);
    }
  }

  byGuid(guid: Guid): EntrySummary | undefined {
    return this.#byGuid.get(guid);
  }

  /** Entries of ours with this mark, as far as is known. */
  byMark(mark: string): EntrySummary[] {
    const guids = this.#byMark.get(mark) ?? [];
    return [...guids].flatMap((guid) => this.#byGuid.get(guid) ?? []);
  }

  /** The member key of an entry of ours. */
  keyOf(guid: Guid): MemberKey | undefined {
    const mark = this.#byGuid.get(guid)?.mark;
    const object = mark === undefined ? undefined : markedObject(mark);
    return object === undefined ? undefined : keyOfWritten(object.kind, object.id);
  }

  /** Keeps the entry as it is now; one that is not ours is forgotten. */
  put(entry: EntrySummary): void {
    this.forget(entry.guid);
    if (!this.isOurs(entry)) return;
    insert(entry, this.#byGuid, this.#byMark);
    if (this.#reload !== undefined) this.#meanwhile.set(entry.guid, entry);
  }

  forget(guid: Guid): void {
    if (this.#reload !== undefined) this.#meanwhile.set(guid, undefined);
    const mark = this.#byGuid.get(guid)?.mark;
    if (mark === undefined) return;
    this.#byGuid.delete(guid);
    const guids = this.#byMark.get(mark);
    guids?.delete(guid);
    if (guids?.size === 0) this.#byMark.delete(mark);
  }

  /** Looks in the directory, whatever memory says, and remembers what is ours. */
  async confirm(mark: string): Promise<Found> {
    const found = await this.#directory.findByMark(mark);
    const owned = found.filter((entry) => this.isOurs(entry) && entry.mark === mark);
    for (const entry of this.byMark(mark)) this.forget(entry.guid);
    for (const entry of owned) this.put(entry);
    return { owned, foreign: found.filter((entry) => !this.isOurs(entry)) };
  }

  /**
   * Confirms many misses: each by a search where that is cheap, counting the `before` that the caller had confirmed already,
   * otherwise by one reading of everything that callers share. Answers which it was.
   */
  async confirmAll(marks: readonly string[], before = 0): Promise<'each' | 'all'> {
    const cheap = this.#searchIsIndexed ? Math.max(20, this.size / 50) : 1;
    if (before + marks.length > cheap) {
      await this.#reloadSoon();
      return 'all';
    }
    for (const some of chunksOf(marks, confirmedAtOnce))
      await Promise.all(some.map((mark) => this.confirm(mark)));
    return 'each';
  }

  /** A reading that began after the call: the one under way does not count, the one after it serves all who wait. */
  #reloadSoon(): Promise<void> {
    if (this.#reload === undefined) {
      this.#reload = this.load().finally(() => {
        this.#reload = undefined;
      });
      return this.#reload;
    }
    this.#nextReload ??= this.#reload
      .catch(() => undefined)
      .then(() => {
        this.#nextReload = undefined;
        return this.#reloadSoon();
      });
    return this.#nextReload;
  }
}

/** The one entry of ours that a command is about. Throws mark-ambiguous; answers undefined where there is none. */
export function theOne(
  entries: readonly EntrySummary[],
  objectGuid: string | undefined,
): EntrySummary | undefined {
  if (entries.length <= 1) return entries[0];
  const bound = entries.find((entry) => entry.guid === objectGuid);
  if (bound !== undefined) return bound;
  throw new WritebackError('mark-ambiguous', { detail: entries.map((entry) => entry.guid).join(', ') });
}

function insert(entry: EntrySummary, byGuid: Map<Guid, EntrySummary>, byMark: Map<string, Set<Guid>>): void {
  if (entry.mark === undefined) return;
  byGuid.set(entry.guid, entry);
  const guids = byMark.get(entry.mark);
  if (guids === undefined) byMark.set(entry.mark, new Set([entry.guid]));
  else guids.add(entry.guid);
}
