import type { Directory } from '../directory/directory.ts';
import { type DirectoryObject, isLive, type ObjectType } from '../directory/directory-object.ts';
import type { HistoryEvent } from '../directory/history.ts';
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

/** Member entries of a group after a position, ascending; members that are soft-deleted are hidden. */
export function memberEntries(
  directory: Directory,
  position: DeltaPosition,
  group: string,
  after: number,
): MemberEntry[] {
  if (position.kind !== 'group' || !trackedBy(position).has('members')) return [];
  const entries = position.from === 0 ? linked(directory, group) : edited(directory, position, group);
  return entries.filter(
    (entry) => entry.seq > after && (!entry.added || isLive(directory.object(entry.member))),
  );
}

function linked(directory: Directory, group: string): MemberEntry[] {
  return [...directory.members.of(group)].map(([member, seq]) => {
    return { seq, member, type: directory.object(member)?.type ?? 'user', added: true };
  });
}

/** Each member that something happened to in the window, at the last of it. */
function edited(directory: Directory, position: DeltaPosition, group: string): MemberEntry[] {
  const last = new Map<string, MemberEntry>();
  const window = directory.history.window(position.from, position.upTo);
  for (const { seq, member } of window.byId.get(group)?.events ?? []) {
    if (member === undefined) continue;
    last.delete(member.member);
    last.set(member.member, { seq, member: member.member, type: member.memberType, added: member.added });
  }
  return [...last.values()].map((entry) => ({
    ...entry,
    added: linkedIn(directory, position, group, entry),
  }));
}

/**
 * Whether the round shows a member as linked: as it is now, so that a page never says less than one before it; in a lagging
 * round as it was at `upTo`.
 */
export function linkedIn(
  directory: Directory,
  position: DeltaPosition,
  group: string,
  { member }: Pick<MemberEntry, 'member'>,
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
