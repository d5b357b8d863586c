import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Item, messageOf, openWorld, readAll, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ pageSize: 5 });
});
afterAll(() => world.close());

const membersOf = async (group: string, query = ''): Promise<Item[]> =>
  (await readAll(world, `/groups/${group}/members${query}`)).items;
const idsIn = (items: readonly Item[]): string[] => items.map(({ id }) => id).toSorted();
const bind = (ids: readonly string[]) => ({
  'members@odata.bind': ids.map((id) => world.reference(id)['@odata.id']),
});

describe('members', () => {
  test('are added by $ref, removed by $ref', async () => {
    const [group, user] = [await world.group(), await world.user()];
    expect((await world.call('POST', `/groups/${group}/members/$ref`, world.reference(user))).status).toBe(
      204,
    );
    expect(idsIn(await membersOf(group))).toEqual([user]);
    expect((await world.call('DELETE', `/groups/${group}/members/${user}/$ref`)).status).toBe(204);
    expect(await membersOf(group)).toEqual([]);
  });

  test('a second add is refused with 400', async () => {
    const [group, user] = [await world.group(), await world.user()];
    await world.call('POST', `/groups/${group}/members/$ref`, world.reference(user));
    const again = await world.call('POST', `/groups/${group}/members/$ref`, world.reference(user));
    expect(again.status).toBe(400);
    expect(messageOf(again)).toContain('One or more added object references already exist');
  });

  test('an unknown member is 404, and so is removing one that is none', async () => {
    const [group, user] = [await world.group(), await world.user()];
    const unknown = world.reference('11111111-2222-4333-8444-555555555555');
    expect((await world.call('POST', `/groups/${group}/members/$ref`, unknown)).status).toBe(404);
    expect((await world.call('DELETE', `/groups/${group}/members/${user}/$ref`)).status).toBe(404);
  });

  test('PATCH members@odata.bind adds up to 20, and refuses 21', async () => {
    const group = await world.group();
    const users = await Promise.all(Array.from({ length: 21 }, () => world.user()));
    expect((await world.call('PATCH', `/groups/${group}`, bind(users))).status).toBe(400);
    expect((await world.call('PATCH', `/groups/${group}`, bind(users.slice(0, 20)))).status).toBe(204);
    expect(idsIn(await membersOf(group))).toEqual(users.slice(0, 20).toSorted());
  });

  test('a group is created with members bound', async () => {
    const user = await world.user();
    expect(idsIn(await membersOf(await world.group(bind([user]))))).toEqual([user]);
  });

  test('are of several types, told by @odata.type; derived properties can be selected', async () => {
    const [user, group, device] = [await world.user(), await world.group(), await world.device()];
    const parent = await world.group(bind([user, group, device]));
    const members = await membersOf(parent, '?$select=id,userType,onPremisesSyncEnabled,groupTypes');
    const byId = new Map(members.map((member) => [member.id, member]));
    expect(byId.get(user)).toMatchObject({
      '@odata.type': '#microsoft.graph.user',
      userType: 'Member',
      onPremisesSyncEnabled: null,
    });
    expect(byId.get(user)).not.toHaveProperty('groupTypes');
    expect(byId.get(group)).toMatchObject({ '@odata.type': '#microsoft.graph.group', groupTypes: [] });
    expect(byId.get(device)).toMatchObject({ '@odata.type': '#microsoft.graph.device' });
  });

  test('a cast lists one type only', async () => {
    const [user, group] = [await world.user(), await world.group()];
    const parent = await world.group(bind([user, group]));
    expect(idsIn(await membersOf(parent, '/microsoft.graph.user?$select=id'))).toEqual([user]);
    expect(idsIn(await membersOf(parent, '/microsoft.graph.group?$select=id'))).toEqual([group]);
  });

  test('come in pages of $top', async () => {
    const users = await Promise.all(Array.from({ length: 7 }, () => world.user()));
    const group = await world.group(bind(users));
    const { items, pages } = await readAll(world, `/groups/${group}/members?$select=id&$top=3`);
    expect(pages.map((page) => page.value.length)).toEqual([3, 3, 1]);
    expect(idsIn(items)).toEqual(users.toSorted());
  });

  test('owners are separate from members', async () => {
    const [group, user] = [await world.group(), await world.user()];
    await world.call('POST', `/groups/${group}/owners/$ref`, world.reference(user));
    const owners = await world.call('GET', `/groups/${group}/owners?$select=id`);
    expect(owners.body.value.map(({ id }) => id)).toContain(user);
    expect(await membersOf(group)).toEqual([]);
  });
});

describe('memberOf', () => {
  test('lists the groups of a user and of a group, with or without a cast', async () => {
    const [user, child] = [await world.user(), await world.group()];
    const parent = await world.group(bind([user, child]));
    for (const path of [`/users/${user}/memberOf`, `/groups/${child}/memberOf`]) {
      const { items } = await readAll(world, `${path}?$select=id`);
      expect(items).toEqual([{ '@odata.type': '#microsoft.graph.group', id: parent }]);
      const cast = await readAll(world, `${path}/microsoft.graph.group?$select=id,groupTypes`);
      expect(cast.items).toEqual([{ id: parent, groupTypes: [] }]);
    }
  });

  test('comes in pages and leaves out deleted groups', async () => {
    const user = await world.user();
    const groups = [
      await world.group(bind([user])),
      await world.group(bind([user])),
      await world.group(bind([user])),
    ];
    await world.call('DELETE', `/groups/${groups[1]}`);
    const { items, pages } = await readAll(world, `/users/${user}/memberOf?$select=id&$top=1`);
    expect(pages).toHaveLength(2);
    expect(idsIn(items)).toEqual([groups[0], groups[2]].toSorted());
  });
});

describe('B.4: soft delete', () => {
  test('a deleted member is hidden, keeps its membership, and is back when restored', async () => {
    const [user, other] = [await world.user(), await world.user()];
    const group = await world.group(bind([user, other]));
    await world.call('DELETE', `/users/${user}`);
    expect(idsIn(await membersOf(group))).toEqual([other]);
    await world.call('POST', `/directory/deletedItems/${user}/restore`);
    expect(idsIn(await membersOf(group))).toEqual([user, other].toSorted());
  });

  test('a purged member is gone', async () => {
    const user = await world.user();
    const group = await world.group(bind([user]));
    await world.call('DELETE', `/users/${user}`);
    await world.call('DELETE', `/directory/deletedItems/${user}`);
    expect(await membersOf(group)).toEqual([]);
  });

  test('a restored group has its members', async () => {
    const user = await world.user();
    const group = await world.group(bind([user]));
    await world.call('DELETE', `/groups/${group}`);
    expect((await world.call('GET', `/groups/${group}/members`)).status).toBe(404);
    await world.call('POST', `/directory/deletedItems/${group}/restore`);
    expect(idsIn(await membersOf(group))).toEqual([user]);
  });
});

describe('B.4: deletedItems', () => {
  test('a deleted object is 404 where it was and found in deletedItems', async () => {
    const user = await world.user();
    expect((await world.call('DELETE', `/users/${user}`)).status).toBe(204);
    expect((await world.call('GET', `/users/${user}`)).status).toBe(404);
    const { body } = await world.call(
      'GET',
      `/directory/deletedItems/${user}/microsoft.graph.user?$select=id,deletedDateTime,userPrincipalName`,
    );
    expect(body['id']).toBe(user);
    expect(Date.parse(String(body['deletedDateTime']))).not.toBeNaN();
    expect(String(body['userPrincipalName'])).toMatch(new RegExp(`^${user.replaceAll('-', '')}`));
  });

  test('a deleted security group says securityEnabled false; groupTypes still tells', async () => {
    const group = await world.group();
    await world.call('DELETE', `/groups/${group}`);
    const { body } = await world.call('GET', `/directory/deletedItems/${group}`);
    expect(body).toMatchObject({ id: group, securityEnabled: false, groupTypes: [] });
    await world.call('POST', `/directory/deletedItems/${group}/restore`);
    const restored = await world.call('GET', `/groups/${group}?$select=securityEnabled,deletedDateTime`);
    expect(restored.body).toMatchObject({ securityEnabled: true, deletedDateTime: null });
  });

  test('lists need a cast, select and page', async () => {
    const users = [await world.user(), await world.user()];
    for (const user of users) await world.call('DELETE', `/users/${user}`);
    const { items } = await readAll(world, '/directory/deletedItems/microsoft.graph.user?$select=id&$top=1');
    expect(items.map(({ id }) => id)).toEqual(expect.arrayContaining(users));
    const groups = await readAll(world, '/directory/deletedItems/microsoft.graph.group?$select=id');
    expect(groups.items.map(({ id }) => id)).not.toContain(users[0]);
    expect((await world.call('GET', '/directory/deletedItems')).status).toBeGreaterThanOrEqual(400);
  });

  test('a purge is for good', async () => {
    const user = await world.user();
    await world.call('DELETE', `/users/${user}`);
    expect((await world.call('DELETE', `/directory/deletedItems/${user}`)).status).toBe(204);
    expect((await world.call('GET', `/directory/deletedItems/${user}`)).status).toBe(404);
    expect((await world.call('POST', `/directory/deletedItems/${user}/restore`)).status).toBe(404);
  });

  test("a deleted user's principal name is free, and taken back only if it still is", async () => {
    const user = await world.user();
    const { body } = await world.call('GET', `/users/${user}`);
    await world.call('DELETE', `/users/${user}`);
    await world.user({ userPrincipalName: body['userPrincipalName'] });
    expect((await world.call('POST', `/directory/deletedItems/${user}/restore`)).status).toBe(400);
  });
});
