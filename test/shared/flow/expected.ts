import type { CloudGroup, CloudUser } from '../../../shared/domain/cloud-object.ts';
import { desiredGroup } from '../../../shared/domain/desired-group.ts';
import { desiredUser } from '../../../shared/domain/desired-user.ts';
import type { Kind, ObjectId } from '../../../shared/domain/object-id.ts';
import type { Flow } from './flow.ts';
import { keyOfMember, type SmallEntry } from './small-directory.ts';

/**
 * Where the directory differs from docs/expected-state.md, in words; empty where it does not. Written from the page, not
 * from the readers: only the mapping itself (names, attributes, kind) is asked of the domain. An object that was never seen
 * alive may have no entry; that is the only freedom. Leavers are expected as the default policies say.
 */
export function differencesFromExpected(flow: Flow): string[] {
  const { tenant, relay, writeback } = flow;
  const world = tenant.world();
  const { users, groups } = writeback;
  if (users === false || groups === false)
    throw new Error('the page says little of a kind that is not written');
  const wrong: string[] = [];
  for (const [id, { object }] of world.users) {
    if (object.onPremisesSyncEnabled === true) continue;
    const entry = relay.entry('user', id);
    const live = isWritten(flow, 'user', id);
    wrong.push(...(live ? [] : left(entry, id)));
    const desired = live ? desiredUser(object, users) : undefined;
    if (desired === undefined) continue;
    const { cn, sAMAccountName, userPrincipalName } = desired.names;
    wrong.push(...compare(entry, { id, values: JSON.stringify([cn, sAMAccountName, desired.attributes]) }));
    if (entry?.upn !== userPrincipalName[0]) wrong.push(`${id}: has another UPN`);
    if (entry?.enabled !== desired.enabled) wrong.push(`${id}: is enabled: ${entry?.enabled}`);
    const manager = entry?.manager && keyOfMember(entry.manager);
    if (manager !== managerOf(flow, id)) wrong.push(`${id}: has the manager ${manager}`);
  }
  for (const [id, { object }] of world.groups) {
    if (object.onPremisesSyncEnabled === true) continue;
    const entry = relay.entry('group', id);
    if (!isWritten(flow, 'group', id)) {
      wrong.push(...left(entry, id));
      continue;
    }
    const { names, attributes, security } = desiredGroup(object, groups);
    const values = JSON.stringify([names.cn, names.sAMAccountName, attributes]);
    wrong.push(...compare(entry, { id, values }), ...compareMembers(entry, flow, id));
    if (entry?.security !== security) wrong.push(`${id}: is a security group: ${entry?.security}`);
  }
  for (const { kind, id } of relay.entries()) {
    const held = kind === 'user' ? world.users.get(id) : world.groups.get(id);
    if (held === undefined) wrong.push(`${id}: purged, but has an entry`);
    else if (held.object.onPremisesSyncEnabled === true) wrong.push(`${id}: synced, but not released`);
  }
  return wrong;
}

/** Live, born in the cloud, and in scope: no guest, not role-assignable, and as the owner's filter says. */
export function isWritten(
  { tenant, writeback }: Pick<Flow, 'tenant' | 'writeback'>,
  kind: Kind,
  id: ObjectId,
): boolean {
  const world = tenant.world();
  const held = kind === 'user' ? world.users.get(id) : world.groups.get(id);
  if (held === undefined || held.deleted || held.object.onPremisesSyncEnabled === true) return false;
  if (kind === 'group') return (held.object as CloudGroup).isAssignableToRole !== true;
  const user = held.object as CloudUser;
  const filter = writeback.users === false ? undefined : writeback.users.scope.filter;
  return user.userType !== 'Guest' && (filter === undefined || filter(user));
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
function keyOf(flow: Flow, kind: Kind, id: ObjectId): string | undefined {
  const world = flow.tenant.world();
  const held = kind === 'user' ? world.users.get(id) : world.groups.get(id);
  if (held === undefined || held.deleted) return undefined;
  const { onPremisesSyncEnabled, onPremisesSecurityIdentifier: sid } = held.object;
  if (onPremisesSyncEnabled === true) return sid === null ? undefined : `s:${sid}`;
  return isWritten(flow, kind, id) ? `${kind === 'user' ? 'u' : 'g'}:${id}` : undefined;
}

function managerOf(flow: Flow, id: ObjectId): string | undefined {
  const manager = flow.tenant.world().managers.get(id);
  return manager === undefined ? undefined : keyOf(flow, 'user', manager);
}

function compareMembers(entry: SmallEntry | undefined, flow: Flow, id: ObjectId): string[] {
  const expected = [...(flow.tenant.world().members.get(id) ?? [])].flatMap(([member, type]) =>
    type === 'other' ? [] : (keyOf(flow, type, member) ?? []),
  );
  const actual = [...(entry?.members ?? [])].map(keyOfMember);
  const tooMany = actual.filter((key) => !expected.includes(key));
  const tooFew = expected.filter((key) => !actual.includes(key));
  return [...tooMany.map((key) => `${id}: lists ${key}`), ...tooFew.map((key) => `${id}: lacks ${key}`)];
}
