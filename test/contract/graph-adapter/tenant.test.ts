import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTenant } from '../../../shared/adapters/graph/tenant.ts';
import { systemClock } from '../../../shared/adapters/system-clock.ts';
import type { CloudGroup, CloudUser } from '../../../shared/domain/cloud-object.ts';
import { type ObjectId, objectIdFrom } from '../../../shared/domain/object-id.ts';
import { addMember, credentialOf, makeGroup, makeUser, round, type Stand, stand, userBody } from './stand.ts';

/** The port `Tenant` over the tenant simulator: what readers count on, also when Graph behaves as Graph does. */
const missing = objectIdFrom('00000000-0000-4000-8000-000000000001') as ObjectId;

describe('the tenant over a well-behaved Graph', () => {
  let calm: Stand;
  beforeAll(async () => {
    calm = await stand({ pageSize: 3 });
  });
  afterAll(() => calm.graph.stop());

  it('looks at one and at many users, alive, deleted and unknown', async () => {
    const { tenant, admin } = calm;
    const ids = await Promise.all(Array.from({ length: 45 }, (_, n) => makeUser(admin, 100 + n)));
    const [first, second] = ids as [ObjectId, ObjectId];
    await admin('PATCH', `/users/${first}`, {
      jobTitle: 'Clerk',
      accountEnabled: false,
      businessPhones: ['+49 30 1'],
    });
    await admin('DELETE', `/users/${second}`);

    const found = await tenant.lookUsers([...ids, missing]);
    expect(found.size).toBe(46);
    const one = found.get(first) as { found: 'live'; object: CloudUser };
    expect(one.found).toBe('live');
    expect(one.object).toMatchObject({
      id: first,
      displayName: 'User 100',
      jobTitle: 'Clerk',
      accountEnabled: false,
      businessPhones: ['+49 30 1'],
      onPremisesSyncEnabled: null,
      department: null,
    });
    expect(found.get(second)?.found).toBe('deleted');
    expect(found.get(missing)).toEqual({ found: 'missing' });
    expect([...found.values()].filter((looked) => looked.found === 'live')).toHaveLength(44);
    expect((await tenant.lookUsers([first])).get(first)).toEqual(one);
    expect((await tenant.lookUsers([second])).get(second)?.found).toBe('deleted');
    expect((await tenant.lookUsers([])).size).toBe(0);
    await admin('DELETE', `/directory/deletedItems/${second}`);
    expect((await tenant.lookUsers([second])).get(second)).toEqual({ found: 'missing' });
  });

  it('looks at groups, alive and deleted', async () => {
    const { tenant, admin } = calm;
    const ids = [await makeGroup(admin, 1), await makeGroup(admin, 2)] as const;
    await admin('DELETE', `/groups/${ids[1]}`);
    const found = await tenant.lookGroups(ids);
    const live = found.get(ids[0]) as { found: 'live'; object: CloudGroup };
    expect(live.object).toMatchObject({
      displayName: 'Group 1',
      securityEnabled: true,
      mailEnabled: false,
      groupTypes: [],
    });
    const deleted = found.get(ids[1]) as { found: 'deleted'; object: CloudGroup };
    expect([deleted.found, deleted.object.displayName, deleted.object.groupTypes]).toEqual([
      'deleted',
      'Group 2',
      [],
    ]);
  });

  it('follows a full round of users over pages, then only what changed', async () => {
    const { tenant, admin } = calm;
    const kept = await makeUser(admin, 201);
    const gone = await makeUser(admin, 202);
    const full = await round((link) => tenant.userPage(link));
    const ids = full.items.map(({ id }) => id);
    expect(ids).toContain(kept);
    expect(ids).toContain(gone);
    await admin('PATCH', `/users/${kept}`, { jobTitle: 'Boss' });
    await admin('DELETE', `/users/${gone}`);
    const next = await round((link) => tenant.userPage(link), full.link);
    const last = new Map(next.items.map((item) => [item.id, item]));
    expect(last.get(kept)).toMatchObject({ type: 'live', object: { jobTitle: 'Boss' } });
    expect(last.get(gone)).toEqual({ type: 'removed', id: gone, reason: 'changed' });
    expect((await round((link) => tenant.userPage(link), next.link)).items).toEqual([]);
  });

  it('tells who was added to a group and removed from it, and lists members and memberships', async () => {
    const { tenant, admin } = calm;
    const group = await makeGroup(admin, 11);
    const inner = await makeGroup(admin, 12);
    const users = await Promise.all([301, 302, 303, 304, 305].map((n) => makeUser(admin, n)));
    const [first, second] = users as [ObjectId, ObjectId];
    const before = await round((link) => tenant.groupPage(link));
    for (const member of [...users, inner]) await addMember(calm, group, member);
    const added = (await round((link) => tenant.groupPage(link), before.link)).items.filter(
      ({ id }) => id === group,
    );
    const addedIds = added.flatMap((item) => (item.type === 'live' ? item.added : []));
    expect(new Set(addedIds.map(({ id }) => id))).toEqual(new Set([...users, inner]));
    expect(addedIds.find(({ id }) => id === inner)).toEqual({ type: 'group', id: inner, known: false });

    const members = await tenant.membersOf(group);
    expect(members).toHaveLength(6);
    expect(members).toContainEqual({
      type: 'user',
      id: first,
      known: true,
      synced: false,
      sid: null,
      guest: false,
    });
    expect(members).toContainEqual({
      type: 'group',
      id: inner,
      known: true,
      synced: false,
      sid: null,
      mailEnabled: false,
      groupTypes: [],
      roleAssignable: false,
    });
    expect(await tenant.membershipsOf('user', first)).toEqual([group]);
    expect(await tenant.membershipsOf('group', inner)).toEqual([group]);
    expect(await tenant.membershipsOf('user', missing)).toBe('missing');
    expect(await tenant.membersOf(missing)).toBe('missing');

    const link = (await round((link) => tenant.groupPage(link), before.link)).link;
    await admin('DELETE', `/groups/${group}/members/${second}/$ref`);
    const removed = (await round((link) => tenant.groupPage(link), link)).items.flatMap((item) =>
      item.type === 'live' ? item.removed : [],
    );
    expect(removed).toEqual([{ type: 'user', id: second, known: false }]);
  });

  it('resolves bare members, synced ones with their SID, and leaves out what is not readable', async () => {
    const { tenant, admin } = calm;
    const synced = '00000000-0000-4000-8000-00000000a001' as ObjectId;
    const sid = 'S-1-5-21-1-2-3-1104';
    await admin('POST', '/control/import', {
      users: [
        { ...userBody(401), id: synced, onPremisesSyncEnabled: true, onPremisesSecurityIdentifier: sid },
      ],
    });
    const group = await makeGroup(admin, 21);
    const device = { type: 'other' as const, id: '00000000-0000-4000-8000-00000000dddd' as ObjectId };
    const resolved = await tenant.resolveMembers([
      { type: 'user', id: synced, known: false },
      { type: 'group', id: group, known: false },
      { type: 'user', id: missing, known: false },
      device,
    ]);
    expect(resolved).toEqual([
      { type: 'user', id: synced, known: true, synced: true, sid, guest: false },
      {
        type: 'group',
        id: group,
        known: true,
        synced: false,
        sid: null,
        mailEnabled: false,
        groupTypes: [],
        roleAssignable: false,
      },
      device,
    ]);
  });

  it('does not follow a stored link to another host, but starts anew', async () => {
    expect(await calm.tenant.userPage('https://elsewhere.example/v1.0/users/delta?$deltatoken=x')).toEqual({
      type: 'resync',
    });
  });

  it('is refused with a token of somebody else', async () => {
    const stranger = createTenant({
      baseUrl: calm.graph.url,
      credential: credentialOf('a.b.c'),
      clock: systemClock,
    });
    await expect(stranger.lookUsers([missing])).rejects.toMatchObject({
      code: 'graph-refused',
      disposition: 'halt',
    });
  });

  it('says that Graph is unavailable when nobody answers', async () => {
    const nobody = createTenant({
      baseUrl: 'https://localhost:1/v1.0',
      credential: credentialOf('t'),
      clock: systemClock,
    });
    await expect(nobody.lookUsers([missing])).rejects.toMatchObject({
      code: 'graph-unavailable',
      disposition: 'retry',
    });
  });
});

describe('the tenant over a Graph at its worst', () => {
  it('reads everything through throttling, refused parts of batches and outages', async () => {
    const { graph, tenant, admin } = await stand({ awkward: 'throttled,batch-throttled,unavailable' });
    try {
      const users = Array.from({ length: 300 }, (_, n) => ({ ...userBody(n), id: idOf(n) }));
      await admin('POST', '/control/import', { users });
      for (let n = 0; n < 6; n++) {
        const found = await tenant.lookUsers(users.map(({ id }) => id));
        expect([...found.values()].every((looked) => looked.found === 'live')).toBe(true);
        for (let k = 0; k < 10; k++) await tenant.lookUsers([idOf(k)]);
      }
      const { awkward } = (await admin('GET', '/control/counters')) as { awkward: Record<string, number> };
      expect(Object.keys(awkward).sort()).toEqual(['batch-throttled', 'throttled', 'unavailable']);
    } finally {
      await graph.stop();
    }
  });

  it('gets through rounds with empty pages, replays, lagging and lost tokens', async () => {
    const awkward = 'empty-pages,interleaved-groups,replayed-items,reordered-items,lagging-delta,resync';
    const { graph, tenant, admin } = await stand({ awkward, pageSize: 7 });
    try {
      let { link } = await round((link) => tenant.userPage(link));
      let resyncs = 0;
      const made: ObjectId[] = [];
      const seen = new Set<ObjectId>();
      for (let n = 0; n < 12 || seen.size < made.length; n++) {
        if (n < 12) made.push(await makeUser(admin, n));
        const next = await round((link) => tenant.userPage(link), link);
        for (const { id } of next.items) seen.add(id);
        link = next.link;
        resyncs += next.resyncs;
      }
      expect(made.filter((id) => !seen.has(id))).toEqual([]);
      expect(resyncs).toBeGreaterThan(0);
    } finally {
      await graph.stop();
    }
  });

  it('finds a fresh object that was not readable at first, and never takes a live one for purged', async () => {
    const { graph, tenant, admin } = await stand({ awkward: 'fresh-not-found,lagging-reads' });
    try {
      const made: ObjectId[] = [];
      for (let n = 0; n < 8; n++) {
        made.push(await makeUser(admin, n));
        const looked = await tenant.lookUsers(made);
        expect(looked.size).toBe(made.length);
      }
      await expect
        .poll(
          async () =>
            [...(await tenant.lookUsers(made)).values()].filter(({ found }) => found === 'live').length,
          {
            timeout: 15_000,
          },
        )
        .toBe(8);
    } finally {
      await graph.stop();
    }
  });
});

const idOf = (n: number): ObjectId =>
  `00000000-0000-4000-8000-${String(n + 10).padStart(12, '0')}` as ObjectId;
