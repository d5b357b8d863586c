import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { asApp, awkward, round } from './awkward-world.ts';
import { newSubscription, noticesOf, type Subscriber, startSubscriber } from './subscriber.ts';
import {
  fromNow,
  type Item,
  itemIn,
  newUser,
  openWorld,
  readAll,
  standInOnly,
  untilSettled,
  type World,
} from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ pageSize: 5 });
});
afterAll(() => world.close());

const report = async (to: string, on: World = world): Promise<string> => {
  const user = await on.user();
  await assign(user, to, on);
  return user;
};
const assign = (user: string, manager: string, on: World = world) =>
  on.call('PUT', `/users/${user}/manager/$ref`, on.reference(manager));
const expand = '$expand=manager($select=id,userType,onPremisesSyncEnabled,onPremisesSecurityIdentifier)';
const expanded = async (user: string, read = world.call): Promise<Item | undefined> =>
  (await read('GET', `/users/${user}?$select=id,displayName&${expand}`)).body['manager'] as Item | undefined;
const reportsOf = async (manager: string): Promise<string[]> =>
  (await readAll(world, `/users/${manager}/directReports?$select=id&$top=2`)).items.map(({ id }) => id);

describe('D: the manager as a navigation property', () => {
  test('$expand with $select, on one user and on the list; left out where there is none', async () => {
    const manager = await world.user({ displayName: 'Boss' });
    const user = await report(manager);
    expect(await expanded(user)).toEqual({
      '@odata.type': '#microsoft.graph.user',
      id: manager,
      userType: 'Member',
      onPremisesSyncEnabled: null,
      onPremisesSecurityIdentifier: null,
    });
    expect(await expanded(manager)).toBeUndefined();
    const filter = encodeURIComponent(`id eq '${user}'`);
    const { body } = await world.call(
      'GET',
      `/users?$filter=${filter}&$select=id&$expand=manager($select=id)`,
    );
    expect(body.value[0]?.['manager']).toMatchObject({ id: manager });
  });

  test('without a nested $select the manager comes with the default properties', async () => {
    const manager = await world.user({ displayName: 'Boss' });
    const { body } = await world.call('GET', `/users/${await report(manager)}?$select=id&$expand=manager`);
    expect(body['manager']).toMatchObject({ id: manager, displayName: 'Boss', businessPhones: [] });
  });

  test('it is not there in deletedItems', async () => {
    const user = await report(await world.user());
    await world.call('DELETE', `/users/${user}`);
    const path = `/directory/deletedItems/${user}/microsoft.graph.user?$select=id`;
    expect((await world.call('GET', path)).body).not.toHaveProperty('manager');
  });

  test('direct reports, in pages', async () => {
    const manager = await world.user();
    const users = [await report(manager), await report(manager), await report(manager)];
    expect((await reportsOf(manager)).toSorted()).toEqual(users.toSorted());
    await assign(String(users[0]), await world.user());
    expect((await reportsOf(manager)).toSorted()).toEqual(users.slice(1).toSorted());
  });

  test('nobody is their own manager', async () => {
    const user = await world.user();
    expect((await assign(user, user)).status).toBe(400);
  });

  test('a soft-deleted manager is not shown, and is there again after the restore', async () => {
    const manager = await world.user();
    const user = await report(manager);
    await world.call('DELETE', `/users/${manager}`);
    expect(await expanded(user)).toBeUndefined();
    expect((await world.call('GET', `/users/${user}/manager`)).status).toBe(404);
    expect((await world.call('GET', `/users/${manager}/directReports`)).status).toBe(404);
    await world.call('POST', `/directory/deletedItems/${manager}/restore`);
    expect(await expanded(user)).toMatchObject({ id: manager });
    expect(await reportsOf(manager)).toEqual([user]);
  });
});

describe('B: manager@delta', () => {
  const entry = (id: string) => ({ '@odata.type': '#microsoft.graph.user', id });

  test('a full round names managers, only where manager is selected', async () => {
    const manager = await world.user();
    const user = await report(manager);
    const of = async (select: string) =>
      (await readAll(world, `/users/delta?$select=${select}`)).items.find(({ id }) => id === user);
    expect((await of('displayName,manager'))?.['manager@delta']).toEqual([entry(manager)]);
    expect(await of('displayName')).not.toHaveProperty('manager@delta');
  });

  standInOnly(
    'a change names the one before with @removed; another property alone names nobody',
    async () => {
      const [first, second] = [await world.user(), await world.user()];
      const user = await report(first);
      const link = await fromNow(world, 'users', 'displayName,manager');
      await world.call('PATCH', `/users/${user}`, { displayName: 'changed' });
      const { items, link: next } = await readAll(world, link);
      expect(items).toEqual([{ id: user, displayName: 'changed' }]);
      await assign(user, second);
      const changed = await readAll(world, next);
      const removed = { ...entry(first), '@removed': { reason: 'deleted' } };
      expect(changed.items[0]?.['manager@delta']).toEqual([removed, entry(second)]);
      await world.call('DELETE', `/users/${user}/manager/$ref`);
      const gone = await readAll(world, changed.link);
      expect(gone.items[0]?.['manager@delta']).toEqual([
        { ...entry(second), '@removed': { reason: 'deleted' } },
      ]);
    },
  );

  test('a round that does not track the manager says nothing when it changes', async () => {
    const user = await world.user();
    const link = await fromNow(world, 'users', 'displayName');
    await assign(user, await world.user());
    await itemIn(world, link, user, (item) => expect(item).toBeUndefined());
  });

  standInOnly('a manager that goes or comes back says nothing about those who report', async () => {
    const manager = await world.user();
    const user = await report(manager);
    const link = await fromNow(world, 'users', 'displayName,manager');
    await world.call('DELETE', `/users/${manager}`);
    const gone = await readAll(world, link);
    expect(gone.items.map(({ id }) => id)).toEqual([manager]);
    const full = await readAll(world, '/users/delta?$select=displayName,manager');
    expect(full.items.find(({ id }) => id === user)).not.toHaveProperty('manager@delta');
    await world.call('POST', `/directory/deletedItems/${manager}/restore`);
    expect((await readAll(world, gone.link)).items.map(({ id }) => id)).toEqual([manager]);
  });
});

describe('A: notifications of a changed manager', () => {
  let subscriber: Subscriber;
  beforeEach(async () => {
    subscriber = await startSubscriber();
  });
  afterEach(() => subscriber.close());

  standInOnly('come for the user, not for the manager', async () => {
    const [user, manager] = [await world.user(), await world.user()];
    await world.call('POST', '/subscriptions', newSubscription(subscriber, '/users'));
    await assign(user, manager);
    await untilSettled(world);
    expect([noticesOf(subscriber, user).length, noticesOf(subscriber, manager).length]).toEqual([1, 0]);
    await assign(user, manager);
    await untilSettled(world);
    expect(noticesOf(subscriber, user)).toHaveLength(1);
  });
});

describe('awkward managers', () => {
  standInOnly('lagging-reads: the manager of before for a moment, in $expand and in directReports', () =>
    awkward('lagging-reads', async (lagging) => {
      const [first, second] = [await lagging.user(), await lagging.user()];
      const user = await report(first, lagging);
      await new Promise((resolve) => setTimeout(resolve, 2_100)); // what is fresh has no older state to show
      await assign(user, second, lagging);
      const read = (_: string, path: string) => asApp(lagging, path);
      const managers = new Set<string | undefined>();
      const counts = new Set<number>();
      for (let tries = 0; tries < 12; tries += 1) {
        managers.add((await expanded(user, read))?.id);
        counts.add((await asApp(lagging, `/users/${second}/directReports?$select=id`)).body.value.length);
      }
      expect(managers).toEqual(new Set([first, second]));
      expect(counts).toEqual(new Set([0, 1]));
      expect((await expanded(user, lagging.call))?.id).toBe(second);
    }),
  );

  standInOnly('lagging-delta: a round shows the manager of its snapshot', () =>
    awkward('lagging-delta', async (lagging) => {
      const managers = [await lagging.user(), await lagging.user()];
      const user = await lagging.user(newUser());
      let { link } = await round(lagging, '/users/delta?$select=displayName,manager');
      const last: (string | undefined)[] = [];
      for (let tries = 0; tries < 6; tries += 1) {
        const manager = String(managers[tries % 2]);
        await assign(user, manager, lagging);
        await lagging.call('PATCH', `/users/${user}`, { displayName: `at ${tries}` });
        const { pages, link: next } = await round(lagging, link);
        link = next;
        const named = pages
          .flatMap((page) => page.value)
          .flatMap((item) => (item['manager@delta'] ?? []) as Item[]);
        last.push(named.findLast((one) => one['@removed'] === undefined)?.id);
        expect([undefined, manager]).toContain(last.at(-1));
      }
      expect(last).toContain(undefined);
    }),
  );

  standInOnly('half-loaded: an object that changed lately has hardly more than its id', () =>
    awkward('half-loaded', async (world) => {
      const manager = await world.user();
      const user = await report(manager, world);
      const shapes = new Set<string>();
      for (let tries = 0; tries < 40; tries += 1) {
        await world.call('PATCH', `/users/${user}`, { displayName: `at ${tries}` });
        const { status, body } = await asApp(world, `/users/${user}?$select=id,displayName,accountEnabled`);
        expect(status).toBe(200);
        shapes.add(Object.keys(body).toSorted().join());
      }
      expect(shapes).toEqual(
        new Set(['@odata.context,accountEnabled,displayName,id', '@odata.context,displayName,id']),
      );
    }),
  );
});
