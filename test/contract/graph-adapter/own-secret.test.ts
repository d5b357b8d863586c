import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSubscriptions } from '../../../shared/adapters/graph/subscriptions.ts';
import { createCall } from '../../../shared/adapters/graph/tenant.ts';
import { systemClock } from '../../../shared/adapters/system-clock.ts';
import { createState } from '../../../shared/adapters/tables/state.ts';
import { durationMs } from '../../../shared/domain/time.ts';
import type { Subscriptions } from '../../../shared/ports.ts';
import { ownClientState } from '../../../shared/receiving/client-state.ts';
import type { WebhookAnswer, WebhookRequest } from '../../../shared/receiving/webhook.ts';
import { createSubscriber } from '../../../shared/subscribing/create-subscriber.ts';
import type { Keeper } from '../../../shared/subscribing/keep-subscriptions.ts';
import { fakeDoorbell } from '../../fakes/doorbell.ts';
import { fakeLog } from '../../fakes/log.ts';
import { FakeTelemetry } from '../../fakes/telemetry.ts';
import { startTenant, type TestTenant } from '../../fixtures/tenant.ts';
import { type Azurite, startAzurite } from '../tables/azurite.ts';

/**
 * The app's own secret with real tables and the tenant simulator, which shakes hands and repeats to each subscription what it was made
 * with: two instances of the app, of which one looks after the subscriptions and the other one gets all that Graph sends.
 */
let graph: TestTenant;
let azurite: Azurite;
let server: Server;
let urls: { notificationUrl: string; lifecycleUrl: string };
let subscriptions: Subscriptions;
let keeping: Instance;
let listening: Instance;

type Instance = {
  keeper: Keeper;
  receive: (request: WebhookRequest) => Promise<WebhookAnswer>;
  outbox: ReturnType<typeof fakeDoorbell>;
  log: ReturnType<typeof fakeLog>;
};

beforeAll(async () => {
  [graph, azurite] = await Promise.all([startTenant(), startAzurite()]);
  const credential = {
    getToken: async () => ({ token: graph.appToken, expiresOnTimestamp: Date.now() + 3_600_000 }),
  };
  const call = createCall({ baseUrl: graph.url, credential, clock: systemClock });
  subscriptions = createSubscriptions({ call });
  server = createServer((request, response) => void serve(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://localhost:${(server.address() as AddressInfo).port}/api/graph`;
  urls = { notificationUrl: `${base}/notifications`, lifecycleUrl: `${base}/lifecycle` };
  [keeping, listening] = [instance(), instance()];
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await Promise.all([graph.stop(), azurite.stop()]);
});

/** An instance as compose.ts builds it, but for Service Bus. */
function instance(): Instance {
  const state = createState({ tables: { connectionString: azurite.connectionString } });
  const randomHex = (bytes: number) =>
    Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex');
  const clientState = ownClientState({ state, clock: systemClock, randomHex, calmMs: durationMs(0) });
  const [outbox, log] = [fakeDoorbell(), fakeLog()];
  const lifetimeMs = durationMs(41_000 * 60_000);
  const parts = { outbox, log, clock: systemClock, telemetry: new FakeTelemetry() };
  const subscriber = createSubscriber({
    ...parts,
    ...{ subscriptions, clientState, urls, lifetimeMs, calmMs: durationMs(0) },
  });
  return { ...subscriber, outbox, log };
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { searchParams } = new URL(request.url ?? '', 'http://localhost');
  const answer = await listening.receive({ query: searchParams, body: Buffer.concat(chunks) });
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

async function newUser(name: string): Promise<string> {
  const headers = { authorization: `Bearer ${graph.adminToken}`, 'content-type': 'application/json' };
  const response = await fetch(`${graph.url}/users`, {
    method: 'POST',
    headers,
    body: JSON.stringify({
      ...{ displayName: name, userPrincipalName: `${name}@example.com`, mailNickname: name },
      ...{ accountEnabled: true, passwordProfile: { password: 'irrelevant-Passw0rd' } },
    }),
  });
  return ((await response.json()) as { id: string }).id;
}

/** Whether the instance that listens rings for a user that is made now. */
async function hearsOf(name: string): Promise<void> {
  const id = await newUser(name);
  const lookedAt = () => JSON.stringify(listening.outbox.sent);
  await expect.poll(lookedAt, { timeout: 10_000 }).toContain(id);
}

const secretsTable = () =>
  TableClient.fromConnectionString(azurite.connectionString, 'secrets', { allowInsecureConnection: true });
const secretNow = async () => String((await secretsTable().getEntity('secret', 'client-state'))['value']);
const marks = async () =>
  new Set((await subscriptions.list()).map(({ notificationUrl }) => new URL(notificationUrl).search));

it('is made once, believed by both instances, and replaced with its subscriptions when its row is removed', async () => {
  await Promise.all([keeping.keeper.keep(), listening.keeper.keep()]);
  const first = await secretNow();
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  const [mark, ...others] = await marks();
  expect(others).toEqual([]);
  await hearsOf('before');

  await secretsTable().deleteEntity('secret', 'client-state');
  await hearsOf('between');
  await keeping.keeper.keep();
  expect(await secretNow()).not.toBe(first);
  expect([...(await marks())]).not.toContain(mark);
  expect(await subscriptions.list()).toHaveLength(2);
  await hearsOf('after');

  const logged = JSON.stringify([keeping.log.lines, listening.log.lines]);
  for (const secret of [first, await secretNow()]) expect(logged).not.toContain(secret);
});
