import { z } from 'zod';
import type { CloudMember, CloudUser } from '../../domain/cloud-object.ts';
import type { ObjectId } from '../../domain/object-id.ts';
import { idSchema, parse, requireWitnesses } from './parse-object.ts';

export type MemberType = CloudMember['type'];

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
  isAssignableToRole: flag,
});
const userWitnesses = ['userType', 'onPremisesSyncEnabled'];
const groupWitnesses = ['groupTypes', 'mailEnabled', 'onPremisesSyncEnabled', 'isAssignableToRole'];

/** A directory object of a given type as a member. Throws graph-incomplete where a witness is lacking. */
export function memberOf(type: MemberType, body: unknown): CloudMember {
  const { id } = parse(typedSchema, body, 'a member');
  if (type === 'other') return { type, id };
  if (type === 'user') return userMember(body);
  requireWitnesses(body, groupWitnesses, ['groupTypes', 'mailEnabled']);
  const group = parse(groupSchema, body, 'a member that is a group');
  return {
    type,
    id,
    known: true,
    ...syncedOf(group),
    mailEnabled: group.mailEnabled ?? false,
    groupTypes: group.groupTypes,
    roleAssignable: group.isAssignableToRole === true,
  };
}

/** A member of which only id and type are known. Without a type it is `other`: nothing is resolved on a guess. */
export function bareMember(odataType: string | undefined, id: ObjectId): CloudMember {
  const type = typeFrom(odataType);
  return type === 'other' ? { type, id } : { type, id, known: false };
}

/** What a directory object is, by its `@odata.type`. */
export const typeOf = (body: unknown): MemberType =>
  typeFrom(parse(typedSchema, body, 'a directory object')['@odata.type']);

/** The id of a directory object. */
export const idOf = (body: unknown): ObjectId => parse(typedSchema, body, 'a directory object').id;

const expandedSchema = z.object({ manager: typedSchema.loose().nullish() });

/**
 * Who a user reports to, from a read with `$expand=manager`: Graph leaves the property out where there is nobody. A manager may
 * be a contact, who has no entry in AD: nobody. An expanded object without its properties (half-loaded, or a Graph that ignores
 * a nested `$select`) is a user of whom only the id is known.
 */
export function expandedManager(body: unknown): NonNullable<CloudUser['manager']> | null {
  const manager = parse(expandedSchema, body, 'a user with its manager').manager;
  if (manager == null || isContact(manager['@odata.type'])) return null;
  const complete = userWitnesses.every((name) => name in manager);
  return complete ? userMember(manager) : { type: 'user', id: manager.id, known: false };
}

const changedSchema = z.object({
  'manager@delta': z.array(typedSchema.extend({ '@removed': z.unknown().optional() })).optional(),
});

/** Who a user reports to as a delta item names it: the last one not removed; undefined where the item says nothing of it. */
export function managerInDelta(body: unknown): CloudUser['manager'] {
  const entries = parse(changedSchema, body, 'manager@delta')['manager@delta'];
  if (entries === undefined) return undefined;
  const last = entries.findLast((entry) => entry['@removed'] === undefined);
  if (last === undefined || isContact(last['@odata.type'])) return null;
  return { type: 'user', id: last.id, known: false };
}

function userMember(body: unknown): Extract<CloudMember, { type: 'user'; known: true }> {
  requireWitnesses(body, userWitnesses, []);
  const user = parse(userSchema, body, 'a member that is a user');
  return { type: 'user', id: idOf(body), known: true, ...syncedOf(user), guest: user.userType === 'Guest' };
}

function syncedOf(object: z.infer<typeof userSchema> | z.infer<typeof groupSchema>): {
  synced: boolean;
  sid: string | null;
} {
  return { synced: object.onPremisesSyncEnabled === true, sid: object.onPremisesSecurityIdentifier ?? null };
}

const isContact = (odataType: string | undefined): boolean =>
  odataType !== undefined && typeFrom(odataType) !== 'user';

function typeFrom(odataType: string | undefined): MemberType {
  const name = odataType?.toLowerCase();
  if (name === '#microsoft.graph.user') return 'user';
  return name === '#microsoft.graph.group' ? 'group' : 'other';
}
