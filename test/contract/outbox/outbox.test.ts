import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBusClient } from '../../../shared/adapters/service-bus/bus-client.ts';
import { type BusOutbox, createOutbox } from '../../../shared/adapters/service-bus/outbox.ts';
import type { Slice } from '../../../shared/contracts/command.ts';
import type { Ring } from '../../../shared/contracts/ring.ts';
import { laneOf } from '../../../shared/domain/lane.ts';
import type { MemberKey } from '../../../shared/domain/member-key.ts';
import type { ObjectId } from '../../../shared/domain/object-id.ts';
import { epochMs } from '../../../shared/domain/time.ts';
import { brokerSecrets, type RunningBroker, startBroker } from '../../fixtures/broker.ts';

/** The outbox over a broker: sessions, order, schedule, sizes, outages. */
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` as ObjectId;
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const ring = (n: number): Ring => ({
  v: 1,
  type: 'ring',
  kind: 'user',
  cause: 'admin',
  attempt: 0,
  want: { type: 'look', ids: [idOf(n)] },
  traceparent,
  times: { ring: n },
});
const slice = (n: number, members: number, object = idOf(1)): Slice => ({
  v: 1,
  type: 'slice',
  id: object,
  order: { epoch: 1, sequence: n },
  cause: 'ring',
  traceparent,
  times: { ring: 1 },
  from: '',
  to: null,
  members: Array.from({ length: members }, (_, k) => `u:${idOf(k)}` as MemberKey),
  number: n,
  count: 100,
});

let broker: RunningBroker;
let outbox: BusOutbox;
let client: ServiceBusClient;

beforeAll(async () => {
  broker = await startBroker();
  outbox = createOutbox(createBusClient({ connectionString: broker.connectionString, transport: 'amqp' }));
  client = new ServiceBusClient(broker.connectionString);
});
afterAll(async () => {
  await outbox.close();
  await client.close();
  await broker.stop();
});

async function drain(queue: string, session: string, count: number) {
  const receiver = await client.acceptSession(queue, session, { maxAutoLockRenewalDurationInMs: 0 });
  const found: { body: unknown; messageId: unknown }[] = [];
  while (found.length < count) {
    const messages = await receiver.receiveMessages(count - found.length, { maxWaitTimeInMs: 5_000 });
    if (messages.length === 0) break;
    for (const message of messages) {
      found.push({ body: message.body, messageId: message.messageId });
      await receiver.completeMessage(message);
    }
  }
  await receiver.close();
  return found;
}

describe('the outbox', () => {
  it('sends to several queues and lanes at once, each lane in order', async () => {
    const [first, second] = [slice(1, 10), slice(2, 10)];
    const other = slice(3, 10, idOf(77));
    await outbox.send([
      { to: 'users', message: ring(1) },
      { to: 'writes', message: first },
      { to: 'writes', message: other },
      { to: 'users', message: ring(2) },
      { to: 'writes', message: second },
    ]);
    expect((await drain('users', 'reader', 2)).map(({ body }) => body)).toEqual([ring(1), ring(2)]);
    expect((await drain('writes', laneOf(idOf(1)), 2)).map(({ body }) => body)).toEqual([first, second]);
    expect((await drain('writes', laneOf(idOf(77)), 1)).map(({ body }) => body)).toEqual([other]);
  });

  it('sends more than fits into one batch, in order', async () => {
    const object = idOf(500);
    const slices = Array.from({ length: 12 }, (_, n) => slice(n + 10, 2_000, object));
    await outbox.send(slices.map((message) => ({ to: 'writes', message })));
    const found = await drain('writes', laneOf(object), 12);
    expect(found.map(({ body }) => (body as Slice).number)).toEqual(slices.map(({ number }) => number));
  });

  it('enqueues a command once, however often it is sent', async () => {
    const object = idOf(900);
    await outbox.send([{ to: 'writes', message: slice(1, 1, object) }]);
    await outbox.send([{ to: 'writes', message: slice(1, 1, object) }]);
    await outbox.send([{ to: 'writes', message: slice(2, 1, object) }]);
    expect((await drain('writes', laneOf(object), 2)).map(({ body }) => (body as Slice).number)).toEqual([
      1, 2,
    ]);
  });

  it('keeps a scheduled ring until it is due', async () => {
    const dueAt = epochMs(Date.now() + 1_500);
    await outbox.send([
      { to: 'groups', message: ring(1), dueAt },
      { to: 'groups', message: ring(2) },
    ]);
    expect((await drain('groups', 'reader', 1)).map(({ body }) => body)).toEqual([ring(2)]);
    expect((await drain('groups', 'reader', 1)).map(({ body }) => body)).toEqual([ring(1)]);
    expect(Date.now()).toBeGreaterThanOrEqual(dueAt - 50);
  });

  it('says so when a message fits nowhere, or nobody answers', async () => {
    const huge = {
      ...slice(1, 0),
      members: Array.from({ length: 8_000 }, (_, k) => `u:${idOf(k)}` as MemberKey),
    };
    await expect(outbox.send([{ to: 'writes', message: huge }])).rejects.toMatchObject({
      code: 'message-too-large',
    });
    const connectionString =
      'Endpoint=sb://localhost:1;SharedAccessKeyName=x;SharedAccessKey=y;UseDevelopmentEmulator=true';
    const lonely = createOutbox(createBusClient({ connectionString, transport: 'amqp' }));
    await expect(lonely.send([{ to: 'users', message: ring(1) }])).rejects.toMatchObject({
      code: 'bus-unavailable',
    });
    await lonely.close();
  });

  it('leaves by WebSocket where told to', async () => {
    const script = fileURLToPath(new URL('./send-over-wss.ts', import.meta.url));
    const { host } = new URL(broker.wssUrl);
    const connectionString = `Endpoint=sb://${host};SharedAccessKeyName=tests;SharedAccessKey=${brokerSecrets.sasKey}`;
    const { stdout } = await promisify(execFile)(process.execPath, [script, connectionString], {
      env: { PATH: process.env['PATH'] ?? '', NODE_EXTRA_CA_CERTS: broker.caFile },
    });
    expect(stdout.trim()).toBe('sent');
  });

  it('goes on after the broker was killed', async () => {
    await broker.kill();
    await broker.restart();
    await expect
      .poll(
        () =>
          outbox.send([{ to: 'refused', message: refusal }]).then(
            () => 'sent',
            () => 'failed',
          ),
        { timeout: 30_000 },
      )
      .toBe('sent');
  });
});

const refusal = {
  v: 1 as const,
  type: 'refusal' as const,
  queue: 'users',
  reason: 'x',
  at: 1,
  bytes: 1,
  sha256: 'x',
};
