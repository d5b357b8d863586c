import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainPicture } from '../../../local/tenant/directory/photo.ts';
import type { CloudGroup, CloudUser } from '../../../shared/domain/cloud-object.ts';
import type { ObjectId } from '../../../shared/domain/object-id.ts';
import type { Looked, Tenant } from '../../../shared/ports.ts';
import {
  addMember,
  groupBody,
  makeGroup,
  makeUser,
  round,
  type Stand,
  setManager,
  stand,
  userBody,
} from './stand.ts';

/** Managers, scope by groups, photos and beta over the wire. Their finer points are in test/shared/adapters/graph. */
const idOf = (n: number): ObjectId => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` as ObjectId;
const live = <T>(looked: Looked<T> | undefined): T => {
  if (looked?.found !== 'live') throw new Error(`not live: ${looked?.found}`);
  return looked.object;
};
const lookAt = async (tenant: Tenant, id: ObjectId): Promise<CloudUser> =>
  live((await tenant.lookUsers([id], { photo: true })).get(id));

/** How many requests of applications there were, by route. */
async function routesOf({ admin }: Stand): Promise<Record<string, number>> {
  return (await admin('GET', '/control/counters'))['routes'] as Record<string, number>;
}
async function costOf(world: Stand, act: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await routesOf(world);
  await act();
  const after = await routesOf(world);
  const costs = Object.entries(after).map(([route, count]) => [route, count - (before[route] ?? 0)] as const);
  return Object.fromEntries(costs.filter(([, count]) => count > 0));
}

describe('the odd cases over a well-behaved Graph', () => {
  let calm: Stand;
  beforeAll(async () => {
    calm = await stand({ pageSize: 4 });
  });
  afterAll(() => calm.graph.stop());

  it('reads managers one by one, in bulk and from delta pages', async () => {
    const { tenant, admin } = calm;
    const ids = await Promise.all(Array.from({ length: 25 }, (_, n) => makeUser(admin, n)));
    const [boss, ...reports] = ids as [ObjectId, ...ObjectId[]];
    for (const report of reports) await setManager(calm, report, boss);
    const known = { type: 'user', id: boss, known: true, synced: false, sid: null, guest: false };
    expect((await lookAt(tenant, boss)).manager).toBeNull();
    const looked = await tenant.lookUsers(ids);
    for (const report of reports) expect(live(looked.get(report)).manager).toEqual(known);

    const full = await round((link) => tenant.userPage(link));
    const told = new Map(
      full.items.map((item) => [item.id, item.type === 'live' ? item.object.manager : undefined]),
    );
    expect(told.get(boss)).toBeNull();
    for (const report of reports) expect(told.get(report)).toEqual({ type: 'user', id: boss, known: false });

    const [first, second] = reports as [ObjectId, ObjectId];
    await admin('DELETE', `/users/${first}/manager/$ref`);
    await setManager(calm, second, first);
    const next = await round((link) => tenant.userPage(link), full.link);
    const changed = new Map(next.items.map((item) => [item.id, item.type === 'live' && item.object.manager]));
    expect(changed).toEqual(
      new Map([
        [first, null],
        [second, { type: 'user', id: first, known: false }],
      ]),
    );
    expect(await tenant.reportsTo([boss, first])).toHaveLength(23);
  });

  it('asks who is in groups, and lists them', async () => {
    const { tenant, admin } = calm;
    const [inner, outer] = [await makeGroup(admin, 1), await makeGroup(admin, 2)];
    const [a, b, c] = await Promise.all([101, 102, 103].map((n) => makeUser(admin, n)));
    for (const [group, member] of [
      [outer, a],
      [outer, inner],
      [inner, b],
      [inner, outer],
    ] as const)
      await addMember(calm, group, member as ObjectId);
    const users = [a, b, c].map((id) => ({ kind: 'user' as const, id: id as ObjectId }));
    const asked = [...users, { kind: 'group' as const, id: inner }];
    const nested = { groups: [outer], nested: true };
    expect(await tenant.within(asked, nested)).toEqual(new Set([a, b, inner]));
    expect(await tenant.within(asked, { ...nested, nested: false })).toEqual(new Set([a, inner]));
    expect(await tenant.within(users.slice(1, 2), nested)).toEqual(new Set([b]));
    expect(await tenant.everyoneWithin(nested)).toEqual({ users: new Set([a, b]), groups: new Set([inner]) });
  });

  it('is refused the members of a hidden group without Member.Read.Hidden', async () => {
    const { tenant, admin, portWith } = calm;
    const body = {
      ...groupBody(11),
      mailEnabled: true,
      groupTypes: ['Unified'],
      visibility: 'HiddenMembership',
    };
    const hidden = String((await admin('POST', '/groups', body))['id']) as ObjectId;
    const user = await makeUser(admin, 111);
    await addMember(calm, hidden, user);
    await expect(tenant.membersOf(hidden)).rejects.toMatchObject({ code: 'graph-refused' });
    const may = portWith({ roles: ['Member.Read.Hidden'] });
    expect(await may.membersOf(hidden)).toMatchObject([{ id: user }]);
  });

  it('reads photos in a batch of their own, also that of one user', async () => {
    const { admin, tenant, portWith } = calm;
    const photo = plainPicture(96, Buffer.of(9, 9, 9)).image;
    const users = Array.from({ length: 21 }, (_, n) => ({ ...userBody(200 + n), id: idOf(200 + n), photo }));
    await admin('POST', '/control/import', { users: [...users, { ...userBody(300), id: idOf(300) }] });
    const withPhotos = portWith({ photo: true });
    expect((await lookAt(withPhotos, idOf(200))).photo).toBe(photo);
    expect((await lookAt(withPhotos, idOf(300))).photo).toBeNull();
    expect(await lookAt(tenant, idOf(200))).not.toHaveProperty('photo');
    const cost = await costOf(calm, () =>
      withPhotos.lookUsers(
        users.map(({ id }) => id),
        { photo: true },
      ),
    );
    expect(cost).toEqual({
      'POST /$batch': 4,
      'GET /users/:id': 21,
      'GET /users/:id/photos/:size/$value': 21,
    });
  });

  it('reads groups from beta where writebackConfiguration is wanted', async () => {
    const { admin, tenant, portWith } = calm;
    const chosen = { isEnabled: false, onPremisesGroupType: null };
    const groups = [await makeGroup(admin, 31), await makeGroup(admin, 32)] as const;
    await admin('PATCH', `/beta/groups/${groups[0]}`, { writebackConfiguration: { isEnabled: false } });
    const beta = portWith({ writebackConfiguration: true });
    const looked = await beta.lookGroups(groups);
    const writebackOf = (one: Looked<CloudGroup> | undefined) => live(one).writeback;
    expect(writebackOf(looked.get(groups[0]))).toEqual(chosen);
    expect(writebackOf(looked.get(groups[1]))).toEqual({ isEnabled: null, onPremisesGroupType: null });
    const { items } = await round((link) => beta.groupPage(link));
    expect(items.find(({ id }) => id === groups[0])).toMatchObject({ object: { writeback: chosen } });
    expect(writebackOf((await tenant.lookGroups(groups)).get(groups[0]))).toBeUndefined();
  });

  it('costs no more requests than before with default settings', async () => {
    const { admin, tenant } = calm;
    const users = Array.from({ length: 45 }, (_, n) => ({ ...userBody(400 + n), id: idOf(400 + n) }));
    const groups = Array.from({ length: 45 }, (_, n) => ({ ...groupBody(400 + n), id: idOf(500 + n) }));
    await admin('POST', '/control/import', { users, groups });
    expect(await costOf(calm, () => tenant.lookUsers([idOf(400)]))).toEqual({ 'GET /users/:id': 1 });
    expect(await costOf(calm, () => tenant.lookUsers(users.map(({ id }) => id)))).toEqual({
      'POST /$batch': 3,
      'GET /users/:id': 45,
    });
    expect(await costOf(calm, () => tenant.lookGroups(groups.map(({ id }) => id)))).toEqual({
      'POST /$batch': 3,
      'GET /groups/:id': 45,
    });
    expect(await costOf(calm, () => tenant.membersOf(idOf(500)))).toEqual({ 'GET /groups/:id/members': 1 });
  });
});

describe('the odd cases over a Graph at its worst', () => {
  it('reads everything through throttling, outages and half-loaded answers', async () => {
    const world = await stand({ awkward: 'throttled,batch-throttled,unavailable,half-loaded' });
    const { graph, admin, portWith } = world;
    try {
      const photo = plainPicture(96, Buffer.of(9, 9, 9)).image;
      const users = Array.from({ length: 60 }, (_, n) => ({
        ...userBody(n),
        id: idOf(n),
        manager: idOf(0),
        photo,
      }));
      const members = users.map(({ id }) => id);
      await admin('POST', '/control/import', {
        users,
        groups: [{ ...groupBody(1), id: idOf(900), members }],
      });
      const tenant = portWith({ photo: true });
      const of = { groups: [idOf(900)], nested: true };
      const subjects = members.map((id) => ({ kind: 'user' as const, id }));
      for (let n = 0; n < 2; n++) {
        await Promise.all(members.map((id) => admin('PATCH', `/users/${id}`, { jobTitle: `Job ${n}` })));
        for (const one of (await tenant.lookUsers(members, { photo: true })).values())
          expect(live(one)).toMatchObject({ jobTitle: `Job ${n}`, manager: { id: idOf(0) }, photo });
        expect((await tenant.within(subjects, of)).size).toBe(60);
        expect((await tenant.everyoneWithin(of)).users.size).toBe(60);
        expect(await tenant.reportsTo([idOf(0)])).toHaveLength(60);
      }
      const { awkward } = (await admin('GET', '/control/counters')) as { awkward: Record<string, number> };
      expect(Object.keys(awkward).sort()).toEqual([
        'batch-throttled',
        'half-loaded',
        'throttled',
        'unavailable',
      ]);
    } finally {
      await graph.stop();
    }
  });

  it('ends at the truth about managers and groups, however replicas lag', async () => {
    const world = await stand({ awkward: 'lagging-reads' });
    const { graph, admin, tenant } = world;
    try {
      const [user, first, second] = [
        await makeUser(admin, 1),
        await makeUser(admin, 2),
        await makeUser(admin, 3),
      ];
      const group = await makeGroup(admin, 1);
      await setManager(world, user, first);
      await addMember(world, group, user);
      await setManager(world, user, second);
      await admin('DELETE', `/groups/${group}/members/${user}/$ref`);
      const read = async () => [
        (await lookAt(tenant, user)).manager?.id,
        [...(await tenant.within([{ kind: 'user', id: user }], { groups: [group], nested: true }))],
        (await tenant.reportsTo([second])).includes(user),
      ];
      const lagging = async () => (await admin('GET', '/control/settled'))['lagging'];
      await expect.poll(lagging, { timeout: 10_000 }).toBe(0);
      expect(await read()).toEqual([second, [], true]);
    } finally {
      await graph.stop();
    }
  });
});
