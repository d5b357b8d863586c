import type { CloudMember } from '../../domain/cloud-object.ts';
import type { Kind, ObjectId } from '../../domain/object-id.ts';
import { type Lists, readOnePage, readPages } from './pages.ts';
import { idOf, memberOf, typeOf } from './parse-member.ts';
import { type Reading, readWhole } from './read-whole.ts';
import { selections, selectOf } from './selections.ts';

/** All direct members of a group, page by page; `missing` where Graph does not know the group (any more). */
export async function readMembers(lists: Lists, group: ObjectId): Promise<CloudMember[] | 'missing'> {
  const entries = await readPages(lists, membersPath(group));
  return entries === 'missing' ? 'missing' : entries.map(memberFrom);
}

/** The same of a group whose members fit on one page; `many` where they do not. */
export async function readFewMembers(
  lists: Lists,
  group: ObjectId,
): Promise<CloudMember[] | 'missing' | 'many'> {
  const entries = await readOnePage(lists, membersPath(group));
  return typeof entries === 'string' ? entries : entries.map(memberFrom);
}

const membersPath = (group: ObjectId): string =>
  `/groups/${group}/members?${selectOf(selections.member)}&$top=999`;

const memberFrom = (entry: unknown): CloudMember => memberOf(typeOf(entry), entry);

/** Path of the groups and other containers that list an object directly. */
export const memberOfPath = (of: { kind: Kind; id: ObjectId }): string =>
  `/${of.kind}s/${of.id}/memberOf?$select=id&$top=999`;

/** The groups among containers; roles and administrative units are left out. */
export const groupsAmong = (containers: readonly unknown[]): ObjectId[] =>
  containers.filter((entry) => typeOf(entry) === 'group').map(idOf);

/**
 * Ids of the groups that list the object directly. Read without an OData cast, which Graph may treat as an advanced query
 * on an index that lags; other kinds of containers are left out by type.
 */
export async function readMemberships(
  lists: Lists,
  of: { kind: Kind; id: ObjectId },
): Promise<ObjectId[] | 'missing'> {
  const entries = await readPages(lists, memberOfPath(of));
  return entries === 'missing' ? 'missing' : groupsAmong(entries);
}

/** What bare members are, by a read of each; what is neither user nor group stays as it is, what is not readable is left out. */
export async function resolveMembers(
  reading: Reading,
  members: readonly CloudMember[],
): Promise<CloudMember[]> {
  const bare = members.filter((member) => member.type !== 'other' && !member.known);
  const types = new Map(bare.map(({ type, id }) => [id, type]));
  const paths = new Map(bare.map(({ type, id }) => [id, memberPath(type, id)]));
  const known = await readWhole(reading, paths, (body, id) => memberOf(types.get(id) ?? 'other', body));
  return members.flatMap((member) =>
    member.type === 'other' || member.known ? [member] : (known.get(member.id) ?? []),
  );
}

const memberPath = (type: CloudMember['type'], id: ObjectId): string =>
  `/${type}s/${id}?${selectOf(type === 'user' ? selections.memberUser : selections.memberGroup)}`;
