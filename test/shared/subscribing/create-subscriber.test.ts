import { expect, it } from 'vitest';
import { durationMs, epochMs } from '../../../shared/domain/time.ts';
import { WritebackError } from '../../../shared/errors.ts';
import type { Subscription, Subscriptions } from '../../../shared/ports.ts';
import { ownClientState } from '../../../shared/receiving/client-state.ts';
import { createSubscriber } from '../../../shared/subscribing/create-subscriber.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeDoorbell } from '../../fakes/doorbell.ts';
import { fakeLog } from '../../fakes/log.ts';
import { fakeState } from '../../fakes/state.ts';
import { FakeTelemetry } from '../../fakes/telemetry.ts';

const secret = 'f'.repeat(64);
const userId = '00000000-0000-4000-8000-000000000001';

/** An instance that knows the secret and has listed nothing yet. Graph lists `u`; the tables can go away. */
async function scene() {
  const graph = { asked: 0 };
  const tables = { away: false };
  const [state, clock, outbox] = [fakeState(), fakeClock(1_795_000_000_000), fakeDoorbell()];
  await state.keepSecret('client-state', secret);
  const ours: Subscription = {
    ...{
      id: 'u',
      resource: 'users',
      changeType: 'updated,deleted',
      expiresAt: epochMs(clock.now() + 60_000),
    },
    ...{ notificationUrl: 'https://app.example/n?v=1', lifecycleNotificationUrl: undefined },
  };
  const subscriptions: Subscriptions = {
    list: async () => {
      graph.asked += 1;
      return [ours];
    },
    create: async () => 'exists',
    renew: async () => 'gone',
    remove: async () => undefined,
  };
  const read: typeof state.secret = async (name) => {
    if (tables.away) throw new WritebackError('state-unavailable');
    return await state.secret(name);
  };
  const randomHex = (bytes: number) => '1'.repeat(bytes * 2);
  const clientState = ownClientState({ state: { ...state, secret: read }, clock, randomHex });
  await clientState.current();
  const { receive } = createSubscriber({
    ...{
      subscriptions,
      clientState,
      outbox,
      clock,
      log: fakeLog(),
      telemetry: new FakeTelemetry(),
    },
    urls: { notificationUrl: 'https://app.example/n', lifecycleUrl: 'https://app.example/l' },
    lifetimeMs: durationMs(60_000),
  });
  const hear = (subscriptionId: string) => {
    const item = { subscriptionId, clientState: secret, resource: `users/${userId}` };
    const body = new TextEncoder().encode(JSON.stringify({ value: [item] }));
    return receive({ query: new URLSearchParams(), body });
  };
  return { graph, tables, state, outbox, hear };
}

it('who receives needs no tables: what Graph lists is believed without them', async () => {
  const { graph, tables, outbox, hear } = await scene();
  tables.away = true;
  expect(await hear('u')).toEqual({ status: 202 });
  expect(await hear('somebody else')).toEqual({ status: 202 });
  expect(outbox.sent).toHaveLength(1);
  expect(graph.asked).toBe(1);
});

it('who receives makes no secret, though it is gone', async () => {
  const { state, outbox, hear } = await scene();
  state.lose();
  expect(await hear('u')).toEqual({ status: 202 });
  expect(await hear('somebody else')).toEqual({ status: 202 });
  expect(await state.secret('client-state')).toBeUndefined();
  expect(outbox.sent).toHaveLength(1);
});
