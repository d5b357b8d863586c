import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  anyText,
  codeOf,
  deltaLinkIn,
  fromNow,
  type Item,
  itemIn,
  openWorld,
  readAll,
  standInOnly,
  type World,
} from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ pageSize: 5 });
});
afterAll(() => world.close());

const userSelect = 'displayName,department,onPremisesSyncEnabled';
const groupSelect = 'displayName,members';
const add = (group: string, member: string) =>
  world.call('POST', `/groups/${group}/members/$ref`, world.reference(member));
const remove = (group: string, member: string) =>
  world.call('DELETE', `/groups/${group}/members/${member}/$ref`);
const deltaMembers = (item: Item | undefined): Item[] => (item?.['members@delta'] ?? []) as Item[];

describe('B.1: the request', () => {
  test('a full round lists every object once and ends with an absolute delta link', async () => {
    const made = [await world.user(), await world.user(), await world.user()];
    const { items, pages, link } = await readAll(world, `/users/delta?$select=${userSelect}`);
    const ids = items.map(({ id }) => id);
    for (const id of made) expect(ids.filter((one) => one === id)).toHaveLength(1);
    expect(link).toMatch(/^https:\/\/.+\/users\/delta\?\$deltatoken=/);
    for (const page of pages.slice(0, -1)) {
      expect(page['@odata.nextLink']).toMatch(/^https:\/\/.+\/users\/delta\?\$skiptoken=/);
      expect(page).not.toHaveProperty('@odata.deltaLink');
    }
  });

  test('$deltatoken=latest gives only a delta link, from now on', async () => {
    await world.user();
    const { body } = await world.call('GET', `/users/delta?$deltatoken=latest&$select=${userSelect}`);
    expect(body.value).toEqual([]);
    const later = await world.user({ displayName: 'later' });
    await itemIn(world, deltaLinkIn(body), later, (item) =>
      expect(item).toMatchObject({ displayName: 'later' }),
    );
  });

  test('without $select come the default properties; id always', async () => {
    const id = await world.user({ department: 'Sales', jobTitle: 'Clerk' });
    const { items } = await readAll(world, '/users/delta');
    const item = items.find((one) => one.id === id);
    expect(item).toMatchObject({ jobTitle: 'Clerk' });
    expect(item).not.toHaveProperty('department');
    expect(item).not.toHaveProperty('onPremisesSyncEnabled');
    expect(item).not.toHaveProperty('accountEnabled');
  });

  test('a property that never had a value is left out, a cleared one is null', async () => {
    const id = await world.user({ department: 'Sales' });
    await world.call('PATCH', `/users/${id}`, { department: null });
    const { items } = await readAll(world, `/users/delta?$select=${userSelect},jobTitle`);
    const item = items.find((one) => one.id === id);
    expect(item).toHaveProperty('department', null);
    expect(item).not.toHaveProperty('jobTitle');
  });

  test.each(['$top=5', '$orderby=displayName', '$expand=members', '$search="x"'])(
    '%s is refused',
    async (option) => {
      expect((await world.call('GET', `/groups/delta?${option}`)).status).toBe(400);
    },
  );

  test('$filter takes ids only, 50 at most', async () => {
    const [a, b] = [await world.user(), await world.user()];
    const by = (filter: string) => `/users/delta?$select=id&$filter=${encodeURIComponent(filter)}`;
    const { items } = await readAll(world, by(`id eq '${a}'`));
    expect(items.map(({ id }) => id)).toEqual([a]);
    expect((await world.call('GET', by("displayName eq 'x'"))).status).toBe(400);
    expect((await world.call('GET', by(Array(51).fill(`id eq '${b}'`).join(' or ')))).status).toBe(400);
  });

  test('only changes of selected properties give items', async () => {
    const id = await world.user();
    const link = await fromNow(world, 'users', 'displayName');
    await world.call('PATCH', `/users/${id}`, { department: 'HR' });
    const marker = await world.user();
    await itemIn(world, link, marker, (item) => expect(item).toBeDefined());
    const { items } = await readAll(world, link);
    expect(items.map((item) => item.id)).not.toContain(id);
  });

  test('membership is tracked only where members is selected', async () => {
    const [group, user] = [await world.group(), await world.user()];
    const link = await fromNow(world, 'groups', 'displayName');
    await add(group, user);
    const marker = await world.group();
    await itemIn(world, link, marker, (item) => expect(item).toBeDefined());
    const { items } = await readAll(world, link);
    expect(items.map((item) => item.id)).not.toContain(group);
  });

  test('Prefer: return=minimal gives only what changed', async () => {
    const id = await world.user({ department: 'Sales' });
    const link = await fromNow(world, 'users', userSelect);
    await world.call('PATCH', `/users/${id}`, { department: 'HR' });
    await itemIn(world, link, id, (item) => expect(item).toMatchObject({ displayName: anyText }));
    const { body } = await world.call('GET', link, undefined, { headers: { prefer: 'return=minimal' } });
    expect(body.value.find((item) => item.id === id)).toEqual({ id, department: 'HR' });
  });

  test('the official client follows the links as they are', async () => {
    const id = await world.user();
    const first: unknown = await world.client.api('/users/delta?$deltatoken=latest&$select=department').get();
    await world.call('PATCH', `/users/${id}`, { department: 'HR' });
    await itemIn(world, deltaLinkIn(first), id, (item) => expect(item?.['department']).toBe('HR'));
    const second = (await world.client.api(deltaLinkIn(first)).get()) as { value: unknown };
    expect(second.value).toEqual([expect.objectContaining({ id, department: 'HR' })]);
  });
});

describe('B.2: items', () => {
  test('an object that changed comes once, as it is now', async () => {
    const id = await world.user();
    const link = await fromNow(world, 'users', userSelect);
    await world.call('PATCH', `/users/${id}`, { department: 'A' });
    await world.call('PATCH', `/users/${id}`, { department: 'B' });
    await itemIn(world, link, id, (item) => expect(item).toMatchObject({ department: 'B' }));
  });

  test('soft delete: @removed changed; purge: @removed deleted; restore: an item without annotation', async () => {
    const id = await world.user();
    const link = await fromNow(world, 'users', userSelect);
    await world.call('DELETE', `/users/${id}`);
    await itemIn(world, link, id, (item) => expect(item).toEqual({ id, '@removed': { reason: 'changed' } }));
    await world.call('POST', `/directory/deletedItems/${id}/restore`);
    await itemIn(world, link, id, (item) => {
      expect(item).toMatchObject({ displayName: anyText });
      expect(item).not.toHaveProperty('@removed');
    });
    await world.call('DELETE', `/users/${id}`);
    await world.call('DELETE', `/directory/deletedItems/${id}`);
    await itemIn(world, link, id, (item) => expect(item).toEqual({ id, '@removed': { reason: 'deleted' } }));
  });

  test('a soft-deleted object is not in a full round', async () => {
    const id = await world.group();
    await world.call('DELETE', `/groups/${id}`);
    const { items } = await readAll(world, `/groups/delta?$select=${groupSelect}`);
    expect(items.map((item) => item.id)).not.toContain(id);
  });

  test('members@delta holds only what changed', async () => {
    const [group, stays, leaves, comes] = [
      await world.group(),
      await world.user(),
      await world.user(),
      await world.group(),
    ];
    await add(group, stays);
    await add(group, leaves);
    const link = await fromNow(world, 'groups', groupSelect);
    await remove(group, leaves);
    await add(group, comes);
    await itemIn(world, link, group, (item) =>
      expect(deltaMembers(item)).toEqual([
        { '@odata.type': '#microsoft.graph.user', id: leaves, '@removed': { reason: 'deleted' } },
        { '@odata.type': '#microsoft.graph.group', id: comes },
      ]),
    );
  });

  test('a renamed group has no members@delta, nor has a group without members in a full round', async () => {
    const [group, user, empty] = [await world.group(), await world.user(), await world.group()];
    await add(group, user);
    const link = await fromNow(world, 'groups', groupSelect);
    await world.call('PATCH', `/groups/${group}`, { displayName: 'renamed' });
    await itemIn(world, link, group, (item) => {
      expect(item).toMatchObject({ displayName: 'renamed' });
      expect(item).not.toHaveProperty('members@delta');
    });
    const { items } = await readAll(world, `/groups/delta?$select=${groupSelect}`);
    expect(items.find((item) => item.id === empty)).not.toHaveProperty('members@delta');
  });

  test('a full round brings every member of every type', async () => {
    const [group, user, child, device] = [
      await world.group(),
      await world.user(),
      await world.group(),
      await world.device(),
    ];
    for (const member of [user, child, device]) await add(group, member);
    const { items } = await readAll(world, `/groups/delta?$select=${groupSelect}`);
    const members = items.filter((item) => item.id === group).flatMap(deltaMembers);
    expect(members).toEqual([
      { '@odata.type': '#microsoft.graph.user', id: user },
      { '@odata.type': '#microsoft.graph.group', id: child },
      { '@odata.type': '#microsoft.graph.device', id: device },
    ]);
  });

  standInOnly('members of a big group are split over pages, each once', async () => {
    const users = await Promise.all(Array.from({ length: 60 }, () => world.user()));
    const group = await world.group();
    for (const user of users) await add(group, user);
    const { pages } = await readAll(world, `/groups/delta?$select=${groupSelect}`);
    const parts = pages.map((page) => deltaMembers(page.value.find((item) => item.id === group)));
    expect(parts.flat().map(({ id }) => id)).toEqual(users);
    expect(parts.filter((part) => part.length > 0).length).toBeGreaterThanOrEqual(3);
  });

  standInOnly('deleting, restoring and purging a user gives no item in groups/delta', async () => {
    const [group, user] = [await world.group(), await world.user()];
    await add(group, user);
    const link = await fromNow(world, 'groups', groupSelect);
    await world.call('DELETE', `/users/${user}`);
    await world.call('POST', `/directory/deletedItems/${user}/restore`);
    expect((await readAll(world, link)).items).toEqual([]);
    await world.call('DELETE', `/users/${user}`);
    const full = await readAll(world, `/groups/delta?$select=${groupSelect}`);
    expect(full.items.find((item) => item.id === group)).not.toHaveProperty('members@delta');
    await world.call('DELETE', `/directory/deletedItems/${user}`);
    expect((await readAll(world, link)).items).toEqual([]);
  });

  test('a changed manager is an item where manager is selected', async () => {
    const [user, manager] = [await world.user(), await world.user()];
    const link = await fromNow(world, 'users', 'displayName,manager');
    await world.call('PUT', `/users/${user}/manager/$ref`, world.reference(manager));
    await itemIn(world, link, user, (item) =>
      expect(item?.['manager@delta']).toEqual([{ '@odata.type': '#microsoft.graph.user', id: manager }]),
    );
  });

  test('what changes during a round is in it or in the next', async () => {
    const users = await Promise.all(Array.from({ length: 7 }, () => world.user()));
    const first = await world.call('GET', '/users/delta?$select=displayName');
    for (const user of users) await world.call('PATCH', `/users/${user}`, { displayName: 'changed' });
    const rest = await readAll(world, String(first.body['@odata.nextLink']));
    const next = await readAll(world, rest.link);
    const shown = new Map([...first.body.value, ...rest.items, ...next.items].map((item) => [item.id, item]));
    for (const user of users) expect(shown.get(user)).toMatchObject({ displayName: 'changed' });
  });
});

standInOnly('B.2: what changes after its page was read comes in the next round', async () => {
  const first = await world.call('GET', '/users/delta?$select=displayName');
  const id = String(first.body.value[0]?.id);
  await world.call('PATCH', `/users/${id}`, { displayName: 'after its page' });
  const rest = await readAll(world, String(first.body['@odata.nextLink']));
  const next = await readAll(world, rest.link);
  expect(next.items).toEqual([{ id, displayName: 'after its page' }]);
});

describe('B.3: token life', () => {
  standInOnly('an unknown token is 410 with the address of a full round', async () => {
    const link = await fromNow(world, 'users', userSelect);
    const gone = await world.call('GET', `${link.slice(0, -3)}xyz`);
    expect(gone.status).toBe(410);
    expect(codeOf(gone)).toMatch(/syncState/i);
    const location = String(gone.headers.get('location'));
    expect(location).toMatch(/\/users\/delta\?.*\$deltatoken=$/);
    expect((await world.call('GET', location)).body.value.length).toBeGreaterThan(0);
  });

  test('a link is for one kind of object', async () => {
    const link = await fromNow(world, 'users', 'displayName');
    const answer = await world.call('GET', link.replace('/users/', '/groups/'));
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });

  test('a delta link can be used again', async () => {
    const link = await fromNow(world, 'users', userSelect);
    const id = await world.user();
    await itemIn(world, link, id, (item) => expect(item).toBeDefined());
    await itemIn(world, link, id, (item) => expect(item).toBeDefined());
  });
});
