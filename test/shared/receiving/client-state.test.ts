import { describe, expect, it } from 'vitest';
import { durationMs, type EpochMs, epochMs } from '../../../shared/domain/time.ts';
import { WritebackError } from '../../../shared/errors.ts';
import type { Subscription, Subscriptions } from '../../../shared/ports.ts';
import {
  type ClientState,
  endpointWith,
  givenClientState,
  ownClientState,
} from '../../../shared/receiving/client-state.ts';
import { createSubscriber } from '../../../shared/subscribing/create-subscriber.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeDoorbell } from '../../fakes/doorbell.ts';
import { fakeLog } from '../../fakes/log.ts';
import { fakeState } from '../../fakes/state.ts';
import { FakeTelemetry } from '../../fakes/telemetry.ts';

const now = 1_795_000_000_000;
const urls = { notificationUrl: 'https://app.example/n', lifecycleUrl: 'https://app.example/l?code=k' };

/** Tables of one deployment, and as many instances of the app as somebody starts. */
function deployment() {
  const state = fakeState();
  const clock = fakeClock(now);
  let made = 0;
  const randomHex = (bytes: number) => String(++made).padStart(bytes * 2, '0');
  return { state, clock, instance: () => ownClientState({ state, clock, randomHex }) };
}

describe('the secret of the app', () => {
  it('is 32 random bytes, the same for all instances, also of those that start at once', async () => {
    const { instance } = deployment();
    const secrets = await Promise.all([1, 2, 3].map(() => instance().settled()));
    expect(new Set([...secrets, await instance().current()]).size).toBe(1);
    expect(secrets[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is read once', async () => {
    const { state, instance } = deployment();
    const secret = await instance().settled();
    const one = instance();
    await one.current();
    state.lose();
    expect(await one.current()).toBe(secret);
  });

  it('is not made by whoever only looks', async () => {
    const { state, instance } = deployment();
    const one = instance();
    const secret = await one.settled();
    state.lose();
    expect(await one.again(secret)).toBe(secret);
    await expect(instance().current()).rejects.toMatchObject({ code: 'state-unavailable' });
    expect(await instance().again('x')).toBeUndefined();
    expect(await state.secret('client-state')).toBeUndefined();
  });

  it('is looked for again at most every ten seconds', async () => {
    const { state, clock, instance } = deployment();
    const [one, other] = [instance(), instance()];
    const old = await one.settled();
    expect(await one.again(old)).toBe(old);
    state.lose();
    const fresh = await other.settled();
    expect(await one.again(old)).toBeUndefined();
    clock.advance(10_000);
    expect(await one.again(old)).toBe(fresh);
    expect(await one.again(old)).toBe(fresh);
    expect(fresh).not.toBe(old);
  });

  it('is told to everybody who asks while it is read', async () => {
    const { state, instance } = deployment();
    const [one, other] = [instance(), instance()];
    const old = await one.settled();
    state.lose();
    const fresh = await other.settled();
    expect(await Promise.all([1, 2, 3].map(() => one.again(old)))).toEqual([fresh, fresh, fresh]);
  });

  it('is asked for at once after it could not be read', async () => {
    const { state, clock, instance } = deployment();
    const fresh = await instance().settled();
    let failures = 1;
    const secret: typeof state.secret = async (name) => {
      if (failures-- > 0) throw new WritebackError('state-unavailable');
      return await state.secret(name);
    };
    const one = ownClientState({ state: { ...state, secret }, clock, randomHex: () => 'x' });
    await expect(one.again('old')).rejects.toMatchObject({ code: 'state-unavailable' });
    expect(await one.again('old')).toBe(fresh);
  });

  it('is missing while the tables are away, and there again with them', async () => {
    const { state, instance, clock } = deployment();
    const made = await instance().settled();
    let away = true;
    const secret: typeof state.secret = async (name) => {
      if (away) throw new WritebackError('state-unavailable');
      return await state.secret(name);
    };
    const one = ownClientState({ state: { ...state, secret }, clock, randomHex: () => 'x' });
    await expect(one.current()).rejects.toMatchObject({ code: 'state-unavailable' });
    away = false;
    expect(await one.current()).toBe(made);
  });

  it('is what the settings say where they say one', async () => {
    const given = givenClientState('given');
    expect(await Promise.all([given.current(), given.again('x'), given.settled()])).toEqual(
      Array(3).fill('given'),
    );
  });
});

describe('the addresses for Graph', () => {
  it('show which secret they belong to, and nothing of it', () => {
    const one = endpointWith(urls, 'one');
    expect(one.notificationUrl).toMatch(/^https:\/\/app\.example\/n\?v=[0-9a-f]{8}$/);
    expect(one.lifecycleUrl).toMatch(/^https:\/\/app\.example\/l\?code=k&v=[0-9a-f]{8}$/);
    expect(endpointWith(urls, 'one')).toEqual(one);
    expect(endpointWith(urls, 'two').notificationUrl).not.toBe(one.notificationUrl);
  });
});

/** Graph, which repeats to each subscription the secret that it was made with. */
function fakeGraph() {
  const world = new Map<string, Subscription & { secret: string }>();
  let made = 0;
  const subscriptions: Subscriptions = {
    list: async () => [...world.values()],
    async create({ resource, expiresAt, endpoint }) {
      if ([...world.values()].some((one) => one.resource === resource)) return 'exists';
      const one = {
        ...{ id: `s${++made}`, resource, expiresAt, changeType: 'updated,deleted' },
        notificationUrl: endpoint.notificationUrl,
        lifecycleNotificationUrl: endpoint.lifecycleUrl,
        secret: endpoint.clientState,
      };
      world.set(one.id, one);
      return one;
    },
    renew: async (id, expiresAt: EpochMs) => ({ ...(world.get(id) as Subscription), expiresAt }),
    remove: async (id) => void world.delete(id),
  };
  const notification = (resource: string) => {
    const one = [...world.values()].find((subscription) => subscription.resource === resource);
    const id = '00000000-0000-4000-8000-000000000001';
    const item = { subscriptionId: one?.id, clientState: one?.secret, resource: `${resource}/${id}` };
    const body = new TextEncoder().encode(JSON.stringify({ value: [item] }));
    return { query: new URLSearchParams(), body };
  };
  return { world, subscriptions, notification };
}

describe('another secret', () => {
  /** Two instances that know the secret, and subscriptions made with it. */
  async function running() {
    const { state, clock, instance } = deployment();
    const graph = fakeGraph();
    const start = (clientState: ClientState) => {
      const outbox = fakeDoorbell();
      const log = fakeLog();
      const subscriber = createSubscriber({
        ...{ subscriptions: graph.subscriptions, clientState, urls, outbox, clock, log },
        telemetry: new FakeTelemetry(),
        lifetimeMs: durationMs(41_000 * 60_000),
      });
      return { ...subscriber, outbox, log };
    };
    const [one, other] = [start(instance()), start(instance())];
    await one.keeper.keep();
    await other.keeper.keep();
    await one.receive(graph.notification('users'));
    await other.receive(graph.notification('users'));
    one.outbox.sent.length = 0;
    other.outbox.sent.length = 0;
    return { state, clock, graph, one, other, start };
  }
  const secretsOf = ({ graph }: Awaited<ReturnType<typeof running>>) =>
    new Set([...graph.world.values()].map(({ secret }) => secret));

  it('comes by removing the row: subscriptions are replaced, rounds are rung, and every instance believes the new ones', async () => {
    const it = await running();
    const [before] = secretsOf(it);
    it.state.lose();
    await it.other.receive(it.graph.notification('users'));
    expect(it.other.outbox.sent).toHaveLength(1);
    await it.one.keeper.keep();
    const [after, ...more] = secretsOf(it);
    expect(more).toEqual([]);
    expect(after).not.toBe(before);
    expect(it.one.outbox.sent.map(({ to }) => to)).toEqual(['users', 'groups']);
    it.clock.advance(5_000);
    for (const instance of [it.one, it.other]) {
      instance.outbox.sent.length = 0;
      expect(await instance.receive(it.graph.notification('groups'))).toEqual({ status: 202 });
      expect(instance.outbox.sent.map(({ to }) => to)).toEqual(['groups']);
    }
    await it.other.keeper.keep();
    expect(secretsOf(it)).toEqual(new Set([after]));
    expect(it.graph.world.size).toBe(2);
  });

  it('comes by the settings in the same way', async () => {
    const it = await running();
    const restarted = it.start(givenClientState('s'.repeat(40)));
    await restarted.keeper.keep();
    expect(secretsOf(it)).toEqual(new Set(['s'.repeat(40)]));
    expect(restarted.outbox.sent.map(({ to }) => to)).toEqual(['users', 'groups']);
    await restarted.receive(it.graph.notification('users'));
    expect(restarted.outbox.sent).toHaveLength(3);
  });

  it('is never logged', async () => {
    const it = await running();
    it.state.lose();
    await it.one.keeper.keep();
    await it.other.receive(it.graph.notification('users'));
    const logged = JSON.stringify([it.one.log.lines, it.other.log.lines]);
    expect(logged).toContain('subscription made');
    for (const secret of secretsOf(it)) expect(logged).not.toContain(secret);
  });

  it('cannot be told apart while the tables are away: the keeper leaves everything as it is', async () => {
    const it = await running();
    const away: ClientState['settled'] = async () => {
      throw new WritebackError('state-unavailable');
    };
    const before = [...it.graph.world.keys()];
    const clientState = { current: away, again: away, settled: away };
    const keeping = it.start(clientState).keeper.keep();
    const outcome = expect(keeping).rejects.toMatchObject({ code: 'state-unavailable' });
    for (let waited = 0; waited < 60; waited++) {
      await new Promise((resolve) => setImmediate(resolve));
      it.clock.advance(epochMs(1_000));
    }
    await outcome;
    expect([...it.graph.world.keys()]).toEqual(before);
  });
});
