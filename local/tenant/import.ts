import type { Change } from './directory/changes.ts';
import type { ObjectType } from './directory/directory-object.ts';
import { withRecordsMerged } from './directory/merge-records.ts';
import { type Photo, photoIn } from './directory/photo.ts';
import type { Tenant } from './tenant.ts';

/*
 * POST /control/import, administrator token. Nothing is validated and nobody is notified: this is how states come to be that
 * Graph itself never makes (objects synced from AD, distribution and mail-enabled security groups, members of dynamic groups).
 *
 *   { "users":  [ { "id": "…", "userPrincipalName": "…", "displayName": "…", "accountEnabled": true, "mailNickname": "…",
 *                   … any property of a user, in Graph's names and shapes, for example
 *                   "onPremisesSyncEnabled": true, "onPremisesSecurityIdentifier": "S-1-5-21-…",
 *                   "employeeType": "…", "faxNumber": "…", "otherMails": ["…"], "employeeOrgData": { "division": "…" },
 *                   "onPremisesExtensionAttributes": { "extensionAttribute1": "…" },
 *                   "manager": "<id>", "photo": "<JPEG or PNG in base64>" } ],
 *     "groups": [ { "id": "…", "displayName": "…", "mailEnabled": false, "securityEnabled": true, "groupTypes": [], "mailNickname": "…",
 *                   … any property of a group, for example "visibility": "HiddenMembership", "isAssignableToRole": true,
 *                   "writebackConfiguration": { "isEnabled": true, "onPremisesGroupType": "universalSecurityGroup" },
 *                   "members": ["<id>", …], "owners": ["<id>", …] } ],
 *     "devices": […], "servicePrincipals": […], "contacts": […] }
 *
 * Every list is optional; objects may name each other in any order. Without `id` one is made. An id that exists already is an
 * update: named properties replace, records (employeeOrgData, …) are merged, members and owners are added, `manager: null` and
 * `photo: null` take away. Kinds of group: distribution is mailEnabled and not securityEnabled, mail-enabled security is both,
 * each with groupTypes []; Microsoft 365 is mailEnabled with groupTypes ["Unified"].
 */

type Imported = Record<string, unknown> & {
  id?: string;
  members?: string[];
  owners?: string[];
  manager?: string | null;
  photo?: string | null;
};
type Import = Partial<Record<keyof typeof types, Imported[]>>;

const types = {
  users: 'user',
  groups: 'group',
  devices: 'device',
  servicePrincipals: 'servicePrincipal',
  contacts: 'orgContact',
} as const satisfies Record<string, ObjectType>;

/** What an import changes: objects first, then how they are linked. Throws where a photo is no picture. */
export function importChanges(body: Import, tenant: Tenant): Change[] {
  const objects: Change[] = [];
  const links: Change[] = [];
  for (const [collection, type] of Object.entries(types)) {
    for (const imported of body[collection as keyof typeof types] ?? []) {
      const { id: given, members = [], owners = [], manager, photo, ...properties } = imported;
      const id = (given ?? tenant.newId()).toLowerCase();
      objects.push(objectChange(tenant, { type, id, properties }));
      if (manager !== undefined)
        links.push({ op: 'manager', user: id, target: manager?.toLowerCase() ?? null });
      if (photo !== undefined) links.push({ op: 'photo', user: id, photo: pictureIn(photo) });
      links.push(...linkChanges(tenant, id, { members, owners }));
    }
  }
  return [...objects, ...links];
}

const pictureIn = (photo: string | null): Photo | null =>
  photo === null ? null : photoIn(Buffer.from(photo, 'base64'));

function objectChange(
  tenant: Tenant,
  imported: { type: ObjectType; id: string; properties: Record<string, unknown> },
): Change {
  const { type, id, properties } = imported;
  const before = tenant.state.directory.object(id);
  if (before !== undefined) return { op: 'patch', id, properties: withRecordsMerged(before, properties) };
  const createdDateTime = new Date(tenant.now()).toISOString();
  const given = type === 'user' ? { userType: 'Member', createdDateTime } : { createdDateTime };
  return { op: 'create', type, id, properties: { ...given, ...properties } };
}

function linkChanges(
  tenant: Tenant,
  group: string,
  links: Record<'members' | 'owners', readonly string[]>,
): Change[] {
  return (['members', 'owners'] as const).flatMap((relation): Change[] => {
    const known = tenant.state.directory.links(relation);
    const targets = [...new Set(links[relation].map((id) => id.toLowerCase()))];
    const fresh = targets.filter((target) => !known.has(group, target));
    return fresh.length === 0 ? [] : [{ op: 'link', relation, group, targets: fresh }];
  });
}
