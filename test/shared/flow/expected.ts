import { desiredGroup } from '../../../shared/domain/desired-group.ts';
import { desiredUser } from '../../../shared/domain/desired-user.ts';
import type { ObjectId } from '../../../shared/domain/object-id.ts';
import type { World } from '../../fakes/world.ts';
import type { Flow } from './flow.ts';
import { keyOfMember } from './small-relay.ts';

/**
 * Where the directory differs from docs/expected-state.md, in words; empty where it does not. Written from the page, not
 * from the readers. An object that was never seen alive may have no entry; that is the only freedom.
 */
export function differencesFromExpected({ tenant, relay }: Flow): string[] {
  const world = tenant.world();
  const wrong: string[] = [];
  for (const [id, { object, deleted }] of world.users) {
    if (object.onPremisesSyncEnabled === true) continue;
    const live = !deleted && object.userType !== 'Guest';
    const desired = desiredUser(object);
    const values = JSON.stringify([desired?.names, desired?.attributes, desired?.enabled]);
    wrong.push(...compare(relay.entry('user', id), { id, live, values }));
  }
  for (const [id, { object, deleted }] of world.groups) {
    if (object.onPremisesSyncEnabled === true) continue;
    const inScope = object.groupTypes.includes('Unified') || !object.mailEnabled;
    const desired = desiredGroup(object);
    const values = JSON.stringify([desired.names, desired.attributes, desired.security]);
    const live = !deleted && inScope;
    wrong.push(...compare(relay.entry('group', id), { id, live, values }));
    if (live) wrong.push(...compareMembers({ tenant, relay }, world, id));
  }
  for (const { kind, id } of relay.entries()) {
    const held = kind === 'user' ? world.users.get(id) : world.groups.get(id);
    if (held === undefined) wrong.push(`${id}: purged, but has an entry`);
    else if (held.object.onPremisesSyncEnabled === true) wrong.push(`${id}: synced, but not released`);
  }
  return wrong;
}

function compare(
  entry: { values: string; suspended: boolean } | undefined,
  expected: { id: ObjectId; live: boolean; values: string },
): string[] {
  const { id, live, values } = expected;
  if (!live) return entry === undefined || entry.suspended ? [] : [`${id}: should be suspended`];
  if (entry === undefined) return [`${id}: has no entry`];
  if (entry.suspended) return [`${id}: is still suspended`];
  return entry.values === values ? [] : [`${id}: has other values`];
}

function compareMembers({ relay }: Pick<Flow, 'tenant' | 'relay'>, world: World, id: ObjectId): string[] {
  const expected = [...(world.members.get(id) ?? [])].flatMap(([member, type]): string[] => {
    if (type === 'other') return [];
    const held = type === 'user' ? world.users.get(member) : world.groups.get(member);
    if (held === undefined || held.deleted) return [];
    const { onPremisesSyncEnabled, onPremisesSecurityIdentifier: sid } = held.object;
    if (onPremisesSyncEnabled === true) return sid === null ? [] : [`s:${sid}`];
    if ('userType' in held.object) return held.object.userType === 'Guest' ? [] : [`u:${member}`];
    return held.object.mailEnabled && !held.object.groupTypes.includes('Unified') ? [] : [`g:${member}`];
  });
  const actual = [...(relay.entry('group', id)?.members ?? [])].map(keyOfMember);
  const tooMany = actual.filter((key) => !expected.includes(key));
  const tooFew = expected.filter((key) => !actual.includes(key));
  return [...tooMany.map((key) => `${id}: lists ${key}`), ...tooFew.map((key) => `${id}: lacks ${key}`)];
}
