import { expect, it } from 'vitest';
import { type EpochMs, epochMs } from '../../../shared/domain/time.ts';
import { measuredSubscriptions } from '../../../shared/measuring/measured-subscriptions.ts';
import type { Endpoint, Subscription, Subscriptions } from '../../../shared/ports.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { FakeTelemetry } from '../../fakes/telemetry.ts';

const endpoint: Endpoint = {
  notificationUrl: 'https://ours',
  lifecycleUrl: 'https://ours/l',
  clientState: 'x',
};

function scene(listed: readonly Partial<Subscription>[]) {
  const [clock, telemetry] = [fakeClock(), new FakeTelemetry()];
  const inHours = (hours: number): EpochMs => epochMs(clock.now() + hours * 3_600_000);
  const one = (part: Partial<Subscription>): Subscription => ({
    ...{ id: 'id', resource: 'users', notificationUrl: 'https://ours', changeType: 'updated,deleted' },
    ...{ lifecycleNotificationUrl: undefined, expiresAt: inHours(1) },
    ...part,
  });
  const graph: Subscriptions = {
    list: async () => listed.map(one),
    create: async ({ resource, expiresAt }) =>
      resource === 'groups' ? 'exists' : one({ resource, expiresAt }),
    renew: async (_, expiresAt) => one({ resource: '/Groups', expiresAt }),
    remove: async () => undefined,
  };
  const subscriptions = measuredSubscriptions(graph, { telemetry, clock, endpoint: async () => endpoint });
  const told = () =>
    telemetry
      .of('writeback.subscription.expiry')
      .map(({ value, dimensions }) => `${dimensions['resource']} ${value}`);
  return { subscriptions, told, inHours };
}

it('tells the longest life of ours by resource, and 0 where there is none', async () => {
  const { subscriptions, told } = scene([
    {},
    { expiresAt: epochMs(0) },
    { resource: 'groups', notificationUrl: 'https://somebody-else' },
  ]);
  await subscriptions.list();
  expect(told()).toEqual(['users 3600', 'groups 0']);
});

it('tells of what is made and renewed, and not of what exists already', async () => {
  const { subscriptions, told, inHours } = scene([]);
  await subscriptions.create({ resource: 'users', expiresAt: inHours(2), endpoint });
  await subscriptions.create({ resource: 'groups', expiresAt: inHours(2), endpoint });
  await subscriptions.renew('id', inHours(3));
  expect(told()).toEqual(['users 7200', 'groups 10800']);
});
