import type { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Contract, errorCodeOf, newId, receiveOne } from './contract.ts';

let contract: Contract;
let client: ServiceBusClient;

beforeAll(async () => {
  contract = await Contract.open();
  client = contract.client();
});
afterAll(() => contract.close());

test('a single message arrives with body, properties and the annotations of the service', async () => {
  const sessionId = newId();
  const messageId = newId();
  await client.createSender('contract-lanes').sendMessages({
    sessionId,
    messageId,
    body: { text: 'grüße', list: [1, 2] },
    subject: 'a subject',
    correlationId: 'correlation',
    contentType: 'application/json',
    replyTo: 'somewhere',
    to: 'someone',
    replyToSessionId: 'other',
    applicationProperties: { text: 'ü', number: 7, truth: true },
  });
  const receiver = await client.acceptSession('contract-lanes', sessionId);
  const message = await receiveOne(receiver);
  expect(message).toMatchObject({
    sessionId,
    messageId,
    body: { text: 'grüße', list: [1, 2] },
    subject: 'a subject',
    correlationId: 'correlation',
    contentType: 'application/json',
    replyTo: 'somewhere',
    to: 'someone',
    replyToSessionId: 'other',
    applicationProperties: { text: 'ü', number: 7, truth: true },
    deliveryCount: 0,
    state: 'active',
  });
  expect(message.sequenceNumber?.toNumber()).toBeGreaterThan(0);
  expect(Math.abs((message.enqueuedTimeUtc?.getTime() ?? 0) - Date.now())).toBeLessThan(30_000);
  expect(message.lockedUntilUtc?.getTime()).toBe(receiver.sessionLockedUntilUtc.getTime());
  expect(message.lockToken).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  await receiver.completeMessage(message);
  await receiver.close();
});

test('an array arrives as single messages in order (message format 0x80013700)', async () => {
  const sessionId = newId();
  const bodies = Array.from({ length: 50 }, (_, index) => index);
  await client
    .createSender('contract-lanes')
    .sendMessages(bodies.map((body) => ({ body, sessionId, messageId: `${sessionId}-${body}` })));
  const receiver = await client.acceptSession('contract-lanes', sessionId);
  const messages = await receiver.receiveMessages(50, { maxWaitTimeInMs: 5000 });
  expect(messages.map((message) => message.body)).toEqual(bodies);
  expect(messages.map((message) => message.messageId)).toEqual(bodies.map((body) => `${sessionId}-${body}`));
  await Promise.all(messages.map((message) => receiver.completeMessage(message)));
  await receiver.close();
});

test('a batch is limited by the max-message-size of the link, 262,144 bytes', async () => {
  const batch = await client.createSender('contract-plain').createMessageBatch();
  expect(batch.maxSizeInBytes).toBe(262_144);
  expect(batch.tryAddMessage({ body: 'x'.repeat(200_000) })).toBe(true);
  expect(batch.tryAddMessage({ body: 'x'.repeat(100_000) })).toBe(false);
});

test('messages of different sessions may share a batch', async () => {
  const sessionIds = [newId(), newId()];
  const sender = client.createSender('contract-lanes');
  const batch = await sender.createMessageBatch();
  for (const sessionId of sessionIds) batch.tryAddMessage({ body: sessionId, sessionId });
  await sender.sendMessages(batch);
  for (const sessionId of sessionIds) {
    const receiver = await client.acceptSession('contract-lanes', sessionId);
    const message = await receiveOne(receiver);
    expect(message.body).toBe(sessionId);
    await receiver.completeMessage(message);
    await receiver.close();
  }
});

test('a large message travels in several frames and comes back whole', async () => {
  const body = Buffer.alloc(200_000, 'abcdefg');
  await client.createSender('contract-plain').sendMessages({ body, messageId: newId() });
  const receiver = client.createReceiver('contract-plain');
  const message = await receiveOne(receiver);
  expect(Buffer.compare(message.body as Buffer, body)).toBe(0);
  await receiver.completeMessage(message);
  await receiver.close();
});

test('a message above the limit is refused: MessageSizeExceeded', async () => {
  const sending = client.createSender('contract-plain').sendMessages({ body: 'x'.repeat(300_000) });
  expect(await errorCodeOf(sending)).toBe('MessageSizeExceeded');
});

test('a message without session is refused on a queue with sessions, others of the same moment are not', async () => {
  const sender = client.createSender('contract-lanes');
  const sessionId = newId();
  await sender.createMessageBatch();
  const codes = await Promise.all([
    errorCodeOf(sender.sendMessages({ body: 'good', sessionId })),
    errorCodeOf(sender.sendMessages({ body: 'bad' })),
  ]);
  expect(codes[0]).toBe('no error');
  expect(codes[1]).not.toBe('no error');
  const receiver = await client.acceptSession('contract-lanes', sessionId);
  await receiver.completeMessage(await receiveOne(receiver));
  await receiver.close();
});

test('an unknown entity: MessagingEntityNotFound, for senders and receivers', async () => {
  expect(await errorCodeOf(client.createSender('contract-none').sendMessages({ body: 1 }))).toBe(
    'MessagingEntityNotFound',
  );
  expect(await errorCodeOf(client.createReceiver('contract-none').receiveMessages(1))).toBe(
    'MessagingEntityNotFound',
  );
});

test('a duplicate within the window succeeds and is dropped', async () => {
  const sessionId = newId();
  const messageId = newId();
  const sender = client.createSender('contract-once');
  await sender.sendMessages({ body: 'first', sessionId, messageId });
  await sender.sendMessages({ body: 'again', sessionId, messageId });
  await sender.sendMessages([
    { body: 'again in a batch', sessionId, messageId },
    { body: 'last', sessionId, messageId: newId() },
  ]);
  const receiver = await client.acceptSession('contract-once', sessionId);
  const messages = await receiver.receiveMessages(10, { maxWaitTimeInMs: 1000 });
  expect(messages.map((message) => message.body)).toEqual(['first', 'last']);
  for (const message of messages) await receiver.completeMessage(message);
  await receiver.close();
});

test('a message id is remembered after its message was completed', async () => {
  const sessionId = newId();
  const messageId = newId();
  const sender = client.createSender('contract-once');
  await sender.sendMessages({ body: 'first', sessionId, messageId });
  const receiver = await client.acceptSession('contract-once', sessionId);
  await receiver.completeMessage(await receiveOne(receiver));
  await sender.sendMessages({ body: 'again', sessionId, messageId });
  expect(await receiver.receiveMessages(1, { maxWaitTimeInMs: 300 })).toEqual([]);
  await receiver.close();
});
