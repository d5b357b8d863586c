import { describe, expect, vi } from 'vitest';
import { asApp, awkward, bind, deltaMembers, round, users } from './awkward-world.ts';
import { anyText, type Body, type Item, standInOnly } from './world.ts';

describe.concurrent('awkward delta', () => {
  standInOnly('empty-pages: an empty page with a next link, nothing lost', () =>
    awkward('empty-pages', async (world) => {
      const made = await users(3, world);
      const seen: Body[] = [];
      for (let tries = 0; tries < 3; tries += 1)
        seen.push(...(await round(world, '/users/delta?$select=displayName')).pages);
      const empty = seen.filter((page) => page.value.length === 0);
      expect(empty.length).toBeGreaterThan(0);
      expect(empty.every((page) => page['@odata.nextLink'] !== undefined)).toBe(true);
      expect(seen.flatMap((page) => page.value.map(({ id }) => id))).toEqual(expect.arrayContaining(made));
    }),
  );

  standInOnly('interleaved-groups: a group comes again after others, with its other members', () =>
    awkward('interleaved-groups', async (world) => {
      const members = await users(4, world);
      const [group, other] = [await world.group(bind(world, members)), await world.group()];
      const { pages } = await round(world, '/groups/delta?$select=displayName,members');
      const items = pages.flatMap((page) => page.value);
      const order = items.map(({ id }) => id);
      expect(order.indexOf(other)).toBeGreaterThan(order.indexOf(group));
      expect(order.lastIndexOf(group)).toBeGreaterThan(order.indexOf(other));
      const parts = items.filter(({ id }) => id === group).map(deltaMembers);
      expect(parts.length).toBeGreaterThan(1);
      expect(parts.flat().map(({ id }) => id)).toEqual(members);
    }),
  );

  standInOnly('replayed-items: an item comes twice, the same', () =>
    awkward('replayed-items', async (world) => {
      await users(3, world);
      const repeated: Item[][] = [];
      for (let tries = 0; tries < 5; tries += 1) {
        const { pages } = await round(world, '/users/delta?$select=displayName');
        const items = pages.flatMap((page) => page.value);
        repeated.push(...items.map((item) => items.filter(({ id }) => id === item.id)));
      }
      const twice = repeated.filter((same) => same.length > 1);
      expect(twice.length).toBeGreaterThan(0);
      for (const same of twice) expect(same[0]).toEqual(same[1]);
    }),
  );

  standInOnly('reordered-items: the order is not that of creation', () =>
    awkward('reordered-items', async (world) => {
      const made: string[] = [];
      for (let count = 0; count < 8; count += 1) made.push(await world.user());
      const { pages } = await round(world, '/users/delta?$select=displayName');
      const ids = pages.flatMap((page) => page.value.map(({ id }) => id));
      expect(ids).not.toEqual(made);
      expect(ids.toSorted()).toEqual(made.toSorted());
    }),
  );

  standInOnly('lagging-delta: a round misses the newest change, the next brings it', () =>
    awkward('lagging-delta', async (world) => {
      const id = await world.user({ department: 'old' });
      let { link } = await round(world, '/users/delta?$select=department');
      const missed: boolean[] = [];
      for (let tries = 0; tries < 4; tries += 1) {
        await world.call('PATCH', `/users/${id}`, { department: `new ${tries}` });
        const next = await round(world, link);
        missed.push(next.pages.every((page) => page.value.length === 0));
        link = next.link;
        if (!missed.at(-1)) continue;
        await vi.waitFor(async () => {
          const later = await round(world, link);
          link = later.link;
          expect(later.pages.flatMap((page) => page.value)).toEqual([{ id, department: `new ${tries}` }]);
        });
      }
      expect(missed).toContain(true);
    }),
  );

  standInOnly(
    'resync: a delta link is 410 with a Location, a few times in a run and never twice in a row',
    () =>
      awkward('resync', async (world) => {
        const id = await world.user();
        let { link } = await round(world, '/users/delta?$select=displayName');
        const statuses: number[] = [];
        for (let tries = 0; tries < 60; tries += 1) {
          const answer = await asApp(world, link);
          statuses.push(answer.status);
          if (answer.status !== 410) continue;
          const again = await round(world, String(answer.headers.get('location')));
          expect(again.pages[0]?.value).toEqual([{ id, displayName: anyText }]);
          link = again.link;
        }
        const gone = statuses.flatMap((status, index) => (status === 410 ? [index] : []));
        expect(gone.length).toBeGreaterThanOrEqual(1);
        expect(gone.length).toBeLessThanOrEqual(3);
        expect(gone.every((at, index) => at - (gone[index - 1] ?? -9) > 1)).toBe(true);
      }),
  );
});
