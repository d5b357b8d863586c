import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startIdentity } from '../../fixtures/identity.ts';
import { app, executed, invocations, isSeen, seenIn, TriggerStage } from './trigger-stage.ts';

let stage: TriggerStage;

beforeAll(async () => {
  stage = await TriggerStage.open();
});

afterEach(() => stage.cleanUp());

afterAll(() => stage?.close());

const sessionBatches = `queueName: '%QUEUE%', isSessionsEnabled: true, cardinality: 'many'`;
const users = { QUEUE: 'users' };

describe('a session trigger with batches', () => {
  test('receives what is there in few batches, in order, one at a time per session, with metadata as arrays', async () => {
    const bodies = Array.from({ length: 30 }, (_, index) => ({ index }));
    await stage.send(
      'users',
      bodies.map((body) => ({
        body,
        sessionId: 'users',
        messageId: `m-${body.index}`,
        applicationProperties: { kind: 'k' },
      })),
    );
    const host = await stage.run(app(sessionBatches, 'await sleep(30);'), { maxMessageBatchSize: 10 }, users);
    await stage.emptied('users');
    const seen = invocations(host);
    expect(seen.flatMap((one) => one.input)).toEqual(bodies);
    expect(Math.max(...seen.map((one) => (one.input as unknown[]).length))).toBeLessThanOrEqual(10);
    expect(seen.length).toBeLessThanOrEqual(6);
    expect(Math.max(...seen.map((one) => one.running))).toBe(1);
    const [first] = seen;
    if (first === undefined) throw new Error('nothing was seen');
    const size = (first.input as unknown[]).length;
    expect(first.metadata).toMatchObject({
      messageIdArray: bodies.slice(0, size).map((body) => `m-${body.index}`),
      sessionIdArray: Array(size).fill('users'),
      deliveryCountArray: Array(size).fill(1),
      applicationPropertiesArray: Array(size).fill({ kind: 'k' }),
    });
    expect(first.metadata['enqueuedTimeUtcArray']).toHaveLength(size);
    expect(first.metadata['lockTokenArray']).toHaveLength(size);
  });

  test('a message into an idle session does not wait for others to come with it', async () => {
    const host = await stage.run(app(sessionBatches), {}, users);
    const sender = stage.client.createSender('users');
    await sender.sendMessages({ body: { warm: true }, sessionId: 'users' });
    await executed(host, 'succeeded');
    const times: number[] = [];
    for (let round = 0; round < 15; round++) {
      const sentAt = Date.now();
      await sender.sendMessages({ body: { sentAt }, sessionId: 'users' });
      const line = await host.line(
        (one) => isSeen(one) && String(one['message']).includes(`"sentAt":${sentAt}}`),
      );
      times.push(seenIn(line).began - sentAt);
      await stage.emptied('users');
    }
    await sender.close();
    // The SDK's receiveMessages gathers for a second; how fast it is otherwise, `npm start -- --once` tells.
    const median = times.sort((a, b) => a - b)[7];
    expect(median).toBeLessThan(500);
  });

  test('a throw abandons the whole batch, which comes again and counts its deliveries', async () => {
    const host = await stage.run(
      app(sessionBatches, `if (invocations === 1) throw new Error('first time');`),
      {},
      users,
    );
    await stage.send('users', [
      { body: 1, sessionId: 'users' },
      { body: 2, sessionId: 'users' },
    ]);
    await executed(host, 'failed');
    await stage.emptied('users');
    const seen = invocations(host);
    const refused = seen[0]?.input as number[];
    expect(seen.slice(1).flatMap((one) => one.input)).toEqual([1, 2]);
    const counts = seen.slice(1).flatMap((one) => one.metadata['deliveryCountArray'] as number[]);
    expect(counts).toEqual([1, 2].map((body) => (refused.includes(body) ? 2 : 1)));
  });

  test('sessions run side by side, as many as maxConcurrentSessions', async () => {
    const host = await stage.run(
      app(sessionBatches, 'await sleep(300);'),
      { maxConcurrentSessions: 3 },
      users,
    );
    await stage.send(
      'users',
      ['a', 'b', 'c', 'd', 'e'].map((sessionId) => ({ body: sessionId, sessionId })),
    );
    await executed(host, 'succeeded', 5);
    expect(Math.max(...invocations(host).map((one) => one.running))).toBe(3);
    await stage.emptied('users');
  });

  test('an idle session is given up for another one', async () => {
    const host = await stage.run(
      app(sessionBatches),
      { maxConcurrentSessions: 1, sessionIdleTimeout: '00:00:00.2' },
      users,
    );
    for (const sessionId of ['a', 'b', 'a']) {
      await stage.send('users', [{ body: sessionId, sessionId }]);
      await stage.emptied('users');
    }
    expect(invocations(host).flatMap((one) => one.input)).toEqual(['a', 'b', 'a']);
  });

  test('no lock is renewed: a batch that outlives it comes again, and the host goes on', async () => {
    const host = await stage.run(app(sessionBatches, 'if (invocations === 1) await sleep(3500);'), {}, users);
    await stage.send('users', [{ body: 'long', sessionId: 'users', messageId: 'long' }]);
    await executed(host, 'succeeded', 2);
    const seen = invocations(host);
    expect(seen.map((one) => one.metadata['deliveryCountArray'])).toEqual([[1], [2]]);
    await stage.emptied('users');
  });

  test('after the broker was killed and came back the next message arrives', async () => {
    const host = await stage.run(app(sessionBatches), {}, users);
    await stage.send('users', [{ body: 'before', sessionId: 'users' }]);
    await executed(host, 'succeeded');
    await stage.emptied('users');
    await stage.restartBroker();
    const sentAt = Date.now();
    await stage.send('users', [{ body: 'after', sessionId: 'users' }]);
    await executed(host, 'succeeded', 2);
    expect(Date.now() - sentAt).toBeLessThan(3_000);
    await stage.emptied('users');
  });

  test('at the end a running invocation is finished and its messages are completed', async () => {
    const host = await stage.run(app(sessionBatches, 'await sleep(500);'), {}, users);
    await stage.send('users', [{ body: 1, sessionId: 'users' }]);
    await host.line(isSeen);
    expect(await host.stop()).toBe(0);
    expect((await stage.depth('users')).active).toBe(0);
  });
});

describe('a trigger without sessions', () => {
  const queue = `queueName: 'results'`;

  test('cardinality many gathers what arrives together', async () => {
    const host = await stage.run(app(`${queue}, cardinality: 'many'`), {});
    await stage.send(
      'results',
      Array.from({ length: 20 }, (_, index) => ({ body: index, messageId: `many-${index}` })),
    );
    await stage.emptied('results');
    const seen = invocations(host);
    expect(seen.flatMap((one) => one.input)).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(seen.length).toBeLessThan(10);
    expect(Math.max(...seen.map((one) => one.running))).toBe(1);
  });

  test('cardinality one runs message by message, maxConcurrentCalls at a time, with the trace of the message', async () => {
    const host = await stage.run(app(queue, 'await sleep(50);'), { maxConcurrentCalls: 4 });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await stage.send(
      'results',
      Array.from({ length: 8 }, (_, index) => ({
        body: { index },
        messageId: `one-${index}`,
        applicationProperties: { traceparent },
      })),
    );
    await executed(host, 'succeeded', 8);
    const seen = invocations(host);
    expect(Math.max(...seen.map((one) => one.running))).toBe(4);
    expect(seen[0]).toMatchObject({
      input: { index: 0 },
      trace: traceparent,
      metadata: { messageId: 'one-0', deliveryCount: 1, sequenceNumber: expect.any(Number) },
    });
    await stage.emptied('results');
  });

  test('cardinality one renews the lock: a message that takes longer than its lock is delivered once', async () => {
    const host = await stage.run(app(queue, 'await sleep(4500);'));
    await stage.send('results', [{ body: 'long', messageId: 'renewed' }]);
    await executed(host, 'succeeded');
    await stage.emptied('results');
    expect(invocations(host).map((one) => one.metadata['deliveryCount'])).toEqual([1]);
  });

  test('after the broker was killed and came back the next message arrives', async () => {
    const host = await stage.run(app(`${queue}, cardinality: 'many'`), {});
    await stage.send('results', [{ body: 'before', messageId: 'before-kill' }]);
    await executed(host, 'succeeded');
    await stage.emptied('results');
    await stage.restartBroker();
    const sentAt = Date.now();
    await stage.send('results', [{ body: 'after', messageId: 'after-kill' }]);
    await executed(host, 'succeeded', 2);
    expect(Date.now() - sentAt).toBeLessThan(3_000);
    await stage.emptied('results');
  });

  test('a dead-letter queue is a queue like any other', async () => {
    const receiver = await sessionWithMessage('writes', 'lane-1');
    for (const message of await receiver.receiveMessages(1)) {
      await receiver.deadLetterMessage(message, {
        deadLetterReason: 'on purpose',
        deadLetterErrorDescription: 'by a test',
      });
    }
    await receiver.close();
    const host = await stage.run(app(`queueName: 'writes/$DeadLetterQueue', cardinality: 'many'`), {});
    await executed(host, 'succeeded');
    const [seen] = invocations(host);
    expect(seen?.input).toEqual(['poison']);
    expect(seen?.metadata['applicationPropertiesArray']).toMatchObject([{ deadLetterReason: 'on purpose' }]);
  });

  async function sessionWithMessage(name: string, sessionId: string) {
    await stage.send(name, [{ body: 'poison', sessionId, messageId: 'poison' }]);
    return stage.client.acceptSession(name, sessionId);
  }
});

test('over wss, with a namespace and the managed identity', async () => {
  const identity = await startIdentity();
  stage.later(() => identity.stop());
  const host = await stage.run(
    app(sessionBatches),
    { transportType: 'amqpWebSockets' },
    {
      ...users,
      BUS: '',
      BUS__fullyQualifiedNamespace: new URL(stage.broker.wssUrl).host,
      NODE_EXTRA_CA_CERTS: stage.broker.caFile,
      ...identity.env,
    },
  );
  await stage.send('users', [{ body: 'over wss', sessionId: 'users' }]);
  await executed(host, 'succeeded');
  expect(invocations(host).map((one) => one.input)).toEqual([['over wss']]);
  await stage.emptied('users');
});
