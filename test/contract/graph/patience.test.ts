import { describe, expect } from 'vitest';
import { behaviours } from '../../../local/tenant/awkward/behaviours.ts';
import { createReader, membersInTruth } from './delta-reader.ts';
import { story } from './story.ts';
import { newSubscription, startSubscriber } from './subscriber.ts';
import { codeOf, openWorld, standInOnly, subscribing, untilSettled } from './world.ts';

describe.concurrent('awkward all, seeded', () => {
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

describe.concurrent('A.4: validation handshake', () => {
  subscribing(
    'an answer after 10 seconds is too late',
    async () => {
      const world = await openWorld();
      const subscriber = await startSubscriber({ validation: () => {} });
      try {
        const began = Date.now();
        const answer = await world.call('POST', '/subscriptions', newSubscription(subscriber, '/users'));
        expect([answer.status, codeOf(answer)]).toEqual([400, 'ValidationError']);
        expect(Date.now() - began).toBeGreaterThan(9_500);
      } finally {
        await subscriber.close();
        await world.close();
      }
    },
    30_000,
  );
});
