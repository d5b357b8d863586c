import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { newSubscription, noticesOf, type Subscriber, startSubscriber } from './subscriber.ts';
import { fromNow, openWorld, readAll, standInOnly, untilSettled, type World } from './world.ts';

describe('the stand-in outlives kill -9', () => {
  let world: World;
  let subscriber: Subscriber;
  beforeAll(async () => {
    world = await openWorld({ pageSize: 2 });
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    subscriber = await startSubscriber();
  });
  afterEach(() => subscriber.close());

  const powerCut = async (): Promise<void> => {
    await world.tenant.kill();
    await world.tenant.restart();
  };

  standInOnly('objects, links, managers and deleted items', async () => {
    const [user, gone, manager] = [
      await world.user({ department: 'HR' }),
      await world.user(),
      await world.user(),
    ];
    const bound = [user, gone].map((id) => world.reference(id)['@odata.id']);
    const group = await world.group({ 'members@odata.bind': bound });
    await world.call('PUT', `/users/${user}/manager/$ref`, world.reference(manager));
    await world.call('DELETE', `/users/${gone}`);
    await powerCut();
    const { body } = await world.call('GET', `/users/${user}?$select=department`);
    expect(body['department']).toBe('HR');
    expect((await world.call('GET', `/users/${user}/manager`)).body['id']).toBe(manager);
    const members = async () => (await readAll(world, `/groups/${group}/members`)).items.map(({ id }) => id);
    expect(await members()).toEqual([user]);
    expect((await world.call('POST', `/directory/deletedItems/${gone}/restore`)).status).toBe(200);
    expect((await members()).toSorted()).toEqual([user, gone].toSorted());
  });

  standInOnly('delta tokens, in the middle of a round too', async () => {
    const users = [await world.user(), await world.user(), await world.user()];
    const link = await fromNow(world, 'users', 'department');
    const page = await world.call('GET', '/users/delta?$select=department');
    await world.call('PATCH', `/users/${users[0]}`, { department: 'HR' });
    await powerCut();
    const { items } = await readAll(world, link);
    expect(items).toEqual([{ id: users[0], department: 'HR' }]);
    const rest = await readAll(world, String(page.body['@odata.nextLink']));
    const seen = [...page.body.value, ...rest.items].map(({ id }) => id);
    expect(seen).toEqual(expect.arrayContaining(users));
  });

  standInOnly('subscriptions, and notifications that were not taken', async () => {
    await world.call('POST', '/subscriptions', newSubscription(subscriber, '/users'));
    subscriber.manners.status = () => 503;
    const id = await world.user();
    await powerCut();
    subscriber.manners.status = () => 202;
    await subscriber.next((item) => item.resourceData?.id === id);
    const later = await world.user();
    await subscriber.next((item) => item.resourceData?.id === later);
    await untilSettled(world);
    await powerCut();
    const last = await world.user();
    await subscriber.next((item) => item.resourceData?.id === last);
    expect(noticesOf(subscriber, id)).toHaveLength(1);
    expect(noticesOf(subscriber, later)).toHaveLength(1);
  });
});
