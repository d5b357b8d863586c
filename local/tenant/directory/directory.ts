import type { DirectoryChange, EntryOf, Numbered, Relation } from './changes.ts';
import { type DirectoryObject, isLive, type ObjectType } from './directory-object.ts';
import { History, type HistoryEvent, type MemberEvent } from './history.ts';
import { Links } from './links.ts';
import type { Photo } from './photo.ts';
import { ReportingLines } from './reporting-lines.ts';

type DirectoryEntry = EntryOf<DirectoryChange>;

/**
 * All objects of a tenant and how they are linked, as the journal tells. Only `apply` changes it, so a replay of the
 * journal gives the same directory. Validation is elsewhere: what is applied here has been accepted.
 */
export class Directory {
  readonly history = new History();
  readonly members = new Links();
  readonly owners = new Links();
  readonly lines = new ReportingLines();
  readonly photos = new Map<string, Photo>();
  readonly #objects = new Map<string, DirectoryObject>();
  readonly #order = new Map<ObjectType, { seq: number; id: string }[]>();
  readonly #userNames = new Map<string, string>();
  #position = 0;

  /** Position of the newest change. */
  get position(): number {
    return this.#position;
  }

  links(relation: Relation): Links {
    return relation === 'members' ? this.members : this.owners;
  }

  /** The object in its current state, soft-deleted ones too. */
  object(id: string): DirectoryObject | undefined {
    return this.#objects.get(id);
  }

  /** The object as it was at an earlier position (undefined: it did not exist, or was purged). */
  objectAt(id: string, seq: number): DirectoryObject | undefined {
    const current = this.#objects.get(id);
    return seq >= this.#position ? current : this.history.objectAt(id, seq, current);
  }

  /** The live user with a principal name, whatever its casing. */
  userNamed(userPrincipalName: string): DirectoryObject | undefined {
    const id = this.#userNames.get(userPrincipalName.toLowerCase());
    return id === undefined ? undefined : this.#objects.get(id);
  }

  /** Objects of a type, live and deleted, in order of creation, beginning after a position. */
  *ofType(type: ObjectType, afterSeq = 0): Generator<DirectoryObject> {
    const order = this.#order.get(type) ?? [];
    for (let index = firstAfter(order, afterSeq); index < order.length; index += 1) {
      const object = this.#objects.get(order[index]?.id ?? '');
      if (object !== undefined) yield object;
    }
  }

  apply(entry: DirectoryEntry): void {
    if (entry.op === 'create') this.#create(entry);
    else if (entry.op === 'patch') this.#patch(entry);
    else if (entry.op === 'delete')
      this.#replace(entry, 'deleted', (object) => ({ ...object, deletedAt: isoTime(entry.at) }));
    else if (entry.op === 'restore') this.#replace(entry, 'restored', withoutDeletion);
    else if (entry.op === 'purge') this.#purge(entry);
    else if (entry.op === 'link') this.#link(entry);
    else if (entry.op === 'unlink') this.#unlink(entry);
    else if (entry.op === 'manager') this.#manager(entry);
    else this.#photo(entry);
  }

  #create(entry: EntryOf<DirectoryChange & { op: 'create' }>): void {
    const { id, type, seq } = entry;
    const object: DirectoryObject = { id, type, createdSeq: seq, properties: entry.properties };
    const order = this.#order.get(type) ?? [];
    this.#order.set(type, order);
    order.push({ seq, id });
    this.#store(entry, undefined, object);
    this.#note(entry, object, 'created', Object.keys(entry.properties));
  }

  #patch(entry: EntryOf<DirectoryChange & { op: 'patch' }>): void {
    const before = this.#existing(entry.id);
    const after = { ...before, properties: { ...before.properties, ...entry.properties } };
    this.#store(entry, before, after);
    this.#note(entry, after, 'changed', Object.keys(entry.properties));
  }

  #replace(
    entry: Numbered & { id: string },
    what: HistoryEvent['what'],
    change: (object: DirectoryObject) => DirectoryObject,
  ): void {
    const before = this.#existing(entry.id);
    const after = change(before);
    this.#store(entry, before, after);
    this.#note(entry, after, what, []);
  }

  /** A purge takes the object's links with it, silently: groups/delta says nothing of them (reference B.2). */
  #purge(entry: EntryOf<DirectoryChange & { op: 'purge' }>): void {
    const before = this.#existing(entry.id);
    this.#store(entry, before, undefined);
    this.#note(entry, before, 'purged', []);
    this.members.forget(entry.id);
    this.owners.forget(entry.id);
    this.lines.forget(entry.id);
    this.photos.delete(entry.id);
  }

  #link(entry: EntryOf<DirectoryChange & { op: 'link' }>): void {
    const group = this.#existing(entry.group);
    entry.targets.forEach((target, index) => {
      const numbered = { ...entry, seq: entry.seq + index };
      this.links(entry.relation).add(entry.group, target, numbered.seq);
      this.#note(
        numbered,
        group,
        'linked',
        [entry.relation],
        this.#memberEvent(entry.relation, target, true),
      );
    });
  }

  #unlink(entry: EntryOf<DirectoryChange & { op: 'unlink' }>): void {
    const event = this.#memberEvent(entry.relation, entry.target, false);
    this.links(entry.relation).remove(entry.group, entry.target);
    this.#note(entry, this.#existing(entry.group), 'linked', [entry.relation], event);
  }

  #manager(entry: EntryOf<DirectoryChange & { op: 'manager' }>): void {
    const before = this.lines.managerOf(entry.user) ?? null;
    this.lines.set(entry.user, entry.target);
    const about = { manager: { before, after: entry.target } };
    this.#note(entry, this.#existing(entry.user), 'changed', ['manager'], about);
  }

  /** No event: photos live beside the directory, and no round tells of them. */
  #photo({ user, photo }: EntryOf<DirectoryChange & { op: 'photo' }>): void {
    this.#existing(user);
    if (photo === null) this.photos.delete(user);
    else this.photos.set(user, photo);
  }

  #memberEvent(relation: Relation, member: string, added: boolean): { member?: MemberEvent } {
    if (relation !== 'members') return {};
    return { member: { member, memberType: this.#objects.get(member)?.type ?? 'user', added } };
  }

  #store(entry: Numbered & { id: string }, before?: DirectoryObject, after?: DirectoryObject): void {
    if (before !== undefined && isLive(before)) this.#userNames.delete(userNameOf(before));
    if (after !== undefined && isLive(after) && after.type === 'user')
      this.#userNames.set(userNameOf(after), after.id);
    if (after === undefined) this.#objects.delete(entry.id);
    else this.#objects.set(entry.id, after);
    if (entry.quiet !== true) this.history.keep(entry, before, after);
  }

  #note(
    entry: Numbered,
    object: DirectoryObject,
    what: HistoryEvent['what'],
    names: readonly string[],
    about: Pick<HistoryEvent, 'member' | 'manager'> = {},
  ): void {
    this.#position = entry.seq;
    if (entry.quiet) this.history.seeded(entry.seq);
    const { seq, at } = entry;
    this.history.add({ seq, at, id: object.id, type: object.type, what, names, ...about });
  }

  #existing(id: string): DirectoryObject {
    const object = this.#objects.get(id);
    if (object === undefined) throw new Error(`journal names an object that does not exist: ${id}`);
    return object;
  }
}

const isoTime = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

function withoutDeletion(object: DirectoryObject): DirectoryObject {
  const { id, type, createdSeq, properties } = object;
  return { id, type, createdSeq, properties };
}

function userNameOf(object: DirectoryObject): string {
  const name = object.properties['userPrincipalName'];
  return typeof name === 'string' ? name.toLowerCase() : '';
}

function firstAfter(order: readonly { seq: number }[], seq: number): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((order[middle]?.seq ?? 0) > seq) high = middle;
    else low = middle + 1;
  }
  return low;
}
