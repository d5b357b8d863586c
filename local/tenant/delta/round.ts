import type { Directory } from '../directory/directory.ts';
import { type DirectoryObject, isLive, type ObjectType } from '../directory/directory-object.ts';
import type { HistoryEvent, ObjectEvents } from '../directory/history.ts';
import { shownByDefault } from '../directory/properties.ts';
import type { DeltaPosition } from './delta-position.ts';

/** A member entry of `members@delta`; `seq` orders the entries of a group and is where a page may be cut. */
export type MemberEntry = { seq: number; member: string; type: ObjectType; added: boolean };

/** An object that a round has something to say about. `names` undefined: everything counts as changed. */
export type Touched = { key: number; id: string; names: ReadonlySet<string> | undefined };

/** The properties whose changes a round tracks. */
export function trackedBy(position: DeltaPosition): ReadonlySet<string> {
  if (position.select !== undefined) return new Set(position.select);
  return new Set([...shownByDefault(position.kind), ...(position.kind === 'group' ? ['members'] : [])]);
}

/** The objects of a round from `after` on, in ascending order of their keys. */
export function* touchedBy(directory: Directory, position: DeltaPosition): Generator<Touched> {
  const source = position.from === 0 ? existing(directory, position) : changed(directory, position);
  for (const touched of source) {
    if (position.ids === undefined || position.ids.includes(touched.id)) yield touched;
  }
}

function* existing(directory: Directory, position: DeltaPosition): Generator<Touched> {
  for (const object of directory.ofType(position.kind, position.after)) {
    if (isLive(object)) yield { key: object.createdSeq, id: object.id, names: undefined };
  }
}

/** An object stands at its last change in the window; what happened to it there is taken together. */
function* changed(directory: Directory, position: DeltaPosition): Generator<Touched> {
  const tracked = trackedBy(position);
  const { objects } = directory.history.window(position.from, position.upTo);
  for (const { key, id, events } of objects) {
    if (key <= position.after || events[0]?.type !== position.kind) continue;
    const whole = events.some(isWhole);
    const names = new Set(events.flatMap((event) => event.names.filter((name) => tracked.has(name))));
    if (whole || names.size > 0) yield { key, id, names: whole ? undefined : names };
  }
}

/** Created, deleted, restored, purged: tracked whatever was selected. */
const isWhole = (event: HistoryEvent): boolean => event.what !== 'changed' && event.what !== 'linked';

/** Which entries of a group are wanted: those after a position, `most` of them. */
export type Wanted = { group: string; after: number; most: number };

/** Member entries of a group, ascending; members that are soft-deleted are hidden. */
export function memberEntries(directory: Directory, position: DeltaPosition, wanted: Wanted): MemberEntry[] {
  if (position.kind !== 'group' || !trackedBy(position).has('members')) return [];
  const source = position.from === 0 ? linked : edited;
  const entries: MemberEntry[] = [];
  for (const entry of source(directory, position, wanted)) {
    if (entries.length === wanted.most) break;
    if (!entry.added || isLive(directory.object(entry.member))) entries.push(entry);
  }
  return entries;
}

function* linked(directory: Directory, _: DeltaPosition, { group, after }: Wanted): Generator<MemberEntry> {
  for (const [member, seq] of directory.members.of(group)) {
    if (seq <= after) continue;
    yield { seq, member, type: directory.object(member)?.type ?? 'user', added: true };
  }
}

/** Each member that something happened to in the window, at the last of it. */
function* edited(
  directory: Directory,
  position: DeltaPosition,
  { group, after }: Wanted,
): Generator<MemberEntry> {
  const happened = directory.history.window(position.from, position.upTo).byId.get(group);
  for (const entry of happened === undefined ? [] : lastOfEach(happened)) {
    if (entry.seq > after) yield { ...entry, added: linkedIn(directory, position, group, entry.member) };
  }
}

/** Kept with the window: pages of a big group ask again and again. */
const lastKept = new WeakMap<ObjectEvents, readonly MemberEntry[]>();

function lastOfEach(happened: ObjectEvents): readonly MemberEntry[] {
  const kept = lastKept.get(happened);
  if (kept !== undefined) return kept;
  const last = new Map<string, MemberEntry>();
  for (const { seq, member } of happened.events) {
    if (member === undefined) continue;
    last.delete(member.member);
    last.set(member.member, { seq, member: member.member, type: member.memberType, added: member.added });
  }
  const entries = [...last.values()];
  lastKept.set(happened, entries);
  return entries;
}

/**
 * Whether the round shows a member as linked: as it is now, so that a page never says less than one before it; in a lagging
 * round as it was at `upTo`.
 */
export function linkedIn(
  directory: Directory,
  position: DeltaPosition,
  group: string,
  member: string,
): boolean {
  const now = directory.members.has(group, member);
  if (!position.lagging) return now;
  const later = directory.history.between(position.upTo, directory.position);
  const undone = later.find((event) => event.id === group && event.member?.member === member);
  return undone?.member === undefined ? now : !undone.member.added;
}

/** The object as the round shows it. */
export function shownIn(
  directory: Directory,
  position: DeltaPosition,
  id: string,
): DirectoryObject | undefined {
  return position.lagging ? directory.objectAt(id, position.upTo) : directory.object(id);
}

/**
 * Managers of a user at the beginning and at the end of a round's window; undefined where there was none, as before a full one. As with members, the
 * end is now, in a lagging round `upTo`.
 */
export function managerIn(
  directory: Directory,
  position: DeltaPosition,
  user: string,
): { before: string | undefined; after: string | undefined } {
  const { history, lines } = directory;
  const isIts = (event: HistoryEvent): boolean => event.id === user && event.manager !== undefined;
  const later = position.lagging && history.between(position.upTo, directory.position).find(isIts);
  const after = later ? (later.manager?.before ?? undefined) : lines.managerOf(user);
  if (position.from === 0) return { before: undefined, after };
  const first = history.window(position.from, position.upTo).byId.get(user)?.events.find(isIts);
  return { before: first === undefined ? after : (first.manager?.before ?? undefined), after };
}
