import type { Change } from './directory/changes.ts';
import type { ObjectType } from './directory/directory-object.ts';
import type { Tenant } from './tenant.ts';

type Imported = Record<string, unknown> & {
  id?: string;
  members?: string[];
  owners?: string[];
  manager?: string;
};
type Import = Partial<Record<keyof typeof types, Imported[]>>;

const types = {
  users: 'user',
  groups: 'group',
  devices: 'device',
  servicePrincipals: 'servicePrincipal',
  contacts: 'orgContact',
} as const satisfies Record<string, ObjectType>;

/**
 * Bulk seeding in Graph's property names; groups may have `members` and `owners`, users a `manager` (ids). Nothing is
 * validated, so that states exist here which Graph itself makes only by sync: objects with onPremisesSyncEnabled true,
 * distribution groups, members of dynamic groups. An id that exists already is an update.
 */
export function importChanges(body: Import, tenant: Tenant): Change[] {
  const objects: Change[] = [];
  const links: Change[] = [];
  for (const [collection, type] of Object.entries(types)) {
    for (const imported of body[collection as keyof typeof types] ?? []) {
      const { id: given, members = [], owners = [], manager, ...properties } = imported;
      const id = (given ?? tenant.newId()).toLowerCase();
      objects.push(objectChange(tenant, { type, id, properties }));
      if (manager !== undefined) links.push({ op: 'manager', user: id, target: manager.toLowerCase() });
      links.push(...linkChanges(tenant, id, { members, owners }));
    }
  }
  return [...objects, ...links];
}

function objectChange(
  tenant: Tenant,
  imported: { type: ObjectType; id: string; properties: Record<string, unknown> },
): Change {
  const { type, id, properties } = imported;
  if (tenant.state.directory.object(id) !== undefined) return { op: 'patch', id, properties };
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
