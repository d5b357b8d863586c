import type { CloudGroup, CloudMember, CloudUser } from '../../shared/domain/cloud-object.ts';
import type { Kind, ObjectId } from '../../shared/domain/object-id.ts';
import type { Looked } from '../../shared/ports.ts';

/*
 * One version of a tenant in memory, and what direct reads say of it. Graph hides a soft-deleted object wherever it is linked
 * (as member, manager, or in a group of groups), without forgetting the link: it is there again after a restore.
 */

export type Held<T> = { object: T; deleted: boolean };
export type World = {
  users: Map<ObjectId, Held<CloudUser>>;
  groups: Map<ObjectId, Held<CloudGroup>>;
  /** Direct members by group, hidden ones included. */
  members: Map<ObjectId, Map<ObjectId, CloudMember['type']>>;
  /** Managers by user, hidden ones included. */
  managers: Map<ObjectId, ObjectId>;
};

export const emptyWorld = (): World => ({
  users: new Map(),
  groups: new Map(),
  members: new Map(),
  managers: new Map(),
});

export function cloneWorld({ users, groups, members, managers }: World): World {
  return {
    users: new Map(users),
    groups: new Map(groups),
    members: new Map([...members].map(([id, list]) => [id, new Map(list)])),
    managers: new Map(managers),
  };
}

export const heldOf = (world: World, kind: Kind): Map<ObjectId, Held<CloudUser | CloudGroup>> =>
  kind === 'user' ? world.users : world.groups;

export const isLive = (world: World, kind: Kind, id: ObjectId): boolean =>
  heldOf(world, kind).get(id)?.deleted === false;

/** Users as a direct read shows them: with their manager, unless it is soft-deleted; with their photo where it is asked for. */
export function lookUsers(
  world: World,
  ids: readonly ObjectId[],
  withPhoto: boolean,
): Map<ObjectId, Looked<CloudUser>> {
  return look(world.users, ids, ({ photo, ...user }, isDeleted) => {
    if (isDeleted) return user;
    const shown = withManager(world, user);
    return withPhoto && photo !== undefined ? { ...shown, photo } : shown;
  });
}

export function withManager(world: World, user: CloudUser): CloudUser {
  const manager = world.managers.get(user.id);
  const known = manager === undefined ? undefined : knownMember(world, manager, 'user');
  return { ...user, manager: known?.type === 'user' && known.known ? known : null };
}

/** Groups as a direct read shows them: `securityEnabled` is false on a soft-deleted one. */
export function lookGroups(world: World, ids: readonly ObjectId[]): Map<ObjectId, Looked<CloudGroup>> {
  return look(world.groups, ids, (group, isDeleted) =>
    isDeleted ? { ...group, securityEnabled: false } : group,
  );
}

function look<T>(
  held: ReadonlyMap<ObjectId, Held<T>>,
  ids: readonly ObjectId[],
  formOf: (object: T, isDeleted: boolean) => T,
): Map<ObjectId, Looked<T>> {
  return new Map(
    ids.map((id): [ObjectId, Looked<T>] => {
      const one = held.get(id);
      if (one === undefined) return [id, { found: 'missing' }];
      const object = formOf(one.object, one.deleted);
      return [id, { found: one.deleted ? 'deleted' : 'live', object }];
    }),
  );
}

export function listed(world: World, group: ObjectId): CloudMember[] | 'missing' {
  if (!isLive(world, 'group', group)) return 'missing';
  return [...(world.members.get(group) ?? [])].flatMap(([id, type]) => knownMember(world, id, type) ?? []);
}

/** A live member with its properties; hidden ones are not shown. */
export function knownMember(world: World, id: ObjectId, type: CloudMember['type']): CloudMember | undefined {
  if (type === 'other') return { type, id };
  const held = heldOf(world, type).get(id);
  if (held === undefined || held.deleted) return undefined;
  const { onPremisesSyncEnabled, onPremisesSecurityIdentifier: sid } = held.object;
  const base = { id, known: true as const, synced: onPremisesSyncEnabled === true, sid };
  if (type === 'user') return { ...base, type, guest: (held.object as CloudUser).userType === 'Guest' };
  const { mailEnabled, groupTypes, isAssignableToRole } = held.object as CloudGroup;
  return { ...base, type, mailEnabled, groupTypes, roleAssignable: isAssignableToRole === true };
}

/** Everyone in these groups: live ones, through live groups. No group is in itself, whatever cycle leads there. */
export function everyoneWithin(
  world: World,
  { groups, nested }: { groups: readonly ObjectId[]; nested: boolean },
): { users: Set<ObjectId>; groups: Set<ObjectId> } {
  const found = { users: new Set<ObjectId>(), groups: new Set<ObjectId>() };
  for (const start of groups) {
    const inside = withinOne(world, start, nested);
    for (const id of inside.users) found.users.add(id);
    for (const id of inside.groups) if (id !== start) found.groups.add(id);
  }
  return found;
}

function withinOne(world: World, start: ObjectId, nested: boolean) {
  const found = { users: new Set<ObjectId>(), groups: new Set<ObjectId>() };
  const todo = [start];
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    if (!isLive(world, 'group', id)) continue;
    for (const [member, type] of world.members.get(id) ?? []) {
      if (type === 'other' || !isLive(world, type, member)) continue;
      if (type === 'group' && nested && !found.groups.has(member)) todo.push(member);
      found[`${type}s`].add(member);
    }
  }
  return found;
}

/** Live users whose manager is one of these, and live. */
export function reportsTo(world: World, managers: readonly ObjectId[]): ObjectId[] {
  const live = new Set(managers.filter((id) => isLive(world, 'user', id)));
  return [...world.managers]
    .filter(([id, manager]) => live.has(manager) && isLive(world, 'user', id))
    .map(([id]) => id);
}
