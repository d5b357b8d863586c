import type { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Contract, errorCodeOf, impatient, newId, onStandIn, receiveOne } from './contract.ts';
import { countsOf, setFault } from './stand-in.ts';

if (onStandIn) {
  describe('lost connections and lost brokers', () => {
    let contract: Contract;
    let client: ServiceBusClient;

    beforeAll(async () => {
      contract = await Contract.open();
      client = contract.client();
    });
    afterAll(() => contract.close());

    const send = (queue: string, sessionId: string, ...bodies: unknown[]): Promise<void> =>
      client
        .createSender(queue)
        .sendMessages(bodies.map((body) => ({ body, sessionId, messageId: newId() })));

    async function take(
      queue: string,
      sessionId: string,
      count: number,
    ): Promise<[unknown, number | undefined][]> {
      const receiver = await contract.client().acceptSession(queue, sessionId);
      const messages = await receiver.receiveMessages(count, { maxWaitTimeInMs: 5000 });
      for (const message of messages) await receiver.completeMessage(message);
      await receiver.close();
      return messages.map((message) => [message.body, message.deliveryCount]);
    }

    test('a connection dropped in the middle of a session: the receiver gets SessionLockLost', async () => {
      const sessionId = newId();
      await send('contract-lanes', sessionId, 'body');
      const receiver = await client.acceptSession('contract-lanes', sessionId);
      const message = await receiveOne(receiver);
      // Before the client notices the loss, a settlement would wait 60 s for its answer: the SDK does not fail it earlier.
      const noticed = errorCodeOf(receiver.receiveMessages(1, { maxWaitTimeInMs: 20_000 }));
      await setFault(contract.broker, { type: 'drop-connections' });
      expect(await noticed).not.toBe('no error');
      expect(await errorCodeOf(receiver.completeMessage(message))).toBe('SessionLockLost');
      await receiver.close();
    });

    test('a dropped connection leaves the session locked until the lock expires; then the delivery counts', async () => {
      const sessionId = newId();
      await send('contract-next', sessionId, 'delivered', 'not delivered');
      const receiver = await client.acceptSession('contract-next', sessionId);
      const lockedUntil = receiver.sessionLockedUntilUtc.getTime();
      await receiveOne(receiver);
      await setFault(contract.broker, { type: 'drop-connections' });
      const hasty = contract.client(impatient);
      expect(await errorCodeOf(hasty.acceptSession('contract-next', sessionId))).toBe(
        'SessionCannotBeLocked',
      );
      const next = await contract.client().acceptNextSession('contract-next');
      expect(next.sessionId).toBe(sessionId);
      expect(Date.now()).toBeGreaterThanOrEqual(lockedUntil - 50);
      const messages = await next.receiveMessages(2, { maxWaitTimeInMs: 2000 });
      expect(messages.map((message) => [message.body, message.deliveryCount])).toEqual([
        ['delivered', 1],
        ['not delivered', 0],
      ]);
      for (const message of messages) await next.completeMessage(message);
      await next.close();
      await receiver.close();
    });

    test('senders and receivers without session reconnect by themselves after a drop', async () => {
      const sender = client.createSender('contract-plain');
      await sender.sendMessages({ body: 1, messageId: newId() });
      await setFault(contract.broker, { type: 'drop-connections' });
      await sender.sendMessages({ body: 2, messageId: newId() });
      const receiver = client.createReceiver('contract-plain');
      const messages = await receiver.receiveMessages(2, { maxWaitTimeInMs: 5000 });
      expect(messages.map((message) => message.body)).toEqual([1, 2]);
      for (const message of messages) await receiver.completeMessage(message);
      await receiver.close();
    });

    test('refused connections fail, accepted ones work again', async () => {
      await setFault(contract.broker, { type: 'refuse-connections' });
      const refused = contract.client(impatient).createSender('contract-plain').sendMessages({ body: 1 });
      expect(await errorCodeOf(refused)).not.toBe('no error');
      await setFault(contract.broker, { type: 'accept-connections' });
      const sessionId = newId();
      await contract.client().createSender('contract-lanes').sendMessages({ body: 1, sessionId });
      expect(await take('contract-lanes', sessionId, 1)).toEqual([[1, 0]]);
    });

    test('a slow disposition is answered late, but it settles', async () => {
      const sessionId = newId();
      await send('contract-lanes', sessionId, 'body');
      const receiver = await client.acceptSession('contract-lanes', sessionId);
      const message = await receiveOne(receiver);
      await setFault(contract.broker, { type: 'slow-settlement', ms: 400 });
      const started = performance.now();
      await receiver.completeMessage(message);
      expect(performance.now() - started).toBeGreaterThan(390);
      await setFault(contract.broker, { type: 'slow-settlement', ms: 0 });
      await receiver.close();
    });

    test('kill -9 loses nothing acknowledged: messages, counts, state, schedules, dead letters, duplicates', async () => {
      const [kept, counted] = [newId(), newId()];
      const messageId = newId();
      await send('contract-lanes', kept, 1, 2, 3);
      await send('contract-lanes', counted, 'poison', 'bad');
      const receiver = await client.acceptSession('contract-lanes', counted);
      await receiver.abandonMessage(await receiveOne(receiver));
      await receiver.setSessionState({ epoch: 7 });
      await receiver.close();
      const keeper = await client.acceptSession('contract-lanes', kept);
      await keeper.completeMessage(await receiveOne(keeper));
      await keeper.deadLetterMessage(await receiveOne(keeper), {
        deadLetterReason: 'why',
        deadLetterErrorDescription: 'how',
      });
      await keeper.close();
      const scheduled = newId();
      await client
        .createSender('contract-once')
        .scheduleMessages({ body: 'due', sessionId: scheduled, messageId }, new Date(Date.now() + 1500));
      const before = await countsOf(contract.broker, 'contract-lanes');

      await contract.broker.kill();
      await contract.broker.restart();

      expect(await countsOf(contract.broker, 'contract-lanes')).toMatchObject({
        active: before.active,
        deadLettered: before.deadLettered,
        locked: 0,
      });
      expect((await countsOf(contract.broker, 'contract-once')).scheduled).toBe(1);
      const fresh = contract.client();
      expect(await take('contract-lanes', kept, 1)).toEqual([[3, 0]]);
      const again = await fresh.acceptSession('contract-lanes', counted);
      expect(await again.getSessionState()).toEqual({ epoch: 7 });
      await again.close();
      expect(await take('contract-lanes', counted, 2)).toEqual([
        ['poison', 1],
        ['bad', 0],
      ]);
      await fresh
        .createSender('contract-once')
        .sendMessages({ body: 'duplicate', sessionId: scheduled, messageId });
      expect(await take('contract-once', scheduled, 1)).toEqual([['due', 0]]);
      const graveyard = fresh.createReceiver('contract-lanes', { subQueueType: 'deadLetter' });
      const dead = await graveyard.receiveMessages(10, { maxWaitTimeInMs: 1000 });
      expect(
        dead.filter((one) => one.sessionId === kept).map((one) => [one.body, one.deadLetterReason]),
      ).toEqual([[2, 'why']]);
    });

    test('kill -9 in the middle of a stream of sends: every acknowledged message is there, once, in order', async () => {
      const sessionId = newId();
      const sender = contract.client(impatient).createSender('contract-lanes');
      const acknowledged: number[] = [];
      const stream = (async () => {
        for (let body = 0; ; body += 1) {
          await sender.sendMessages({ body, sessionId });
          acknowledged.push(body);
          if (body === 100) void contract.broker.kill();
        }
      })();
      await errorCodeOf(stream);
      await contract.broker.kill();
      await contract.broker.restart();
      const taken = await take('contract-lanes', sessionId, acknowledged.length);
      expect(taken.map(([body]) => body)).toEqual(acknowledged);
    });

    test('the control endpoint counts active, locked, scheduled and dead-lettered messages', async () => {
      const before = await countsOf(contract.broker, 'contract-plain');
      const sender = contract.client().createSender('contract-plain');
      await sender.sendMessages([1, 2, 3].map((body) => ({ body, messageId: newId() })));
      await sender.scheduleMessages({ body: 4, messageId: newId() }, new Date(Date.now() + 60_000));
      const receiver = contract
        .client()
        .createReceiver('contract-plain', { maxAutoLockRenewalDurationInMs: 0 });
      const first = await receiveOne(receiver);
      await receiver.deadLetterMessage(first);
      await receiveOne(receiver);
      expect(before).toMatchObject({ active: 0, locked: 0, scheduled: 0, deadLettered: 0 });
      expect(await countsOf(contract.broker, 'contract-plain')).toMatchObject({
        active: 2,
        locked: 1,
        scheduled: 1,
        deadLettered: 1,
      });
      await receiver.close();
    });
  });
}
