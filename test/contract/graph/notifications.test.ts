import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { newSubscription, noticesOf, type Subscriber, startSubscriber } from './subscriber.ts';
import {
  newGroup,
  openWorld,
  standInOnly,
  subscribing,
  textLike,
  untilSettled,
  type World,
} from './world.ts';

let world: World;
let subscriber: Subscriber;
let made: string[];
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  subscriber = await startSubscriber();
  made = [];
});
afterEach(async () => {
  for (const id of made) await world.call('DELETE', `/subscriptions/${id}`);
  await subscriber.close();
});

async function subscribe(resource: string, more: Record<string, unknown> = {}): Promise<string> {
  const { body } = await world.call('POST', '/subscriptions', newSubscription(subscriber, resource, more));
  made.push(String(body['id']));
  return String(body['id']);
}
const patienceMs = 60_000;
const about = (id: string, changeType = 'updated') =>
  subscriber.next((item) => item.resourceData?.id === id && item.changeType === changeType, patienceMs);
const forget = (): void => {
  subscriber.posts.length = 0;
};

describe('A.5: the notification', () => {
  subscribing('says which object of which subscription, with clientState', async () => {
    const subscriptionId = await subscribe('/users');
    const id = await world.user();
    const notice = await about(id);
    expect(notice).toMatchObject({
      subscriptionId,
      changeType: 'updated',
      clientState: 'secret-known-to-both',
      tenantId: textLike(/^[0-9a-f-]{36}$/),
      resource: textLike(new RegExp(`^users/${id}$`, 'i')),
      resourceData: { id, '@odata.type': textLike(/^#microsoft\.graph\.user$/i) },
    });
    expect(notice).not.toHaveProperty('lifecycleEvent');
  });

  standInOnly('eventTime has milliseconds and is the time of the change', async () => {
    await subscribe('/users');
    const before = Date.now();
    const id = await world.user();
    const eventTime = String((await about(id)).resourceData?.eventTime);
    expect(eventTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Date.parse(eventTime)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(eventTime)).toBeLessThanOrEqual(Date.now());
  });

  subscribing('never carries property values', async () => {
    await subscribe('/users');
    const id = await world.user({ department: 'very-secret-department' });
    expect(JSON.stringify(await about(id))).not.toContain('very-secret-department');
  });

  standInOnly('changes of the same moment share a POST, subscriptions mixed', async () => {
    await subscribe('/users');
    await subscribe('/groups');
    await subscribe('/users', { changeType: 'updated' });
    const id = await world.user();
    await subscriber.next(() => noticesOf(subscriber, id).length === 2);
    const [post] = subscriber.posts.filter(({ items }) => items.some((item) => item.resourceData?.id === id));
    expect(new Set(post?.items.map((item) => item.subscriptionId)).size).toBe(2);
  });

  subscribing('the query of the notification URL is preserved', async () => {
    await subscribe('/users');
    await about(await world.user());
    expect(subscriber.posts[0]?.path).toBe('/notifications?code=key');
  });

  standInOnly('does not wait after the answer to the write where nothing is awkward', async () => {
    await subscribe('/users');
    await about(await world.user());
    const lags: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      const id = await world.user();
      const answeredAt = Date.now();
      await about(id);
      const post = subscriber.posts.find(({ items }) => items.some((item) => item.resourceData?.id === id));
      lags.push((post?.at ?? 0) - answeredAt);
    }
    // The shortest wait of an awkward tenant is longer than this.
    expect(lags.toSorted((left, right) => left - right)[5]).toBeLessThan(300);
  });
});

describe('A.1: what fires', () => {
  subscribing('create, update, soft delete and restore are updated; a purge is deleted', async () => {
    await subscribe('/users');
    const id = await world.user();
    await about(id);
    const steps: [string, string, unknown?][] = [
      ['PATCH', `/users/${id}`, { department: 'HR' }],
      ['DELETE', `/users/${id}`],
      ['POST', `/directory/deletedItems/${id}/restore`],
    ];
    for (const [method, path, body] of steps) {
      forget();
      await world.call(method, path, body);
      await about(id, 'updated');
    }
    await world.call('DELETE', `/users/${id}`);
    await world.call('DELETE', `/directory/deletedItems/${id}`);
    await about(id, 'deleted');
  });

  subscribing('membership changes fire on groups', async () => {
    const [group, user] = [await world.group(), await world.user()];
    await subscribe('/groups');
    await world.call('POST', `/groups/${group}/members/$ref`, world.reference(user));
    await about(group);
    forget();
    await world.call('DELETE', `/groups/${group}/members/${user}/$ref`);
    await about(group);
  });

  standInOnly('a membership notification hints at the members', async () => {
    const [group, user] = [await world.group(), await world.user()];
    await subscribe('/groups');
    await world.call('POST', `/groups/${group}/members/$ref`, world.reference(user));
    expect((await about(group)).resourceData?.['members@delta']).toEqual([{ id: user }]);
    forget();
    await world.call('DELETE', `/groups/${group}/members/${user}/$ref`);
    expect((await about(group)).resourceData?.['members@delta']).toEqual([
      { id: user, '@removed': 'deleted' },
    ]);
  });

  standInOnly('a deleted member says nothing about its groups', async () => {
    const [group, user] = [await world.group(), await world.user()];
    await world.call('POST', `/groups/${group}/members/$ref`, world.reference(user));
    await subscribe('/groups');
    await subscribe('/users');
    await world.call('DELETE', `/users/${user}`);
    await about(user);
    expect(noticesOf(subscriber, group)).toEqual([]);
  });

  standInOnly('only the subscribed change types and resources fire', async () => {
    const [one, other] = [await world.user(), await world.user()];
    await subscribe('/users', { changeType: 'deleted' });
    await subscribe(`users/${one}`, { changeType: 'updated' });
    await world.call('PATCH', `/users/${other}`, { department: 'HR' });
    await world.call('PATCH', `/users/${one}`, { department: 'HR' });
    await about(one);
    expect(noticesOf(subscriber, other)).toEqual([]);
    expect(noticesOf(subscriber, one)).toHaveLength(1);
  });

  standInOnly('a subscription to the members of a group fires for them only', async () => {
    const [group, user] = [await world.group(), await world.user()];
    await subscribe(`groups/${group}/members`);
    await world.call('PATCH', `/groups/${group}`, { displayName: 'renamed' });
    await world.call('POST', `/groups/${group}/members/$ref`, world.reference(user));
    await about(group);
    expect(noticesOf(subscriber, group)).toHaveLength(1);
  });

  standInOnly('created never comes, even where it was asked for', async () => {
    await subscribe('/groups', { changeType: 'created,updated' });
    const { body } = await world.call('POST', '/groups', newGroup());
    await about(String(body['id']));
    expect(noticesOf(subscriber, String(body['id'])).map((item) => item.changeType)).toEqual(['updated']);
  });
});

describe('A.6: delivery', () => {
  standInOnly('what is not taken with 2xx comes again', async () => {
    await subscribe('/users');
    let refusals = 2;
    subscriber.manners.status = () => (refusals-- > 0 ? 503 : 202);
    await about(await world.user());
    expect(refusals).toBeLessThan(0);
  });

  standInOnly('an endpoint that was away gets what it missed', async () => {
    await subscribe('/users');
    const { url } = subscriber;
    await subscriber.close();
    const id = await world.user();
    process.env['CONTRACT_GRAPH_SUBSCRIBER_PORT'] = new URL(url).port;
    subscriber = await startSubscriber();
    delete process.env['CONTRACT_GRAPH_SUBSCRIBER_PORT'];
    await about(id);
  });

  standInOnly('a forged notification has another clientState (A.8)', async () => {
    const subscriptionId = await subscribe('/users');
    const id = await world.user();
    forget();
    await world.call('POST', `${world.tenant.controlUrl}/forge`, { subscriptionId, type: 'user', id });
    const forged = await subscriber.next((item) => item.clientState !== 'secret-known-to-both');
    expect(forged).toMatchObject({ subscriptionId, clientState: 'forged', resourceData: { id } });
  });

  standInOnly('any 2xx will do, and a delivered one does not come again', async () => {
    await subscribe('/users');
    subscriber.manners.status = () => 204;
    const id = await world.user();
    await about(id);
    await untilSettled(world);
    expect(noticesOf(subscriber, id)).toHaveLength(1);
  });
});
