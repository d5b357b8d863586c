import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServiceBusClient, type ServiceBusMessage } from '@azure/service-bus';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { stackToken } from '../../../local/tenant/tokens.ts';
import { brokerSecrets, type RunningBroker, startBroker } from '../../fixtures/broker.ts';
import { type Line, type RunningHost, startHost, writeApp } from '../../local/host/running-host.ts';

/** Logs one JSON line per invocation: what it was given, when it began and how many ran at once. */
const app = (trigger: string, handler = '') => `
import { app } from '@azure/functions';
let running = 0;
let invocations = 0;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
app.serviceBusQueue('read', { connection: 'BUS', ${trigger}, handler: async (input, context) => {
  const began = Date.now();
  running += 1;
  invocations += 1;
  context.log(JSON.stringify({ began, running, nth: invocations, input, metadata: context.triggerMetadata, trace: context.traceContext.traceParent }));
  try { ${handler} } finally { running -= 1; }
} });`;

const hostJson = (serviceBus: object) => JSON.stringify({ version: '2.0', extensions: { serviceBus } });

type Seen = {
  began: number;
  running: number;
  nth: number;
  input: unknown;
  metadata: Record<string, unknown>;
  trace: string;
};

const seenIn = (line: Line): Seen => JSON.parse(String(line['message'])) as Seen;
const isSeen = (line: Line): boolean =>
  line['function'] === 'read' && String(line['message']).startsWith('{');
const invocations = (host: RunningHost): Seen[] => host.lines.filter(isSeen).map(seenIn);

let broker: RunningBroker;
let client: ServiceBusClient;
const cleanups: (() => unknown)[] = [];

beforeAll(async () => {
  broker = await startBroker({ lockSeconds: 3 });
  client = new ServiceBusClient(broker.connectionString);
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

afterAll(async () => {
  await client.close();
  await broker.stop();
});

const run = async (code: string, serviceBus = {}, env: Record<string, string> = {}): Promise<RunningHost> => {
  const { folder, remove } = writeApp({
    'dist/functions/read.js': code,
    'host.json': hostJson(serviceBus),
  });
  const host = await startHost(folder, { BUS: broker.connectionString, ...env });
  cleanups.push(remove, () => host.stop());
  return host;
};

const send = async (queue: string, messages: ServiceBusMessage[]): Promise<void> => {
  const sender = client.createSender(queue);
  await sender.sendMessages(messages);
  await sender.close();
};

const depth = async (queue: string): Promise<{ active: number; deadLettered: number }> => {
  const answer = await fetch(`${broker.controlUrl}/queues`);
  const { queues } = (await answer.json()) as {
    queues: Record<string, { active: number; deadLettered: number }>;
  };
  return queues[queue] ?? { active: -1, deadLettered: -1 };
};

/** The next line that closes an invocation with the outcome, counted from the first. */
const executed = (host: RunningHost, outcome: string, nth = 1): Promise<Line> => {
  let left = nth;
  return host.line((line) => line['message'] === 'Executed' && line['outcome'] === outcome && left-- === 1);
};

const emptied = async (queue: string): Promise<void> => {
  const deadline = Date.now() + 5_000;
  while ((await depth(queue)).active > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect((await depth(queue)).active).toBe(0);
};

const sessionBatches = `queueName: '%QUEUE%', isSessionsEnabled: true, cardinality: 'many'`;
const users = { QUEUE: 'users' };

describe('a session trigger with batches', () => {
  test('receives what is there in few batches, in order, one at a time per session, with metadata as arrays', async () => {
    const bodies = Array.from({ length: 30 }, (_, index) => ({ index }));
    await send(
      'users',
      bodies.map((body) => ({
        body,
        sessionId: 'users',
        messageId: `m-${body.index}`,
        applicationProperties: { kind: 'k' },
      })),
    );
    const host = await run(app(sessionBatches, 'await sleep(30);'), { maxMessageBatchSize: 10 }, users);
    await emptied('users');
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
    const host = await run(app(sessionBatches), {}, users);
    const sender = client.createSender('users');
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
      await emptied('users');
    }
    await sender.close();
    // The SDK's receiveMessages gathers for a second; how fast it is otherwise, `npm start -- --once` tells.
    const median = times.sort((a, b) => a - b)[7];
    expect(median).toBeLessThan(500);
  });

  test('a throw abandons the whole batch, which comes again and counts its deliveries', async () => {
    const host = await run(
      app(sessionBatches, `if (invocations === 1) throw new Error('first time');`),
      {},
      users,
    );
    await send('users', [
      { body: 1, sessionId: 'users' },
      { body: 2, sessionId: 'users' },
    ]);
    await executed(host, 'failed');
    await emptied('users');
    const seen = invocations(host);
    const refused = seen[0]?.input as number[];
    expect(seen.slice(1).flatMap((one) => one.input)).toEqual([1, 2]);
    const counts = seen.slice(1).flatMap((one) => one.metadata['deliveryCountArray'] as number[]);
    expect(counts).toEqual([1, 2].map((body) => (refused.includes(body) ? 2 : 1)));
  });

  test('sessions run side by side, as many as maxConcurrentSessions', async () => {
    const host = await run(app(sessionBatches, 'await sleep(300);'), { maxConcurrentSessions: 3 }, users);
    await send(
      'users',
      ['a', 'b', 'c', 'd', 'e'].map((sessionId) => ({ body: sessionId, sessionId })),
    );
    await executed(host, 'succeeded', 5);
    expect(Math.max(...invocations(host).map((one) => one.running))).toBe(3);
    await emptied('users');
  });

  test('an idle session is given up for another one', async () => {
    const host = await run(
      app(sessionBatches),
      { maxConcurrentSessions: 1, sessionIdleTimeout: '00:00:00.2' },
      users,
    );
    for (const sessionId of ['a', 'b', 'a']) {
      await send('users', [{ body: sessionId, sessionId }]);
      await emptied('users');
    }
    expect(invocations(host).flatMap((one) => one.input)).toEqual(['a', 'b', 'a']);
  });

  test('no lock is renewed: a batch that outlives it comes again, and the host goes on', async () => {
    const host = await run(app(sessionBatches, 'if (invocations === 1) await sleep(3500);'), {}, users);
    await send('users', [{ body: 'long', sessionId: 'users', messageId: 'long' }]);
    await executed(host, 'succeeded', 2);
    const seen = invocations(host);
    expect(seen.map((one) => one.metadata['deliveryCountArray'])).toEqual([[1], [2]]);
    await emptied('users');
  });

  test('after the broker was killed and came back the next message arrives', async () => {
    const host = await run(app(sessionBatches), {}, users);
    await send('users', [{ body: 'before', sessionId: 'users' }]);
    await executed(host, 'succeeded');
    await emptied('users');
    await broker.kill();
    await broker.restart();
    await client.close();
    client = new ServiceBusClient(broker.connectionString);
    const sentAt = Date.now();
    await send('users', [{ body: 'after', sessionId: 'users' }]);
    await executed(host, 'succeeded', 2);
    expect(Date.now() - sentAt).toBeLessThan(3_000);
    await emptied('users');
  });

  test('at the end a running invocation is finished and its messages are completed', async () => {
    const { folder, remove } = writeApp({
      'dist/functions/read.js': app(sessionBatches, 'await sleep(500);'),
      'host.json': hostJson({}),
    });
    cleanups.push(remove);
    const host = await startHost(folder, { BUS: broker.connectionString, ...users });
    await send('users', [{ body: 1, sessionId: 'users' }]);
    await host.line(isSeen);
    expect(await host.stop()).toBe(0);
    expect((await depth('users')).active).toBe(0);
  });
});

describe('a trigger without sessions', () => {
  const queue = `queueName: 'results'`;

  test('cardinality many gathers what arrives together', async () => {
    const host = await run(app(`${queue}, cardinality: 'many'`), {});
    await send(
      'results',
      Array.from({ length: 20 }, (_, index) => ({ body: index, messageId: `many-${index}` })),
    );
    await emptied('results');
    const seen = invocations(host);
    expect(seen.flatMap((one) => one.input)).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(seen.length).toBeLessThan(10);
    expect(Math.max(...seen.map((one) => one.running))).toBe(1);
  });

  test('cardinality one runs message by message, maxConcurrentCalls at a time, with the trace of the message', async () => {
    const host = await run(app(queue, 'await sleep(50);'), { maxConcurrentCalls: 4 });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await send(
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
    await emptied('results');
  });

  test('cardinality one renews the lock: a message that takes longer than its lock is delivered once', async () => {
    const host = await run(app(queue, 'await sleep(4500);'));
    await send('results', [{ body: 'long', messageId: 'renewed' }]);
    await executed(host, 'succeeded');
    await emptied('results');
    expect(invocations(host).map((one) => one.metadata['deliveryCount'])).toEqual([1]);
  });

  test('after the broker was killed and came back the next message arrives', async () => {
    const host = await run(app(`${queue}, cardinality: 'many'`), {});
    await send('results', [{ body: 'before', messageId: 'before-kill' }]);
    await executed(host, 'succeeded');
    await emptied('results');
    await broker.kill();
    await broker.restart();
    await client.close();
    client = new ServiceBusClient(broker.connectionString);
    const sentAt = Date.now();
    await send('results', [{ body: 'after', messageId: 'after-kill' }]);
    await executed(host, 'succeeded', 2);
    expect(Date.now() - sentAt).toBeLessThan(3_000);
    await emptied('results');
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
    const host = await run(app(`queueName: 'writes/$DeadLetterQueue', cardinality: 'many'`), {});
    await executed(host, 'succeeded');
    const [seen] = invocations(host);
    expect(seen?.input).toEqual(['poison']);
    expect(seen?.metadata['applicationPropertiesArray']).toMatchObject([{ deadLetterReason: 'on purpose' }]);
  });

  async function sessionWithMessage(name: string, sessionId: string) {
    await send(name, [{ body: 'poison', sessionId, messageId: 'poison' }]);
    return client.acceptSession(name, sessionId);
  }
});

test('over wss, with a namespace and the managed identity', async () => {
  const identity = createServer((request, response) => {
    const token = stackToken(brokerSecrets.tokenSecret, {
      aud: new URL(request.url ?? '', 'http://localhost').searchParams.get('resource') ?? '',
      roles: [],
      exp: Math.floor(Date.now() / 1000) + 3600,
    });
    const expires = String(Math.floor(Date.now() / 1000) + 3600);
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ access_token: token, expires_on: expires, resource: '', token_type: 'Bearer' }),
    );
  });
  identity.listen(0, '127.0.0.1');
  await once(identity, 'listening');
  cleanups.push(() => identity.close());
  const host = await run(
    app(sessionBatches),
    { transportType: 'amqpWebSockets' },
    {
      ...users,
      BUS: '',
      BUS__fullyQualifiedNamespace: new URL(broker.wssUrl).host,
      NODE_EXTRA_CA_CERTS: broker.caFile,
      IDENTITY_ENDPOINT: `http://127.0.0.1:${(identity.address() as AddressInfo).port}/msi/token`,
      IDENTITY_HEADER: 'secret',
    },
  );
  await send('users', [{ body: 'over wss', sessionId: 'users' }]);
  await executed(host, 'succeeded');
  expect(invocations(host).map((one) => one.input)).toEqual([['over wss']]);
  await emptied('users');
});
