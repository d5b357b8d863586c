import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inMinutes, newSubscription, type Subscriber, startSubscriber } from './subscriber.ts';
import { codeOf, messageOf, openWorld, standInOnly, subscribing, type World } from './world.ts';

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

async function subscribe(resource: string, more: Record<string, unknown> = {}) {
  const answer = await world.call('POST', '/subscriptions', newSubscription(subscriber, resource, more));
  if (answer.status === 201) made.push(String(answer.body['id']));
  return answer;
}
const minutesLeft = (value: unknown): number => (Date.parse(String(value)) - Date.now()) / 60_000;

describe('A.4: validation handshake', () => {
  subscribing('both URLs are validated before the create is answered', async () => {
    const { status, body } = await subscribe('/users');
    expect(status).toBe(201);
    expect(body).toMatchObject({ resource: '/users', changeType: 'updated,deleted' });
    expect(subscriber.validations.map(({ path }) => path)).toEqual(['/notifications', '/lifecycle']);
    for (const { method, contentType, token } of subscriber.validations) {
      expect([method, contentType]).toEqual(['POST', 'text/plain; charset=utf-8']);
      expect(token.length).toBeGreaterThan(0);
    }
  });

  subscribing('two requests come even where both URLs are equal', async () => {
    await subscribe('/users', { lifecycleNotificationUrl: subscriber.url });
    expect(subscriber.validations.map(({ path }) => path)).toEqual(['/notifications', '/notifications']);
  });

  const careless: [string, Subscriber['manners']['validation']][] = [
    ['status 202', (token, response) => response.writeHead(202, { 'content-type': 'text/plain' }).end(token)],
    ['JSON', (token, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(token)],
    [
      'the token in quotes',
      (token, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(`"${token}"`),
    ],
    [
      'the token still encoded',
      (token, response) =>
        response.writeHead(200, { 'content-type': 'text/plain' }).end(encodeURIComponent(token)),
    ],
    ['nothing', (_, response) => response.destroy()],
  ];
  for (const [what, validation] of careless) {
    subscribing(`an endpoint that answers ${what} gets no subscription`, async () => {
      subscriber.manners.validation = validation as NonNullable<typeof validation>;
      const answer = await subscribe('/users');
      expect([answer.status, codeOf(answer)]).toEqual([400, 'ValidationError']);
    });
  }

  standInOnly('the token holds what must be decoded exactly once', async () => {
    await subscribe('/users');
    expect(subscriber.validations[0]?.token).toMatch(/\+%20<&>/);
  });
});

describe('A.1: what can be subscribed', () => {
  subscribing('changeType created alone is refused, an unknown one too', async () => {
    for (const changeType of ['created', 'renamed', '', 'updated,renamed']) {
      const answer = await subscribe('/users', { changeType });
      expect([changeType, answer.status, codeOf(answer)]).toEqual([changeType, 400, 'InvalidRequest']);
    }
  });

  subscribing('created,updated is taken', async () => {
    expect((await subscribe('/groups', { changeType: 'created,updated' })).status).toBe(201);
  });

  standInOnly('the resources', async () => {
    for (const resource of ['users', '/groups', `users/${randomUUID()}`, `groups/${randomUUID()}/members`])
      expect([resource, (await subscribe(resource)).status]).toEqual([resource, 201]);
    for (const resource of ['/devices', '/me/messages', `users/${randomUUID()},${randomUUID()}`])
      expect([resource, (await subscribe(resource)).status]).toEqual([resource, 400]);
  });

  subscribing('resource data is not available', async () => {
    expect((await subscribe('/users', { includeResourceData: true })).status).toBe(400);
  });
});

describe('A.2: lifetime, quota, errors', () => {
  subscribing('more than 41,760 minutes are refused, fewer than 45 raised to 45', async () => {
    expect((await subscribe('/users', { expirationDateTime: inMinutes(41_770) })).status).toBe(400);
    const short = await subscribe('/users', { expirationDateTime: inMinutes(5) });
    expect(minutesLeft(short.body['expirationDateTime'])).toBeGreaterThan(43);
    const long = await subscribe('/groups', { expirationDateTime: inMinutes(41_750) });
    expect(minutesLeft(long.body['expirationDateTime'])).toBeGreaterThan(41_740);
  });

  subscribing('the same resource and changeType again is 409', async () => {
    const first = await subscribe('/users');
    const second = await subscribe('users');
    expect(second.status).toBe(409);
    expect(messageOf(second)).toContain('already exists for the requested combination');
    expect(first.status).toBe(201);
  });

  subscribing('of two creates at the same time one is 409', async () => {
    const both = await Promise.all([subscribe('/users'), subscribe('/users')]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
  });

  standInOnly('the 101st of an application is 403; another application has room', async () => {
    const crowd = { token: world.tenant.tokenFor('crowded') };
    const create = (resource: string, options: { token: string }) =>
      world.call('POST', '/subscriptions', newSubscription(subscriber, resource), options);
    for (let count = 0; count < 100; count += 1)
      expect((await create(`users/${randomUUID()}`, crowd)).status).toBe(201);
    const refused = await create('/users', crowd);
    expect(refused.status).toBe(403);
    expect(messageOf(refused)).toContain('100');
    expect((await create('/users', { token: world.tenant.tokenFor('other') })).status).toBe(201);
  });

  subscribing('GET, LIST, PATCH and DELETE; what is gone is 404', async () => {
    const { body } = await subscribe('/users');
    const path = `/subscriptions/${String(body['id'])}`;
    expect((await world.call('GET', path)).body).toMatchObject({ id: body['id'], clientState: null });
    const listed = await world.call('GET', '/subscriptions');
    expect(listed.body.value.map(({ id }) => id)).toContain(body['id']);
    const renewed = await world.call('PATCH', path, { expirationDateTime: inMinutes(120) });
    expect(renewed.status).toBe(200);
    expect(minutesLeft(renewed.body['expirationDateTime'])).toBeGreaterThan(115);
    expect((await world.call('DELETE', path)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await world.call(method, path)).status).toBe(404);
    const late = await world.call('PATCH', path, { expirationDateTime: inMinutes(120) });
    expect(late.status).toBe(404);
  });

  subscribing('a PATCH may change the notification URL, which is validated', async () => {
    const { body } = await subscribe('/users');
    const before = subscriber.validations.length;
    const path = `/subscriptions/${String(body['id'])}`;
    const moved = await world.call('PATCH', path, { notificationUrl: subscriber.url.replace('key', 'new') });
    expect(moved.status).toBe(200);
    expect(subscriber.validations.length).toBe(before + 1);
  });

  standInOnly('an application sees its own subscriptions only', async () => {
    const { body } = await subscribe('/users');
    const other = { token: world.tenant.tokenFor('another') };
    expect((await world.call('GET', '/subscriptions', undefined, other)).body.value).toEqual([]);
    expect((await world.call('GET', `/subscriptions/${String(body['id'])}`, undefined, other)).status).toBe(
      404,
    );
  });
});

describe('A.3: the create request', () => {
  subscribing('a clientState of 128 characters is taken, a longer one refused', async () => {
    expect((await subscribe('/users', { clientState: 'x'.repeat(129) })).status).toBe(400);
    expect((await subscribe('/users', { clientState: 'x'.repeat(128) })).status).toBe(201);
  });

  subscribing('lifecycleNotificationUrl cannot be added later', async () => {
    const { body } = await subscribe('/users', { lifecycleNotificationUrl: undefined });
    const patch = { lifecycleNotificationUrl: subscriber.lifecycleUrl };
    expect((await world.call('PATCH', `/subscriptions/${String(body['id'])}`, patch)).status).toBe(400);
  });

  subscribing('webPush properties, a missing expiry and plain http are refused', async () => {
    expect((await subscribe('/users', { webPushEncoding: 'x' })).status).toBe(400);
    expect((await subscribe('/users', { expirationDateTime: undefined })).status).toBe(400);
    expect((await subscribe('/users', { notificationUrl: 'http://example.com/' })).status).toBe(400);
  });
});

describe('A.7: lifecycle', () => {
  subscribing('reauthorize is 204 and does not extend', async () => {
    const { body } = await subscribe('/users');
    const path = `/subscriptions/${String(body['id'])}`;
    expect((await world.call('POST', `${path}/reauthorize`)).status).toBe(204);
    const after = await world.call('GET', path);
    expect(Date.parse(String(after.body['expirationDateTime']))).toBe(
      Date.parse(String(body['expirationDateTime'])),
    );
  });

  standInOnly(
    'a lifecycle event comes to the lifecycle URL, with clientState and no changeType',
    async () => {
      const { body } = await subscribe('/users');
      const subscriptionId = String(body['id']);
      const event = { subscriptionId, event: 'reauthorizationRequired' };
      await world.call('POST', `${world.tenant.controlUrl}/lifecycle`, event);
      const notice = await subscriber.next((item) => item.lifecycleEvent !== undefined);
      expect(notice).toMatchObject({
        subscriptionId,
        lifecycleEvent: 'reauthorizationRequired',
        clientState: 'secret-known-to-both',
      });
      expect(notice).not.toHaveProperty('changeType');
      expect(subscriber.posts[0]?.path).toBe('/lifecycle?code=key');
    },
  );

  standInOnly('a subscription that expired is 404 and gets nothing any more', async () => {
    const { body } = await subscribe('/users');
    const subscriptionId = String(body['id']);
    await world.call('POST', `${world.tenant.controlUrl}/expire-subscription`, { subscriptionId });
    const renewal = await world.call('PATCH', `/subscriptions/${subscriptionId}`, {
      expirationDateTime: inMinutes(60),
    });
    expect(renewal.status).toBe(404);
    expect((await subscribe('/users')).status).toBe(201);
  });
});

test('without a token nothing is to be had (401)', async () => {
  const answer = await fetch(`${world.base}/subscriptions`);
  expect(answer.status).toBe(401);
});
