import { z } from 'zod';
import type { CloudMember } from '../../domain/cloud-object.ts';
import type { Kind, ObjectId } from '../../domain/object-id.ts';
import { WritebackError } from '../../errors.ts';
import type { GraphBatch } from './batch.ts';
import type { GraphCall } from './graph-call.ts';
import { unexpectedStatus } from './look.ts';
import { idSchema, parse, requireWitnesses } from './parse-object.ts';
import { selections, selectOf } from './selections.ts';

const typedSchema = z.object({ '@odata.type': z.string().optional(), id: idSchema });
const flag = z.boolean().nullish();
const text = z.string().nullish();
const userSchema = z.object({
  userType: text,
  onPremisesSyncEnabled: flag,
  onPremisesSecurityIdentifier: text,
});
const groupSchema = z.object({
  onPremisesSyncEnabled: flag,
  onPremisesSecurityIdentifier: text,
  mailEnabled: flag,
  groupTypes: z.array(z.string()),
});
const pageSchema = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().optional() });

type MemberType = 'user' | 'group' | 'other';

/** All direct members of a group, page by page; `missing` where Graph does not know the group (any more). */
export async function readMembers(
  call: GraphCall,
  origin: string,
  group: ObjectId,
): Promise<CloudMember[] | 'missing'> {
  const first = `/groups/${group}/members?${selectOf(selections.member)}&$top=999`;
  const entries = await readPages(call, origin, first);
  return entries === 'missing' ? 'missing' : entries.map((entry) => memberOf(typeOf(entry), entry));
}

/**
 * Ids of the groups that list the object directly. Read without an OData cast, which Graph may treat as an advanced query
 * on an index that lags; other kinds of containers (roles, administrative units) are left out by type.
 */
export async function readMemberships(
  call: GraphCall,
  origin: string,
  of: { kind: Kind; id: ObjectId },
): Promise<ObjectId[] | 'missing'> {
  const entries = await readPages(call, origin, `/${of.kind}s/${of.id}/memberOf?$select=id&$top=999`);
  if (entries === 'missing') return 'missing';
  return entries
    .filter((entry) => typeOf(entry) === 'group')
    .map((entry) => parse(typedSchema, entry, 'a group').id);
}

/** What bare members are, by a read of each; what is neither user nor group stays as it is, what is not readable is left out. */
export async function resolveMembers(
  batch: GraphBatch,
  members: readonly CloudMember[],
): Promise<CloudMember[]> {
  const bare = members.filter((member) => member.type !== 'other' && !member.known);
  const answers = await batch(new Map(bare.map(({ type, id }) => [id, memberPath(type, id)])));
  return members.flatMap((member): CloudMember[] => {
    const answer = answers.get(member.id);
    if (member.type === 'other' || member.known) return [member];
    if (answer === undefined || answer.status === 404) return [];
    if (answer.status !== 200) throw unexpectedStatus(answer.status, answer.body);
    return [memberOf(member.type, answer.body)];
  });
}

/** A member of which only id and type are known. Without a type it is `other`: nothing is resolved on a guess. */
export function bareMember(odataType: string | undefined, id: ObjectId): CloudMember {
  const type = typeFrom(odataType);
  return type === 'other' ? { type, id } : { type, id, known: false };
}

const memberProperties: Record<Kind, readonly string[]> = {
  user: ['id', 'userType', 'onPremisesSyncEnabled', 'onPremisesSecurityIdentifier'],
  group: ['id', 'onPremisesSyncEnabled', 'onPremisesSecurityIdentifier', 'mailEnabled', 'groupTypes'],
};
const memberPath = (kind: Kind, id: ObjectId): string =>
  `/${kind}s/${id}?${selectOf(memberProperties[kind])}`;

function memberOf(type: MemberType, body: unknown): CloudMember {
  const { id } = parse(typedSchema, body, 'a member');
  if (type === 'other') return { type, id };
  if (type === 'user') {
    requireWitnesses(body, ['userType', 'onPremisesSyncEnabled'], []);
    const user = parse(userSchema, body, 'a member that is a user');
    return { type, id, known: true, ...syncedOf(user), guest: user.userType === 'Guest' };
  }
  requireWitnesses(
    body,
    ['groupTypes', 'mailEnabled', 'onPremisesSyncEnabled'],
    ['groupTypes', 'mailEnabled'],
  );
  const group = parse(groupSchema, body, 'a member that is a group');
  return {
    type,
    id,
    known: true,
    ...syncedOf(group),
    mailEnabled: group.mailEnabled ?? false,
    groupTypes: group.groupTypes,
  };
}

function syncedOf(object: z.infer<typeof userSchema> | z.infer<typeof groupSchema>): {
  synced: boolean;
  sid: string | null;
} {
  return { synced: object.onPremisesSyncEnabled === true, sid: object.onPremisesSecurityIdentifier ?? null };
}

const typeOf = (body: unknown): MemberType =>
  typeFrom(parse(typedSchema, body, 'a directory object')['@odata.type']);

function typeFrom(odataType: string | undefined): MemberType {
  const name = odataType?.toLowerCase();
  if (name === '#microsoft.graph.user') return 'user';
  return name === '#microsoft.graph.group' ? 'group' : 'other';
}

async function readPages(call: GraphCall, origin: string, first: string): Promise<unknown[] | 'missing'> {
  const entries: unknown[] = [];
  for (let path: string | undefined = first; path !== undefined; ) {
    const { status, body } = await call({ method: 'GET', path });
    if (status === 404) return 'missing';
    if (status !== 200) throw unexpectedStatus(status, body);
    const page = parse(pageSchema, body, 'a page of directory objects');
    entries.push(...page.value);
    path = page['@odata.nextLink'];
    if (path !== undefined && !(URL.canParse(path) && new URL(path).origin === origin)) {
      throw new WritebackError('graph-invalid', { detail: 'a next link to another host' });
    }
  }
  return entries;
}
