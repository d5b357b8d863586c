import { describe, expect, vi } from 'vitest';
import { asApp, awkward } from './awkward-world.ts';
import { type Answer, clientFor, openWorld, standInOnly } from './world.ts';

describe.concurrent('awkward reads', () => {
  standInOnly('fresh-not-found: 404, then 200; the administrator finds it at once', () =>
    awkward('fresh-not-found', async (world) => {
      const statuses: number[] = [];
      for (let tries = 0; tries < 3; tries += 1) {
        const id = await world.user();
        const before = await asApp(world, `/users/${id}`);
        statuses.push(before.status);
        expect((await world.call('GET', `/users/${id}`)).status).toBe(200);
        await vi.waitFor(async () => expect((await asApp(world, `/users/${id}`)).status).toBe(200));
      }
      expect(statuses).toContain(404);
    }),
  );

  standInOnly('lagging-reads: the old state for a moment, then the new one', () =>
    awkward('lagging-reads', async (world) => {
      const id = await world.user({ department: 'old' });
      await new Promise((resolve) => setTimeout(resolve, 2_100)); // a fresh object has no older state to show
      const seen: unknown[] = [];
      await world.call('PATCH', `/users/${id}`, { department: 'new' });
      for (let tries = 0; tries < 6; tries += 1)
        seen.push((await asApp(world, `/users/${id}?$select=department`)).body['department']);
      expect(new Set(seen)).toEqual(new Set(['old', 'new']));
      expect((await world.call('GET', `/users/${id}?$select=department`)).body['department']).toBe('new');
    }),
  );

  standInOnly('lagging-reads: lists of members and of groups lag too', () =>
    awkward('lagging-reads', async (world) => {
      const [group, user] = [await world.group(), await world.user()];
      await world.call('POST', `/groups/${group}/members/$ref`, world.reference(user));
      const lengths: number[] = [];
      for (let tries = 0; tries < 6; tries += 1) {
        lengths.push((await asApp(world, `/groups/${group}/members?$select=id`)).body.value.length);
        lengths.push((await asApp(world, `/users/${user}/memberOf?$select=id`)).body.value.length);
      }
      expect(new Set(lengths)).toEqual(new Set([0, 1]));
    }),
  );
});

describe.concurrent('awkward answers', () => {
  standInOnly('throttled: 429 with Retry-After, which the official client waits for', () =>
    awkward('throttled', async (world) => {
      const id = await world.user();
      const answers: Answer[] = [];
      for (let tries = 0; tries < 12; tries += 1) answers.push(await asApp(world, `/users/${id}`));
      const [refused] = answers.filter(({ status }) => status === 429);
      expect(refused?.headers.get('retry-after')).toBe('1');
      expect(refused?.body['error']).toMatchObject({ code: 'TooManyRequests' });
      const client = clientFor(world.base, world.tenant.appToken);
      for (let tries = 0; tries < 60; tries += 1)
        expect(await client.api(`/users/${id}`).get()).toMatchObject({ id });
    }),
  );

  standInOnly('batch-throttled: an inner 429 with its own Retry-After, the others answered', () =>
    awkward('batch-throttled', async (world) => {
      const id = await world.user();
      const requests = Array.from({ length: 20 }, (_, number) => {
        return { id: String(number), method: 'GET', url: `/users/${id}` };
      });
      const { status, body } = await world.call(
        'POST',
        '/$batch',
        { requests },
        { token: world.tenant.appToken },
      );
      expect(status).toBe(200);
      const inner = body['responses'] as { status: number; headers: Record<string, string> }[];
      const refused = inner.filter((one) => one.status === 429);
      expect(refused.length).toBeGreaterThan(0);
      expect(refused.length).toBeLessThan(20);
      expect(refused[0]?.headers['Retry-After']).toBe('1');
    }),
  );

  standInOnly('unavailable: 503 now and then', () =>
    awkward('unavailable', async (world) => {
      const id = await world.user();
      const statuses: number[] = [];
      for (let tries = 0; tries < 20; tries += 1) statuses.push((await asApp(world, `/users/${id}`)).status);
      expect(new Set(statuses)).toEqual(new Set([200, 503]));
    }),
  );

  standInOnly('the administrator is never disturbed', async () => {
    const world = await openWorld({ awkward: 'all' });
    try {
      for (let count = 0; count < 40; count += 1) {
        const id = await world.user({ department: 'a' });
        await world.call('PATCH', `/users/${id}`, { department: 'b' });
        const { status, body } = await world.call('GET', `/users/${id}?$select=department`);
        expect([status, body['department']]).toEqual([200, 'b']);
      }
    } finally {
      await world.close();
    }
  });
});
