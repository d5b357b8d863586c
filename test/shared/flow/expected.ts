import type { CloudGroup, CloudUser } from '../../../shared/domain/cloud-object.ts';
import { desiredGroup } from '../../../shared/domain/desired-group.ts';
import { desiredUser } from '../../../shared/domain/desired-user.ts';
import type { Kind, ObjectId } from '../../../shared/domain/object-id.ts';
import type { World } from '../../fakes/world.ts';
import type { Flow } from './flow.ts';
import { keyOfMember, type SmallEntry } from './small-directory.ts';

/**
 * Where the directory differs from docs/expected-state.md, in words; empty where it does not. Written from the page, not
 * from the readers: only the mapping itself (names, attributes, kind) is asked of the domain. An object that was never seen
 * alive may have no entry; that is the only freedom. Leavers are expected as the default policies say.
 */
export function differencesFromExpected({ tenant, relay, writeback }: Flow): string[] {
  const world = tenant.world();
  const { users, groups } = writeback;
  if (users === false || groups === false)
    throw new Error('the page says little of a kind that is not written');
  const wrong: string[] = [];
  for (const [id, { object }] of world.users) {
    if (object.onPremisesSyncEnabled === true) continue;
    const entry = relay.entry('user', id);
    const live = isWritten(world, 'user', id);
    wrong.push(...(live ? [] : left(entry, id)));
    const desired = live ? desiredUser(object, users) : undefined;
    if (desired === undefined) continue;
    const { cn, sAMAccountName, userPrincipalName } = desired.names;
    wrong.push(...compare(entry, { id, values: JSON.stringify([cn, sAMAccountName, desired.attributes]) }));
    if (entry?.upn !== userPrincipalName[0]) wrong.push(`${id}: has another UPN`);
    if (entry?.enabled !== desired.enabled) wrong.push(`${id}: is enabled: ${entry?.enabled}`);
    const manager = entry?.manager && keyOfMember(entry.manager);
    if (manager !== managerOf(world, id)) wrong.push(`${id}: has the manager ${manager}`);
  }
  for (const [id, { object }] of world.groups) {
    if (object.onPremisesSyncEnabled === true) continue;
    const entry = relay.entry('group', id);
    if (!isWritten(world, 'group', id)) {
      wrong.push(...left(entry, id));
      continue;
    }
    const { names, attributes, security } = desiredGroup(object, groups);
    const values = JSON.stringify([names.cn, names.sAMAccountName, attributes]);
    wrong.push(...compare(entry, { id, values }), ...compareMembers(entry, world, id));
    if (entry?.security !== security) wrong.push(`${id}: is a security group: ${entry?.security}`);
  }
  for (const { kind, id } of relay.entries()) {
    const held = kind === 'user' ? world.users.get(id) : world.groups.get(id);
    if (held === undefined) wrong.push(`${id}: purged, but has an entry`);
    else if (held.object.onPremisesSyncEnabled === true) wrong.push(`${id}: synced, but not released`);
  }
  return wrong;
}

/** Live, born in the cloud, and in scope by the defaults. */
function isWritten(world: World, kind: Kind, id: ObjectId): boolean {
  const held = kind === 'user' ? world.users.get(id) : world.groups.get(id);
  if (held === undefined || held.deleted || held.object.onPremisesSyncEnabled === true) return false;
  const isGuest = (held.object as CloudUser).userType === 'Guest';
  return !isGuest && (held.object as CloudGroup).isAssignableToRole !== true;
}

/** Policies `disable` and `convert`. */
function left(entry: SmallEntry | undefined, id: ObjectId): string[] {
  if (entry === undefined) return [];
  if (!entry.suspended) return [`${id}: should be suspended`];
  return entry.enabled || entry.security ? [`${id}: left, but has rights`] : [];
}

function compare(entry: SmallEntry | undefined, expected: { id: ObjectId; values: string }): string[] {
  const { id, values } = expected;
  if (entry === undefined) return [`${id}: has no entry`];
  if (entry.suspended) return [`${id}: is still suspended`];
  return entry.values === values ? [] : [`${id}: has other values`];
}

/** As a command would name it: a written user by id, a synced one by SID; nobody where it is neither. */
function keyOf(world: World, kind: Kind, id: ObjectId): string | undefined {
  const held = kind === 'user' ? world.users.get(id) : world.groups.get(id);
  if (held === undefined || held.deleted) return undefined;
  const { onPremisesSyncEnabled, onPremisesSecurityIdentifier: sid } = held.object;
  if (onPremisesSyncEnabled === true) return sid === null ? undefined : `s:${sid}`;
  return isWritten(world, kind, id) ? `${kind === 'user' ? 'u' : 'g'}:${id}` : undefined;
}

function managerOf(world: World, id: ObjectId): string | undefined {
  const manager = world.managers.get(id);
  return manager === undefined ? undefined : keyOf(world, 'user', manager);
}

function compareMembers(entry: SmallEntry | undefined, world: World, id: ObjectId): string[] {
  const expected = [...(world.members.get(id) ?? [])].flatMap(([member, type]) =>
    type === 'other' ? [] : (keyOf(world, type, member) ?? []),
  );
  const actual = [...(entry?.members ?? [])].map(keyOfMember);
  const tooMany = actual.filter((key) => !expected.includes(key));
  const tooFew = expected.filter((key) => !actual.includes(key));
  return [...tooMany.map((key) => `${id}: lists ${key}`), ...tooFew.map((key) => `${id}: lacks ${key}`)];
}
