import { describe, expect, it } from 'vitest';
import { durationMs, epochMs } from '../../../shared/domain/time.ts';
import { WritebackError } from '../../../shared/errors.ts';
import type { Subscription, Subscriptions } from '../../../shared/ports.ts';
import { createKeeper } from '../../../shared/subscribing/keep-subscriptions.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeDoorbell } from '../../fakes/doorbell.ts';
import { fakeLog } from '../../fakes/log.ts';
import { FakeTelemetry } from '../../fakes/telemetry.ts';

const now = 1_795_000_000_000;
const lifetimeMs = durationMs(41_000 * 60_000);
const notificationUrl = 'https://app.example/api/graph/notifications?v=1';
const lifecycleUrl = 'https://app.example/api/graph/lifecycle?v=1';
const minute = 60_000;

/** Graph's side: what is subscribed. `refusals`: how many creations fail first. */
function fakeSubscriptions(existing: Subscription[], refusals = 0) {
  let made = 0;
  let left = refusals;
  const world = new Map(existing.map((one) => [one.id, one]));
  const subscriptions: Subscriptions = {
    list: async () => [...world.values()],
    async create({ resource, expiresAt, endpoint }) {
      if (left > 0) {
        left -= 1;
        throw new WritebackError('graph-unavailable', { detail: 'validation' });
      }
      const same = [...world.values()].some(
        (one) => one.resource === resource && one.changeType === 'updated,deleted',
      );
      if (same) return 'exists';
      made += 1;
      const one = subscription(`made-${made}`, {
        resource,
        expiresAt,
        notificationUrl: endpoint.notificationUrl,
        lifecycleNotificationUrl: endpoint.lifecycleUrl,
      });
      world.set(one.id, one);
      return one;
    },
    async renew(id, expiresAt) {
      const one = world.get(id);
      if (one === undefined) return 'gone';
      world.set(id, { ...one, expiresAt });
      return { ...one, expiresAt };
    },
    async remove(id) {
      world.delete(id);
    },
  };
  return { world, subscriptions };
}

const subscription = (id: string, more: Partial<Subscription> = {}): Subscription => ({
  id,
  resource: 'users',
  notificationUrl,
  lifecycleNotificationUrl: lifecycleUrl,
  changeType: 'updated,deleted',
  expiresAt: epochMs(now + lifetimeMs - 60 * minute),
  ...more,
});

function scene(existing: Subscription[], refusals = 0) {
  const { world, subscriptions } = fakeSubscriptions(existing, refusals);
  const clock = fakeClock(now);
  const outbox = fakeDoorbell();
  const telemetry = new FakeTelemetry();
  const deps = {
    telemetry,
    subscriptions,
    outbox,
    clock,
    log: fakeLog(),
    endpoint: async () => ({ notificationUrl, lifecycleUrl, clientState: 'secret' }),
    lifetimeMs,
  };
  return { world, clock, outbox, telemetry, deps, keeper: createKeeper(deps) };
}
const state = ({ world }: ReturnType<typeof scene>) =>
  [...world.values()].map(({ id, resource, expiresAt }) => [id, resource, expiresAt - now]).sort();
const toldHours = ({ telemetry }: ReturnType<typeof scene>) =>
  telemetry
    .of('writeback.subscription.expiry')
    .map(({ value, dimensions }) => `${dimensions['resource']} ${value / 3_600}`);
const rungRounds = ({ outbox }: ReturnType<typeof scene>) => outbox.sent.map(({ to }) => to);

const both = (more: Partial<Subscription> = {}) => [
  subscription('u', more),
  subscription('g', { ...more, resource: 'groups' }),
];

describe('keep', () => {
  it('makes both and rings for rounds', async () => {
    const it = scene([]);
    await it.keeper.keep();
    expect(state(it)).toEqual([
      ['made-1', 'users', lifetimeMs],
      ['made-2', 'groups', lifetimeMs],
    ]);
    expect(rungRounds(it)).toEqual(['users', 'groups']);
    expect(it.outbox.sent[0]?.message).toMatchObject({ cause: 'subscription', want: { type: 'round' } });
  });

  it('leaves alone what has more than half of its life left, whatever its spelling', async () => {
    const it = scene([
      subscription('u', { resource: '/Users' }),
      subscription('g', { resource: '/groups', changeType: 'deleted,updated' }),
    ]);
    const before = state(it);
    await it.keeper.keep();
    expect(state(it)).toEqual(before);
    expect(it.outbox.sent).toEqual([]);
  });

  it('renews what has less', async () => {
    const it = scene(both({ expiresAt: epochMs(now + lifetimeMs / 2 - 1) }));
    await it.keeper.keep();
    expect(state(it)).toEqual([
      ['g', 'groups', lifetimeMs],
      ['u', 'users', lifetimeMs],
    ]);
    expect(it.outbox.sent).toEqual([]);
  });

  it.each([
    ['expired', { expiresAt: epochMs(now - 1) }],
    ['with another URL', { notificationUrl: 'https://old.example/api/graph/notifications?v=1' }],
    ['with another secret', { notificationUrl: 'https://app.example/api/graph/notifications?v=2' }],
    ['with another lifecycle URL', { lifecycleNotificationUrl: 'https://old.example/x' }],
    ['with another change type', { changeType: 'updated' }],
  ])('makes anew what is %s', async (_, more) => {
    const it = scene([subscription('u', more), subscription('g', { resource: 'groups' })]);
    await it.keeper.keep();
    expect(state(it).map(([id]) => id)).toEqual(['g', 'made-1']);
    expect(rungRounds(it)).toEqual(['users', 'groups']);
  });

  it('makes anew what is gone when it is renewed', async () => {
    const it = scene(both({ expiresAt: epochMs(now + minute) }));
    const { subscriptions } = it.deps;
    const renew: Subscriptions['renew'] = async (id, at) => {
      if (id === 'u') it.world.delete('u');
      return await subscriptions.renew(id, at);
    };
    await createKeeper({ ...it.deps, subscriptions: { ...subscriptions, renew } }).keep();
    expect(state(it).map(([id]) => id)).toEqual(['g', 'made-1']);
    expect(rungRounds(it)).toEqual(['users', 'groups']);
  });

  it('keeps one of two of ours, and adopts what somebody else makes at the same time', async () => {
    const doubled = scene([...both(), subscription('u2', { expiresAt: epochMs(now + lifetimeMs) })]);
    await doubled.keeper.keep();
    expect(state(doubled).map(([id]) => id)).toEqual(['g', 'u2']);
    const raced = scene([]);
    await Promise.all([raced.keeper.keep(), createKeeper(raced.deps).keep()]);
    expect(
      state(raced)
        .map(([, resource]) => resource)
        .sort(),
    ).toEqual(['groups', 'users']);
  });

  it('leaves subscriptions to other resources alone', async () => {
    const it = scene([
      ...both(),
      subscription('other', { resource: 'users/1', notificationUrl: 'https://x.example' }),
    ]);
    await it.keeper.keep();
    expect(it.world.has('other')).toBe(true);
  });

  it('tries again while our endpoint is not up yet', async () => {
    const it = scene([], 3);
    let done = false;
    const keeping = it.keeper.keep().then(() => {
      done = true;
    });
    while (!done) {
      await new Promise((resolve) => setImmediate(resolve));
      it.clock.advance(1_000);
    }
    await keeping;
    expect(it.world.size).toBe(2);
  });
});

describe('begin', () => {
  it('makes what is missing, once, however many instances start together', async () => {
    const it = scene([subscription('old', { notificationUrl: 'https://old.example/n' })]);
    await Promise.all([1, 2, 3, 4].map(() => createKeeper(it.deps).begin()));
    expect(new Set([...it.world.values()].map(({ resource }) => resource))).toEqual(
      new Set(['users', 'groups']),
    );
    expect(it.world.size).toBe(2);
    expect(it.world.has('old')).toBe(false);
    expect(rungRounds(it)).toContain('users');
  });

  it('leaves renewing to the timer', async () => {
    const it = scene(both({ expiresAt: epochMs(now + minute) }));
    const before = state(it);
    await it.keeper.begin();
    expect(state(it)).toEqual(before);
    expect(it.outbox.sent).toEqual([]);
  });
});

describe('care', () => {
  const renew = (subscriptionId: string) => ({ subscriptionId, event: 'renew' as const });

  it('renews what Graph wants reauthorized, though it has life left', async () => {
    const it = scene(both());
    await it.keeper.care([renew('u')]);
    expect(state(it)).toEqual([
      ['g', 'groups', lifetimeMs - 60 * minute],
      ['u', 'users', lifetimeMs],
    ]);
  });

  it('does not renew within ten minutes of a renewal', async () => {
    const it = scene(both({ expiresAt: epochMs(now + lifetimeMs - 9 * minute) }));
    const before = state(it);
    await it.keeper.care([renew('u'), renew('g')]);
    expect(state(it)).toEqual(before);
  });

  it('makes anew what was removed, and does nothing about missed ones', async () => {
    const it = scene([subscription('g', { resource: 'groups' })]);
    await it.keeper.care([{ subscriptionId: 'u', event: 'missed' }]);
    expect(it.world.size).toBe(1);
    await it.keeper.care([{ subscriptionId: 'u', event: 'recreate' }]);
    expect(state(it).map(([id]) => id)).toEqual(['g', 'made-1']);
  });
});

describe('how long they live on is told', () => {
  const hours = lifetimeMs / 60 / minute;

  it('by resource, of the one that lives longest and is as it should be; 0 where there is none', async () => {
    const it = scene([
      ...[2, 5].map((n) => subscription(`u${n}`, { expiresAt: epochMs(now + lifetimeMs - n * 60 * minute) })),
      subscription('g', { resource: '/Groups', changeType: 'updated' }),
    ]);
    it.deps.subscriptions.create = async () => {
      throw new WritebackError('graph-refused');
    };
    await expect(it.keeper.keep()).rejects.toMatchObject({ code: 'graph-refused' });
    expect(toldHours(it)).toEqual([`users ${hours - 2}`, 'groups 0']);
  });

  it('when they were made, renewed or adopted', async () => {
    const it = scene([subscription('g', { resource: 'groups', expiresAt: epochMs(now + 60 * minute) })]);
    await it.keeper.keep();
    expect(toldHours(it).sort()).toEqual(['groups 1', `groups ${hours}`, 'users 0', `users ${hours}`]);
    const raced = scene([]);
    await Promise.all([raced.keeper.keep(), createKeeper(raced.deps).keep()]);
    expect(toldHours(raced).filter((told) => told === `users ${hours}`)).toHaveLength(2);
  });
});
