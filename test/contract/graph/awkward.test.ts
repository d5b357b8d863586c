import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import { behaviours } from '../../../local/tenant/awkward/behaviours.ts';
import { inMinutes, newSubscription, noticesOf, type Subscriber, startSubscriber } from './subscriber.ts';
import {
  type Answer,
  anyText,
  type Body,
  clientFor,
  deltaLinkIn,
  type Item,
  newUser,
  openWorld,
  standInOnly,
  untilSettled,
  type World,
} from './world.ts';

/** Each behaviour alone, so that a test sees what it does and nothing else. */
async function awkward<T>(name: string, run: (world: World) => Promise<T>, pageSize = 100): Promise<T> {
  const world = await openWorld({ awkward: name, pageSize });
  try {
    const result = await run(world);
    const { body } = await world.call('GET', `${world.tenant.controlUrl}/counters`);
    expect((body['awkward'] as Record<string, number>)[name]).toBeGreaterThan(0);
    return result;
  } finally {
    await world.close();
  }
}

const asApp = (world: World, path: string): Promise<Answer> =>
  world.call('GET', path, undefined, { token: world.tenant.appToken });

/** Pages of a round as an application reads them. */
async function round(world: World, start: string): Promise<{ pages: Body[]; link: string }> {
  const pages: Body[] = [];
  for (let next: string | undefined = start; next !== undefined; ) {
    const { body }: Answer = await asApp(world, next);
    pages.push(body);
    next = body['@odata.nextLink'] as string | undefined;
  }
  return { pages, link: deltaLinkIn(pages.at(-1)) };
}
const users = (count: number, world: World) => Promise.all(Array.from({ length: count }, () => world.user()));
const bind = (world: World, ids: readonly string[]) => ({
  'members@odata.bind': ids.map((id) => world.reference(id)['@odata.id']),
});
const deltaMembers = (item: Item): Item[] => (item['members@delta'] ?? []) as Item[];

describe('awkward delta', () => {
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

describe('awkward reads', () => {
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

describe('awkward answers', () => {
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

describe('awkward notifications', () => {
  let subscriber: Subscriber;
  beforeEach(async () => {
    subscriber = await startSubscriber();
  });
  afterEach(() => subscriber.close());

  /** Creates users one after the other and waits until nothing is on its way. */
  async function create(world: World, count: number): Promise<string[]> {
    await world.call('POST', '/subscriptions', newSubscription(subscriber, '/users'));
    const made: string[] = [];
    for (let one = 0; one < count; one += 1) made.push(await world.user());
    await untilSettled(world);
    return made;
  }
  const arrivals = (made: readonly string[]) => made.map((id) => noticesOf(subscriber, id).length);

  standInOnly('duplicate-notifications', () =>
    awkward('duplicate-notifications', async (world) => {
      expect(new Set(arrivals(await create(world, 10)))).toEqual(new Set([1, 2]));
    }),
  );

  standInOnly('lost-notifications: some never come, and nobody says so', () =>
    awkward('lost-notifications', async (world) => {
      expect(new Set(arrivals(await create(world, 20)))).toEqual(new Set([0, 1]));
    }),
  );

  for (const name of ['reordered-notifications', 'late-notifications'])
    standInOnly(`${name}: later ones come first`, () =>
      awkward(name, async (world) => {
        const made = await create(world, 15);
        expect(arrivals(made)).toEqual(made.map(() => 1));
        const order = subscriber.posts.flatMap((post) => post.items.map((item) => item.resourceData?.id));
        expect(order).not.toEqual(made);
      }),
    );

  standInOnly('expired-subscription: it vanishes; renewing it is 404, creating it anew works', () =>
    awkward('expired-subscription', async (world) => {
      await create(world, 30);
      const token = world.tenant.adminToken;
      const { body } = await world.call('GET', '/subscriptions', undefined, { token });
      expect(body.value).toEqual([]);
      const again = await world.call('POST', '/subscriptions', newSubscription(subscriber, '/users'));
      expect(again.status).toBe(201);
      const renewal = { expirationDateTime: inMinutes(60) };
      const old = subscriber.posts[0]?.items[0]?.subscriptionId;
      expect((await world.call('PATCH', `/subscriptions/${old}`, renewal)).status).toBe(404);
    }),
  );
});

describe('awkward all, seeded', () => {
  const seeds = [1, 2];
  for (const seed of seeds)
    standInOnly(
      `a reader that follows the rules ends at the truth, and met everything (seed ${seed})`,
      async () => {
        const world = await openWorld({ awkward: 'all', seed, pageSize: 40 });
        const subscriber = await startSubscriber();
        try {
          const reader = createReader(world);
          await story(world, subscriber, reader.read);
          await untilSettled(world);
          await reader.read();
          expect(reader.members()).toEqual(await membersInTruth(world));
          const { body } = await world.call('GET', `${world.tenant.controlUrl}/counters`);
          expect(Object.keys(body['awkward'] as object).toSorted()).toEqual(
            Object.keys(behaviours).toSorted(),
          );
        } finally {
          await subscriber.close();
          await world.close();
        }
      },
    );
});

/** 250 objects, 100 changes, a reader that looks after every few of them, and one that renews its subscriptions. */
async function story(world: World, subscriber: Subscriber, read: () => Promise<void>): Promise<void> {
  const imported = Array.from({ length: 230 }, (_, number) => {
    return { ...newUser(), id: `bbbbbbbb-0000-4000-8000-${String(number).padStart(12, '0')}` };
  });
  const ids = imported.map(({ id }) => id);
  const groups = Array.from({ length: 20 }, (_, number) => {
    const id = `cccccccc-0000-4000-8000-${String(number).padStart(12, '0')}`;
    return { id, displayName: id, members: ids.slice(number * 10, number * 10 + 12) };
  });
  await world.call('POST', `${world.tenant.controlUrl}/import`, { users: imported, groups });
  await read();
  for (let change = 0; change < 100; change += 1) {
    if (change % 10 === 0) await subscribe(world, subscriber);
    await changeSomething(world, {
      change,
      user: String(ids[change]),
      group: String(groups[change % 20]?.id),
    });
    if (change % 4 === 3) await read();
  }
}

/** Creates the subscriptions that are not there, patiently, as an application does. */
async function subscribe(world: World, subscriber: Subscriber): Promise<void> {
  for (const resource of ['/users', '/groups']) {
    const token = world.tenant.appToken;
    await patiently(() =>
      world.call('POST', '/subscriptions', newSubscription(subscriber, resource), { token }),
    );
  }
}

async function changeSomething(
  world: World,
  { change, user, group }: { change: number; user: string; group: string },
): Promise<void> {
  const steps = [
    () => world.call('POST', `/groups/${group}/members/$ref`, world.reference(user)),
    () => world.call('DELETE', `/groups/${group}/members/${user}/$ref`),
    () => world.call('PATCH', `/users/${user}`, { displayName: `changed ${change}` }),
    async () => {
      const fresh = await world.user();
      await world.call('POST', `/groups/${group}/members/$ref`, world.reference(fresh));
      await asApp(world, `/users/${fresh}`);
    },
    () => world.call('DELETE', `/users/${user}`),
    async () => {
      await world.call('DELETE', `/users/${user}`);
      await world.call('DELETE', `/directory/deletedItems/${user}`);
    },
    () => world.call('PATCH', `/groups/${group}`, { displayName: `changed ${change}` }),
  ];
  await steps[change % steps.length]?.();
  const requests = [`/users/${user}`, `/groups/${group}`].map((url, id) => {
    return { id: String(id), method: 'GET', url };
  });
  await world.call('POST', '/$batch', { requests }, { token: world.tenant.appToken });
}

/** Asks again while throttled or unavailable. */
async function patiently(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 429 && answer.status !== 503) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20)); // the simulator does not insist on its second
  }
}

/** A client of delta queries: applies items in the order of arrival, begins anew after 410. */
function createReader(world: World) {
  const rounds = {
    users: { link: '', start: '/users/delta?$select=displayName', items: new Map<string, Set<string>>() },
    groups: {
      link: '',
      start: '/groups/delta?$select=displayName,members',
      items: new Map<string, Set<string>>(),
    },
  };
  const readKind = async (kind: 'users' | 'groups'): Promise<void> => {
    const state = rounds[kind];
    for (let next = state.link || state.start; ; ) {
      const answer = await patiently(() => asApp(world, next));
      if (answer.status === 410 || next === state.start) state.items.clear();
      if (answer.status === 410) next = state.start;
      else {
        for (const item of answer.body.value) applyItem(state.items, item);
        const more = answer.body['@odata.nextLink'] as string | undefined;
        if (more === undefined) {
          state.link = deltaLinkIn(answer.body);
          return;
        }
        next = more;
      }
    }
  };
  return {
    read: async () => {
      await readKind('users');
      await readKind('groups');
    },
    members: () => {
      const { users: known, groups } = { users: rounds.users.items, groups: rounds.groups.items };
      const sorted = (members: ReadonlySet<string>): string[] =>
        [...members].filter((one) => known.has(one)).toSorted();
      return Object.fromEntries([...groups].map(([id, members]) => [id, sorted(members)]));
    },
  };
}

function applyItem(items: Map<string, Set<string>>, item: Item): void {
  if (item['@removed'] !== undefined) {
    items.delete(item.id);
    return;
  }
  const members = items.get(item.id) ?? new Set<string>();
  items.set(item.id, members);
  for (const entry of deltaMembers(item)) {
    if (entry['@removed'] === undefined) members.add(entry.id);
    else members.delete(entry.id);
  }
}

async function membersInTruth(world: World): Promise<Record<string, string[]>> {
  const { body } = await world.call('GET', '/groups?$select=id&$top=999');
  const lists = await Promise.all(
    body.value.map(async ({ id }) => {
      const answer = await world.call('GET', `/groups/${id}/members?$select=id&$top=999`);
      return [id, answer.body.value.map((member) => member.id).toSorted()] as const;
    }),
  );
  return Object.fromEntries(lists);
}
