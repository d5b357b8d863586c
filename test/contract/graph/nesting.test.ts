import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asApp, awkward } from './awkward-world.ts';
import { codeOf, newGroup, openWorld, readAll, standInOnly, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ pageSize: 3 });
});
afterAll(() => world.close());

const add = (group: string, member: string, on: World = world) =>
  on.call('POST', `/groups/${group}/members/$ref`, on.reference(member));
const groupOf = async (...members: string[]): Promise<string> => {
  const group = await world.group();
  for (const member of members) await add(group, member);
  return group;
};
const idsOf = async (path: string): Promise<string[]> =>
  (await readAll(world, path)).items.map(({ id }) => id).toSorted();
const check = async (subject: string, groupIds: readonly string[]) =>
  (await world.call('POST', `${subject}/checkMemberGroups`, { groupIds })).body['value'];

describe('C: membership through groups', () => {
  test('transitiveMembers lists each once, in pages, by cast too; transitiveMemberOf is the way back', async () => {
    const [a, b, both] = [await world.user(), await world.user(), await world.user()];
    const inner = await groupOf(b, both);
    const outer = await groupOf(a, both, inner);
    expect(await idsOf(`/groups/${outer}/transitiveMembers?$select=id&$top=2`)).toEqual(
      [a, b, both, inner].toSorted(),
    );
    const users = await idsOf(`/groups/${outer}/transitiveMembers/microsoft.graph.user?$select=id`);
    expect(users).toEqual([a, b, both].toSorted());
    expect(await idsOf(`/users/${b}/transitiveMemberOf?$select=id`)).toEqual([inner, outer].toSorted());
  });

  test('checkMemberGroups answers those of the groups that hold the object, directly or not', async () => {
    const user = await world.user();
    const inner = await groupOf(user);
    const outer = await groupOf(inner);
    const other = await world.group();
    expect(await check(`/users/${user}`, [other, outer, inner])).toEqual([outer, inner]);
    expect(await check(`/groups/${inner}`, [outer, other])).toEqual([outer]);
    expect(await check(`/users/${user}`, [other])).toEqual([]);
  });

  test('checkMemberGroups takes 20 groups, and no user that is not there', async () => {
    const [user, group] = [await world.user(), await world.group()];
    const many = Array.from({ length: 21 }, () => group);
    expect((await world.call('POST', `/users/${user}/checkMemberGroups`, { groupIds: many })).status).toBe(
      400,
    );
    expect(await check(`/users/${user}`, many.slice(0, 20))).toEqual([]);
    const nobody = '/users/11111111-2222-4333-8444-555555555555/checkMemberGroups';
    expect((await world.call('POST', nobody, { groupIds: [group] })).status).toBe(404);
  });

  test('groups that contain each other end the search', async () => {
    const user = await world.user();
    const first = await groupOf(user);
    const second = await groupOf(first);
    await add(first, second);
    expect(await idsOf(`/groups/${second}/transitiveMembers?$select=id`)).toEqual(
      expect.arrayContaining([user, first].toSorted()),
    );
    expect(await check(`/users/${user}`, [second])).toEqual([second]);
  });

  test('a soft-deleted group leads nowhere', async () => {
    const user = await world.user();
    const inner = await groupOf(user);
    const outer = await groupOf(inner);
    await world.call('DELETE', `/groups/${inner}`);
    expect(await check(`/users/${user}`, [outer])).toEqual([]);
    expect(await idsOf(`/groups/${outer}/transitiveMembers?$select=id`)).toEqual([]);
  });

  standInOnly('an application may ask, also by batch', async () => {
    const user = await world.user();
    const group = await groupOf(user);
    const headers = { 'Content-Type': 'application/json' };
    const url = `/users/${user}/checkMemberGroups`;
    const requests = [{ id: '1', method: 'POST', url, headers, body: { groupIds: [group] } }];
    const { body } = await world.call('POST', '/$batch', { requests }, { token: world.tenant.appToken });
    expect(body['responses']).toMatchObject([{ id: '1', status: 200, body: { value: [group] } }]);
  });

  standInOnly('lagging-reads: the answer of before for a moment', () =>
    awkward('lagging-reads', async (lagging) => {
      const [user, group] = [await lagging.user(), await lagging.group()];
      await add(group, user, lagging);
      const token = lagging.tenant.appToken;
      const path = `/users/${user}/checkMemberGroups`;
      const lengths = new Set<number>();
      for (let tries = 0; tries < 12; tries += 1) {
        const { body } = await lagging.call('POST', path, { groupIds: [group] }, { token });
        lengths.add(body.value.length);
        lengths.add(
          (await asApp(lagging, `/groups/${group}/transitiveMembers?$select=id`)).body.value.length,
        );
      }
      expect(lengths).toEqual(new Set([0, 1]));
    }),
  );
});

describe('D.2: hidden membership', () => {
  const hiddenGroup = () =>
    world.group({
      ...newGroup(),
      mailEnabled: true,
      groupTypes: ['Unified'],
      visibility: 'HiddenMembership',
    });

  test('is for Microsoft 365 groups, and chosen when the group is created', async () => {
    const refused = await world.call('POST', '/groups', { ...newGroup(), visibility: 'HiddenMembership' });
    expect(refused.status).toBe(400);
    const hidden = await hiddenGroup();
    expect((await world.call('GET', `/groups/${hidden}`)).body['visibility']).toBe('HiddenMembership');
    expect((await world.call('PATCH', `/groups/${hidden}`, { visibility: 'Public' })).status).toBe(400);
  });

  standInOnly('is read with Member.Read.Hidden only', async () => {
    const [group, user] = [await hiddenGroup(), await world.user()];
    await add(group, user);
    const may = { token: world.tenant.tokenFor('application', ['Member.Read.Hidden']) };
    const mayNot = { token: world.tenant.appToken };
    const read = (path: string, options: { token: string }) => world.call('GET', path, undefined, options);
    const lists = [`/groups/${group}/members`, `/groups/${group}/transitiveMembers`];
    for (const path of lists) {
      expect((await read(path, may)).body.value.map(({ id }) => id)).toEqual([user]);
      const refused = await read(path, mayNot);
      expect([refused.status, codeOf(refused)]).toEqual([403, 'Authorization_RequestDenied']);
    }
    expect((await read(`/users/${user}/memberOf`, may)).body.value).toHaveLength(1);
    expect((await read(`/users/${user}/memberOf`, mayNot)).body.value).toEqual([]);
    const delta = async (options: { token: string }) =>
      (await readAll(world, '/groups/delta?$select=displayName,members', options)).items.find(
        ({ id }) => id === group,
      );
    expect(await delta(may)).toHaveProperty('members@delta');
    expect(await delta(mayNot)).not.toHaveProperty('members@delta');
  });
});
