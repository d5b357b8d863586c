import type { GroupPresent, UserPresent } from '../contracts/command.ts';
import type { CloudGroup, CloudUser } from '../domain/cloud-object.ts';
import { desiredGroup } from '../domain/desired-group.ts';
import { desiredUser } from '../domain/desired-user.ts';
import type { Kind, ObjectId } from '../domain/object-id.ts';
import { groupScope, type Scope, userScope } from '../domain/scope.ts';
import type { DeltaPage, Looked, Tenant } from '../ports.ts';

/** The values of a `present` command, without the envelope. */
export type PresentBody =
  | Pick<UserPresent, 'type' | 'state' | 'names' | 'attributes' | 'enabled'>
  | Pick<GroupPresent, 'type' | 'state' | 'names' | 'attributes' | 'security'>;

export type CloudObject = { id: ObjectId; onPremisesSecurityIdentifier: string | null };

/** Everything in which users and groups differ when their state is read. */
export type KindRules<T extends CloudObject> = {
  kind: Kind;
  doorbell: 'users' | 'groups';
  scopeOf(object: T): Scope;
  /** `undefined`: the object has no usable name. */
  present(object: T): PresentBody | undefined;
  look(tenant: Tenant, ids: readonly ObjectId[]): Promise<Map<ObjectId, Looked<T>>>;
  page(tenant: Tenant, link: string | undefined): Promise<DeltaPage<T>>;
};

export const userRules: KindRules<CloudUser> = {
  kind: 'user',
  doorbell: 'users',
  scopeOf: userScope,
  present(user) {
    const desired = desiredUser(user);
    return desired && { type: 'user', state: 'present', ...desired };
  },
  look: (tenant, ids) => tenant.lookUsers(ids),
  page: (tenant, link) => tenant.userPage(link),
};

export const groupRules: KindRules<CloudGroup> = {
  kind: 'group',
  doorbell: 'groups',
  scopeOf: groupScope,
  present: (group) => ({ type: 'group', state: 'present', ...desiredGroup(group) }),
  look: (tenant, ids) => tenant.lookGroups(ids),
  page: (tenant, link) => tenant.groupPage(link),
};
