import { setImmediate } from 'node:timers/promises';
import type { ServiceBusClient, ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Contract, errorCodeOf, newId, receiveOne, waitUntil } from './contract.ts';

let contract: Contract;
let client: ServiceBusClient;

beforeAll(async () => {
  contract = await Contract.open();
  client = contract.client();
});
afterAll(() => contract.close());

const send = (sessionId: string, ...bodies: unknown[]): Promise<void> =>
  client
    .createSender('contract-lanes')
    .sendMessages(bodies.map((body) => ({ body, sessionId, messageId: newId() })));

/** Takes messages from a dead-letter queue until the one with this id comes. */
async function deadLetter(queue: string, messageId: string | undefined): Promise<ServiceBusReceivedMessage> {
  const receiver = client.createReceiver(queue, { subQueueType: 'deadLetter' });
  for (;;) {
    const message = await receiveOne(receiver);
    await receiver.completeMessage(message);
    if (message.messageId !== messageId) continue;
    await receiver.close();
    return message;
  }
}

test('complete takes the message away', async () => {
  const sessionId = newId();
  await send(sessionId, 1, 2);
  const receiver = await client.acceptSession('contract-lanes', sessionId);
  await receiver.completeMessage(await receiveOne(receiver));
  const next = await receiveOne(receiver);
  expect(next.body).toBe(2);
  await receiver.completeMessage(next);
  await receiver.close();
});

test('abandon makes the same message come next, counted, with the properties to modify', async () => {
  const sessionId = newId();
  await send(sessionId, 'head', 'tail');
  const receiver = await client.acceptSession('contract-lanes', sessionId);
  await receiver.abandonMessage(await receiveOne(receiver), { note: 'once more' });
  const again = await receiveOne(receiver);
  expect([again.body, again.deliveryCount]).toEqual(['head', 1]);
  expect(again.applicationProperties).toMatchObject({ note: 'once more' });
  await receiver.completeMessage(again);
  await receiver.completeMessage(await receiveOne(receiver));
  await receiver.close();
});

test('a message that failed max-delivery-count times is dead-lettered with MaxDeliveryCountExceeded', async () => {
  const sessionId = newId();
  await send(sessionId, 'poison', 'next');
  const receiver = await client.acceptSession('contract-lanes', sessionId);
  let messageId: ServiceBusReceivedMessage['messageId'];
  for (const count of [0, 1, 2]) {
    const message = await receiveOne(receiver);
    expect([message.body, message.deliveryCount]).toEqual(['poison', count]);
    messageId = message.messageId;
    await receiver.abandonMessage(message);
  }
  const next = await receiveOne(receiver);
  expect(next.body).toBe('next');
  await receiver.completeMessage(next);
  await receiver.close();
  const dead = await deadLetter('contract-lanes', String(messageId));
  expect(dead).toMatchObject({ body: 'poison', deadLetterReason: 'MaxDeliveryCountExceeded' });
});

test('dead-letter: a receiver without session reads it, with session id, reason and description', async () => {
  const sessionId = newId();
  await send(sessionId, 'bad');
  const receiver = await client.acceptSession('contract-lanes', sessionId);
  const message = await receiveOne(receiver);
  await receiver.deadLetterMessage(message, {
    deadLetterReason: 'reason',
    deadLetterErrorDescription: 'description',
    customProperty: 'kept',
  });
  await receiver.close();
  const dead = await deadLetter('contract-lanes', String(message.messageId));
  expect(dead).toMatchObject({
    body: 'bad',
    sessionId,
    deadLetterReason: 'reason',
    deadLetterErrorDescription: 'description',
  });
  expect(dead.applicationProperties).toMatchObject({ customProperty: 'kept' });
});

test('settling without waiting for the answer gives each message its own', async () => {
  const sessionId = newId();
  await send(sessionId, 'complete', 'dead-letter', 'abandon');
  const receiver = await client.acceptSession('contract-lanes', sessionId);
  const [first, second, third] = await receiver.receiveMessages(3, { maxWaitTimeInMs: 5000 });
  if (first === undefined || second === undefined || third === undefined)
    throw new Error('three messages expected');
  const answers = [receiver.completeMessage(first)];
  // Not in one turn: the client's own rhea would merge the first two dispositions into one acceptance.
  await setImmediate();
  answers.push(receiver.deadLetterMessage(second));
  await setImmediate();
  answers.push(receiver.abandonMessage(third));
  await Promise.all(answers);
  const again = await receiveOne(receiver);
  expect([again.body, again.deliveryCount]).toEqual(['abandon', 1]);
  await receiver.completeMessage(again);
  await receiver.close();
  expect((await deadLetter('contract-lanes', String(second.messageId))).body).toBe('dead-letter');
});

test('receiveAndDelete settles by sending', async () => {
  const sessionId = newId();
  await send(sessionId, 'once');
  const receiver = await client.acceptSession('contract-lanes', sessionId, {
    receiveMode: 'receiveAndDelete',
  });
  expect((await receiveOne(receiver)).body).toBe('once');
  await receiver.close();
  const again = await client.acceptSession('contract-lanes', sessionId);
  expect(await again.receiveMessages(1, { maxWaitTimeInMs: 100 })).toEqual([]);
  await again.close();
});

test('a message that outlives its time to live is dead-lettered with TTLExpiredException', async () => {
  const messageId = newId();
  await client
    .createSender('contract-lanes')
    .sendMessages({ body: 'short', sessionId: newId(), messageId, timeToLive: 500 });
  const dead = await deadLetter('contract-lanes', messageId);
  expect(dead).toMatchObject({ body: 'short', deadLetterReason: 'TTLExpiredException' });
});

test('many more messages than a link buffers (2,048) can be settled on one link', async () => {
  const sessionId = newId();
  const total = 2500;
  for (let from = 0; from < total; from += 500) {
    await send(sessionId, ...Array.from({ length: 500 }, (_, index) => from + index));
  }
  const receiver = await client.acceptSession('contract-lanes', sessionId);
  const bodies: unknown[] = [];
  while (bodies.length < total) {
    const messages = await receiver.receiveMessages(500, { maxWaitTimeInMs: 5000 });
    bodies.push(...messages.map((message) => message.body));
    await Promise.all(messages.map((message) => receiver.completeMessage(message)));
  }
  expect(bodies).toEqual(Array.from({ length: total }, (_, index) => index));
  await receiver.close();
});

describe('without sessions', () => {
  let receiver: ServiceBusReceiver;
  let messageId: string;

  beforeEach(async () => {
    messageId = newId();
    await client.createSender('contract-plain').sendMessages({ body: 'plain', messageId });
    receiver = client.createReceiver('contract-plain', { maxAutoLockRenewalDurationInMs: 0 });
    return () => receiver.close();
  });

  test('an expired message lock counts, and settling it fails with MessageLockLost', async () => {
    const message = await receiveOne(receiver);
    expect(message.deliveryCount).toBe(0);
    await waitUntil(message.lockedUntilUtc);
    const again = await receiveOne(receiver);
    expect([again.messageId, again.deliveryCount]).toEqual([messageId, 1]);
    expect(await errorCodeOf(receiver.completeMessage(message))).toBe('MessageLockLost');
    await receiver.completeMessage(again);
  });

  test('a renewed message lock lasts longer (lock token in .NET byte order)', async () => {
    const message = await receiveOne(receiver);
    const firstEnd = message.lockedUntilUtc;
    await waitUntil(new Date((firstEnd?.getTime() ?? 0) - 800), 0);
    const renewed = await receiver.renewMessageLock(message);
    expect(renewed.getTime()).toBeGreaterThan(firstEnd?.getTime() ?? 0);
    await waitUntil(firstEnd);
    await receiver.completeMessage(message);
    expect(await receiver.receiveMessages(1, { maxWaitTimeInMs: 100 })).toEqual([]);
  });

  test('a message whose link is gone is settled by update-disposition', async () => {
    const message = await receiveOne(receiver);
    const other = client.createReceiver('contract-plain');
    await receiver.close();
    receiver = client.createReceiver('contract-plain', { maxAutoLockRenewalDurationInMs: 0 });
    await other.completeMessage(message);
    expect(await other.receiveMessages(1, { maxWaitTimeInMs: 100 })).toEqual([]);
    await other.close();
  });

  test('two receivers share the messages', async () => {
    await client.createSender('contract-plain').sendMessages({ body: 'plain', messageId: newId() });
    const other = client.createReceiver('contract-plain');
    const both = await Promise.all([receiveOne(receiver), receiveOne(other)]);
    expect(new Set(both.map((message) => message.messageId)).size).toBe(2);
    await receiver.completeMessage(both[0]);
    await other.completeMessage(both[1]);
    await other.close();
  });

  test('peek shows messages without taking them, locked ones too', async () => {
    const message = await receiveOne(receiver);
    const peeked = await receiver.peekMessages(10, { fromSequenceNumber: message.sequenceNumber as never });
    expect(peeked.map((one) => [one.messageId, one.body])).toEqual([[messageId, 'plain']]);
    await receiver.completeMessage(message);
  });
});
