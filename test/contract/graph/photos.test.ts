import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainPicture } from '../../../local/tenant/directory/photo.ts';
import { newSubscription, startSubscriber } from './subscriber.ts';
import { fromNow, openWorld, readAll, standInOnly, untilSettled, type World } from './world.ts';

let world: World;
let token: string;
beforeAll(async () => {
  world = await openWorld();
  token = process.env['CONTRACT_GRAPH_TOKEN'] ?? world.tenant.adminToken;
});
afterAll(() => world.close());

const picture = (size: number, colour = 1): Buffer =>
  Buffer.from(plainPicture(size, Buffer.of(colour, 2, 3)).image, 'base64');

/** Pictures are bytes, not JSON. */
async function send(method: string, path: string, bytes?: Buffer) {
  const answer = await fetch(`${world.base}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(bytes && { 'content-type': 'image/png' }) },
    ...(bytes && { body: new Uint8Array(bytes) }),
  });
  const content = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, contentType: answer.headers.get('content-type'), content };
}

describe('photos', () => {
  test('put, get, delete; 404 where there is none', async () => {
    const path = `/users/${await world.user()}/photo/$value`;
    expect((await send('GET', path)).status).toBe(404);
    expect((await send('PUT', path, picture(240))).status).toBeLessThan(300);
    const got = await send('GET', path);
    expect([got.status, got.contentType?.split('/')[0]]).toEqual([200, 'image']);
    expect((await send('DELETE', path)).status).toBe(204);
    expect((await send('GET', path)).status).toBe(404);
  });

  standInOnly('come in the sizes that are not larger than the picture', async () => {
    const user = await world.user();
    await send('PUT', `/users/${user}/photo/$value`, picture(240));
    const statuses: Record<number, number> = {};
    for (const size of [48, 96, 240, 360, 50]) {
      const { status, content } = await send('GET', `/users/${user}/photos/${size}x${size}/$value`);
      statuses[size] = status;
      if (status === 200) expect(content.readUInt32BE(16)).toBe(size);
    }
    expect(statuses).toEqual({ 48: 200, 50: 404, 96: 200, 240: 200, 360: 404 });
    const { body } = await world.call('GET', `/users/${user}/photo`);
    expect(body).toMatchObject({ id: '240x240', width: 240, height: 240 });
  });

  standInOnly('another picture gives other sizes', async () => {
    const user = await world.user();
    const small = async (): Promise<string> =>
      (await send('GET', `/users/${user}/photos/96x96/$value`)).content.toString('base64');
    await send('PUT', `/users/${user}/photo/$value`, picture(240, 1));
    const first = await small();
    await send('PUT', `/users/${user}/photo/$value`, picture(240, 200));
    expect(await small()).not.toBe(first);
  });

  test('are base64 in a batch', async () => {
    const user = await world.user();
    await send('PUT', `/users/${user}/photo/$value`, picture(96));
    const requests = [{ id: '1', method: 'GET', url: `/users/${user}/photo/$value` }];
    const { body } = await world.call('POST', '/$batch', { requests });
    const [answer] = body['responses'] as { status: number; body: string }[];
    expect(answer?.status).toBe(200);
    const { content } = await send('GET', `/users/${user}/photo/$value`);
    expect(answer?.body).toBe(content.toString('base64'));
  });

  standInOnly('a changed photo is in no round and in no notification; it survives a restart', async () => {
    const user = await world.user();
    const subscriber = await startSubscriber();
    await world.call('POST', '/subscriptions', newSubscription(subscriber, '/users'));
    const link = await fromNow(world, 'users', 'displayName');
    await send('PUT', `/users/${user}/photo/$value`, picture(96));
    await untilSettled(world);
    expect(subscriber.posts).toEqual([]);
    expect((await readAll(world, link)).items).toEqual([]);
    await subscriber.close();
    await world.tenant.kill();
    await world.tenant.restart();
    expect((await send('GET', `/users/${user}/photo/$value`)).content).toEqual(picture(96));
  });

  standInOnly('what is no picture is refused', async () => {
    const answer = await send('PUT', `/users/${await world.user()}/photo/$value`, Buffer.from('text'));
    expect(answer.status).toBe(400);
  });
});
