import type { GroupPresent, UserPresent, UserSuspended } from '../contracts/command.ts';
import type { CloudGroup, CloudUser } from '../domain/cloud-object.ts';
import { desiredGroup } from '../domain/desired-group.ts';
import { desiredUser } from '../domain/desired-user.ts';
import {
  type Leaving,
  leaveGroup,
  leaveUser,
  type SuspendedGroup,
  type SuspendedUser,
} from '../domain/leaving.ts';
import type { MemberKey } from '../domain/member-key.ts';
import type { Kind, ObjectId } from '../domain/object-id.ts';
import { groupScope, type Scope, type ScopeFacts, userScope } from '../domain/scope.ts';
import type { LeaveCause, Settings } from '../domain/settings.ts';
import type { EpochMs } from '../domain/time.ts';
import type { DeltaPage, Looked, Tenant } from '../ports.ts';
import { managerKeysOf } from './managers/manager-keys.ts';
import type { ReaderDeps } from './reader-deps.ts';

/** The values of a `present` command, without the envelope and without what only the row decides. */
export type PresentBody =
  | (Pick<
      UserPresent,
      'type' | 'state' | 'names' | 'attributes' | 'initial' | 'enabled' | 'manager' | 'photo'
    > & {
      mayEnable?: boolean;
      nameWanted?: boolean;
    })
  | Pick<GroupPresent, 'type' | 'state' | 'names' | 'attributes' | 'initial' | 'security'>;

/** The values of a command about an object that left. */
export type LeftBody =
  | (SuspendedUser & Partial<Pick<UserSuspended, 'names' | 'mayEnable'>>)
  | SuspendedGroup
  | { state: 'absent' };

export type CloudObject = {
  id: ObjectId;
  onPremisesSyncEnabled: boolean | null;
  onPremisesSecurityIdentifier: string | null;
  /** Users only. */
  accountEnabled?: boolean | null;
  /** Users only; absent where they were not read. */
  manager?: CloudUser['manager'];
  photo?: string | null;
};

/** Everything in which users and groups differ when their state is read. */
export type KindRules<T extends CloudObject> = {
  kind: Kind;
  doorbell: 'users' | 'groups';
  /** Throws MappingError where the owner's filter fails. */
  scopeOf(object: T, settings: Settings, facts?: ScopeFacts): Scope;
  /** `undefined`: the object has no usable name. Throws MappingError where the owner's mapping fails. */
  present(object: T, settings: Settings): PresentBody | undefined;
  /** What becomes of the entry of an object that left then, for that cause. */
  leave(settings: Settings, cause: LeaveCause, at: { leftAt: EpochMs; now: EpochMs }): Leaving<LeftBody>;
  /** What of a user is no property of it, and is to be written. */
  parts(settings: Settings): { manager: boolean; photo: boolean };
  /** By which keys the managers of these are known; whose manager was not read is left out. */
  managers(deps: ReaderDeps, objects: readonly T[]): Promise<Map<ObjectId, MemberKey | null>>;
  /** Reads objects with everything that may be written of them. */
  look(tenant: Tenant, ids: readonly ObjectId[]): Promise<Map<ObjectId, Looked<T>>>;
  /** Reads what tells where objects stand, and no more: photos cost requests of their own. */
  find(tenant: Tenant, ids: readonly ObjectId[]): Promise<Map<ObjectId, Looked<T>>>;
  page(tenant: Tenant, link: string | undefined): Promise<DeltaPage<T>>;
};

/** Of a kind that is not written any more: nothing is deleted but what the cloud has deleted for good. */
const unwrittenUsers = { softDelete: 'disable', hardDelete: 'delete', outOfScope: 'disable' } as const;
const unwrittenGroups = { softDelete: 'convert', hardDelete: 'delete', outOfScope: 'convert' } as const;

export const userRules: KindRules<CloudUser> = {
  kind: 'user',
  doorbell: 'users',
  scopeOf: userScope,
  present(user, { users }) {
    const desired = users === false ? undefined : desiredUser(user, users);
    return desired && { type: 'user', state: 'present', ...desired };
  },
  leave({ users }, cause, { leftAt, now }) {
    const policies = users === false ? unwrittenUsers : users.leaving;
    return leaveUser(policies[cause], leftAt, now);
  },
  parts: ({ users }) =>
    users === false ? { manager: false, photo: false } : { manager: users.manager, photo: users.photo },
  managers: managerKeysOf,
  look: (tenant, ids) => tenant.lookUsers(ids, { photo: true }),
  find: (tenant, ids) => tenant.lookUsers(ids),
  page: (tenant, link) => tenant.userPage(link),
};

export const groupRules: KindRules<CloudGroup> = {
  kind: 'group',
  doorbell: 'groups',
  scopeOf: groupScope,
  present: (group, { groups }) =>
    groups === false ? undefined : { type: 'group', state: 'present', ...desiredGroup(group, groups) },
  leave({ groups }, cause, { leftAt, now }) {
    const policies = groups === false ? unwrittenGroups : groups.leaving;
    return leaveGroup(policies[cause], leftAt, now);
  },
  parts: () => ({ manager: false, photo: false }),
  managers: async () => new Map(),
  look: (tenant, ids) => tenant.lookGroups(ids),
  find: (tenant, ids) => tenant.lookGroups(ids),
  page: (tenant, link) => tenant.groupPage(link),
};
