import type { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Contract, newId, receiveOne } from './contract.ts';

let contract: Contract;
let client: ServiceBusClient;

beforeAll(async () => {
  contract = await Contract.open();
  client = contract.client();
});
afterAll(() => contract.close());

const inMs = (ms: number): Date => new Date(Date.now() + ms);

test('a message with x-opt-scheduled-enqueue-time comes when it is due, in its session', async () => {
  const sessionId = newId();
  const dueAt = inMs(700);
  await client
    .createSender('contract-lanes')
    .sendMessages({ body: 'due', sessionId, scheduledEnqueueTimeUtc: dueAt });
  const receiver = await client.acceptSession('contract-lanes', sessionId);
  const message = await receiveOne(receiver);
  expect(Date.now()).toBeGreaterThanOrEqual(dueAt.getTime() - 5);
  expect(message).toMatchObject({ body: 'due', sessionId });
  expect(message.enqueuedTimeUtc?.getTime()).toBeGreaterThanOrEqual(dueAt.getTime() - 5);
  await receiver.completeMessage(message);
  await receiver.close();
});

test('schedule-message answers sequence numbers and delivers when due, by due time and not by order of sending', async () => {
  const sessionId = newId();
  const sender = client.createSender('contract-lanes');
  const numbers = await sender.scheduleMessages(
    [
      { body: 'late 1', sessionId },
      { body: 'late 2', sessionId },
    ],
    inMs(900),
  );
  await sender.scheduleMessages({ body: 'early', sessionId }, inMs(400));
  await sender.sendMessages({ body: 'now', sessionId });
  expect(numbers).toHaveLength(2);
  const receiver = await client.acceptSession('contract-lanes', sessionId);
  const bodies: unknown[] = [];
  for (let count = 0; count < 4; count += 1) {
    const message = await receiveOne(receiver);
    bodies.push(message.body);
    await receiver.completeMessage(message);
  }
  expect(bodies).toEqual(['now', 'early', 'late 1', 'late 2']);
  await receiver.close();
});

test('a scheduled message wakes an accept that waits', async () => {
  const accepting = client.acceptNextSession('contract-next');
  const sessionId = newId();
  await client.createSender('contract-next').scheduleMessages({ body: 'wake', sessionId }, inMs(500));
  const receiver = await accepting;
  expect(receiver.sessionId).toBe(sessionId);
  await receiver.completeMessage(await receiveOne(receiver));
  await receiver.close();
});

test('a cancelled schedule never comes', async () => {
  const sessionId = newId();
  const sender = client.createSender('contract-lanes');
  const numbers = await sender.scheduleMessages({ body: 'never', sessionId }, inMs(300));
  await sender.cancelScheduledMessages(numbers);
  const receiver = await client.acceptSession('contract-lanes', sessionId);
  expect(await receiver.receiveMessages(1, { maxWaitTimeInMs: 600 })).toEqual([]);
  await receiver.close();
});

test('message ids of scheduled messages count for duplicate detection when they are sent', async () => {
  const sessionId = newId();
  const messageId = newId();
  const sender = client.createSender('contract-once');
  await sender.sendMessages({ body: 'scheduled', sessionId, messageId, scheduledEnqueueTimeUtc: inMs(300) });
  await sender.sendMessages({ body: 'duplicate', sessionId, messageId });
  const receiver = await client.acceptSession('contract-once', sessionId);
  const message = await receiveOne(receiver);
  expect(message.body).toBe('scheduled');
  await receiver.completeMessage(message);
  expect(await receiver.receiveMessages(1, { maxWaitTimeInMs: 100 })).toEqual([]);
  await receiver.close();
});
