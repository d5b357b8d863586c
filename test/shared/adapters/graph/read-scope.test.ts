import { describe, expect, it } from 'vitest';
import type { Kind, ObjectId } from '../../../../shared/domain/object-id.ts';
import { type TenantInMemory, tenantInMemory } from '../../../local/tenant/tenant-in-memory.ts';

/** Who is in the chosen groups, over the tenant simulator in this process. */
const idOf = (kind: Kind, n: number): ObjectId =>
  `${kind === 'user' ? 'aaaaaaaa' : 'bbbbbbbb'}-0000-4000-8000-${String(n).padStart(12, '0')}` as ObjectId;
const user = (n: number): ObjectId => idOf('user', n);
const group = (n: number): ObjectId => idOf('group', n);
const people = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    id: user(at),
    userPrincipalName: `user${at}@contoso.example`,
    displayName: `User ${at}`,
    accountEnabled: true,
  }));
const team = (n: number, members: ObjectId[] = [], more = {}) => ({
  id: group(n),
  displayName: `Group ${n}`,
  securityEnabled: true,
  mailEnabled: false,
  groupTypes: [],
  members,
  ...more,
});

/** Group 1 holds user 1 and group 2; group 2 holds user 2 and group 3; group 3 holds user 3 and group 1: a cycle. */
function nestedWorld(options: { awkward?: string } = {}): TenantInMemory {
  const world = tenantInMemory(options);
  world.import({
    users: people(6),
    groups: [
      team(1, [user(1), group(2)]),
      team(2, [user(2), group(3)]),
      team(3, [user(3), group(1)]),
      team(4, [user(4)]),
    ],
  });
  return world;
}
const users = [1, 2, 3, 4, 5].map((n) => ({ kind: 'user' as const, id: user(n) }));
const groups = [1, 2, 3, 4].map((n) => ({ kind: 'group' as const, id: group(n) }));
const sorted = (ids: Iterable<ObjectId>): ObjectId[] => [...ids].toSorted();

describe('within', () => {
  it('[users.scope.groups] nested: members of groups in the chosen ones count, cycles or not', async () => {
    const port = nestedWorld().port();
    const inside = await port.within([...users, ...groups], { groups: [group(1)], nested: true });
    expect(sorted(inside)).toEqual([user(1), user(2), user(3), group(2), group(3)]);
  });

  it('[users.scope.groups] direct: only who is listed by a chosen group', async () => {
    const port = nestedWorld().port();
    const of = { groups: [group(1), group(4)], nested: false };
    expect(sorted(await port.within([...users, ...groups], of))).toEqual([user(1), user(4), group(2)]);
  });

  it('[users.scope.groups] more groups than one question takes, and objects that are gone', async () => {
    const world = nestedWorld();
    const many = Array.from({ length: 45 }, (_, at) => group(100 + at));
    world.import({ groups: many.map((_, at) => team(100 + at, at === 44 ? [user(5)] : [])) });
    await world.admin('DELETE', `/users/${user(4)}`);
    const port = world.port();
    const asked = [...users, { kind: 'user' as const, id: user(99) }];
    for (const nested of [true, false]) {
      const inside = await port.within(asked, { groups: [...many, group(4)], nested });
      expect(sorted(inside)).toEqual([user(5)]);
    }
  });

  it('[users.scope.groups] follows changes of the chosen groups, and a chosen group that is deleted holds nobody', async () => {
    const world = nestedWorld();
    const port = world.port();
    const of = { groups: [group(1)], nested: true };
    await world.admin('DELETE', `/groups/${group(1)}/members/${group(2)}/$ref`);
    expect(sorted(await port.within(users, of))).toEqual([user(1)]);
    await world.admin('DELETE', `/groups/${group(1)}`);
    expect(sorted(await port.within(users, of))).toEqual([]);
    expect(await port.everyoneWithin(of)).toEqual({ users: new Set(), groups: new Set() });
  });

  it('asks nothing where there is nothing to ask', async () => {
    const world = nestedWorld();
    const port = world.port();
    expect(await port.within([], { groups: [group(1)], nested: true })).toEqual(new Set());
    expect(await port.within(users, { groups: [], nested: true })).toEqual(new Set());
    expect(world.asked).toEqual([]);
  });

  it('asks for twenty objects in one request', async () => {
    const world = nestedWorld();
    const twenty = Array.from({ length: 20 }, (_, at) => ({ kind: 'user' as const, id: user(at) }));
    for (const nested of [true, false]) await world.port().within(twenty, { groups: [group(1)], nested });
    expect(world.asked).toEqual(['POST v1.0 /$batch', 'POST v1.0 /$batch']);
  });

  it('asks again for the parts of a batch that were throttled', async () => {
    const world = nestedWorld({ awkward: 'batch-throttled' });
    const of = { groups: [group(1)], nested: true };
    for (let tries = 0; tries < 30; tries++)
      expect(sorted(await world.port().within(users, of))).toEqual([user(1), user(2), user(3)]);
    expect(world.tenant.state.occurrences.get('batch-throttled')).toBeGreaterThan(0);
  });
});

describe('everyone within', () => {
  it('[users.scope.groups] lists users and groups by kind, each once, the chosen group itself not', async () => {
    const port = nestedWorld().port();
    const nested = await port.everyoneWithin({ groups: [group(1)], nested: true });
    expect([sorted(nested.users), sorted(nested.groups)]).toEqual([
      [user(1), user(2), user(3)],
      [group(2), group(3)],
    ]);
    const direct = await port.everyoneWithin({ groups: [group(1), group(4)], nested: false });
    expect([sorted(direct.users), sorted(direct.groups)]).toEqual([[user(1), user(4)], [group(2)]]);
  });

  it('[users.scope.groups] says the same as the question about each object', async () => {
    const port = nestedWorld().port();
    for (const chosen of [[group(1)], [group(1), group(2)], [group(2), group(4)], [group(3), group(99)]]) {
      for (const nested of [true, false]) {
        const of = { groups: chosen, nested };
        const { users: people, groups: teams } = await port.everyoneWithin(of);
        expect(sorted(await port.within([...users, ...groups], of))).toEqual(sorted([...people, ...teams]));
      }
    }
  });

  it('[users.scope.groups] reads large groups page by page', async () => {
    const world = tenantInMemory();
    world.import({
      users: people(2_500),
      groups: [
        team(
          1,
          people(2_500).map(({ id }) => id),
        ),
      ],
    });
    const everyone = await world.port().everyoneWithin({ groups: [group(1)], nested: true });
    expect(everyone.users.size).toBe(2_500);
    expect(world.asked).toHaveLength(3);
  });

  it('[groups.members.hidden] is refused for a group with hidden membership, unless the application may read those', async () => {
    const world = tenantInMemory();
    const hidden = { visibility: 'HiddenMembership', groupTypes: ['Unified'], mailEnabled: true };
    world.import({ users: people(2), groups: [team(1, [user(1)], hidden)] });
    const of = { groups: [group(1)], nested: true };
    await expect(world.port().everyoneWithin(of)).rejects.toThrow();
    const everyone = await world.port({ readsHidden: true }).everyoneWithin(of);
    expect(sorted(everyone.users)).toEqual([user(1)]);
  });
});
