import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSubscriptions } from '../../../shared/adapters/graph/subscriptions.ts';
import { createCall } from '../../../shared/adapters/graph/tenant.ts';
import { systemClock } from '../../../shared/adapters/system-clock.ts';
import { durationMs, epochMs } from '../../../shared/domain/time.ts';
import type { Endpoint, Subscriptions } from '../../../shared/ports.ts';
import { endpointWith, givenClientState } from '../../../shared/receiving/client-state.ts';
import { createReceiver } from '../../../shared/receiving/receive.ts';
import type { NewRing } from '../../../shared/receiving/rings-for.ts';
import { createKeeper, type Keeper } from '../../../shared/subscribing/keep-subscriptions.ts';
import {
  createKnownSubscriptions,
  type KnownSubscriptions,
} from '../../../shared/subscribing/known-subscriptions.ts';
import { fakeDoorbell } from '../../fakes/doorbell.ts';
import { fakeLog } from '../../fakes/log.ts';
import { FakeTelemetry } from '../../fakes/telemetry.ts';
import { startTenant, type TestTenant } from '../../fixtures/tenant.ts';

/** Subscriptions, keeper and receiver against the tenant simulator, which shakes hands and delivers as Graph does. */
const clientState = 'client-state-of-the-tests-0123456789';
const lifetimeMs = durationMs(41_000 * 60_000);

let graph: TestTenant;
let server: Server;
let subscriptions: Subscriptions;
let keeper: Keeper;
let endpoint: Endpoint;
let known: KnownSubscriptions;
let isUp = true;
const outbox = fakeDoorbell();

beforeAll(async () => {
  graph = await startTenant();
  const log = fakeLog();
  const receive = createReceiver({
    telemetry: new FakeTelemetry(),
    outbox,
    clock: systemClock,
    log,
    clientState: givenClientState(clientState),
    care: (items) => keeper.care(items),
    isKnown: (id) => known.has(id),
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { searchParams } = new URL(request.url ?? '', 'http://localhost');
    const answer = await receive({ query: searchParams, body: Buffer.concat(chunks) });
    response.writeHead(isUp ? answer.status : 503, answer.headers);
    response.end(isUp ? answer.body : undefined);
  };
  server = createServer((request, response) => void serve(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://localhost:${(server.address() as AddressInfo).port}/api/graph`;
  endpoint = endpointWith(
    { notificationUrl: `${base}/notifications`, lifecycleUrl: `${base}/lifecycle` },
    clientState,
  );
  const credential = {
    getToken: async () => ({ token: graph.appToken, expiresOnTimestamp: Date.now() + 3_600_000 }),
  };
  const call = createCall({ baseUrl: graph.url, credential, clock: systemClock });
  subscriptions = createSubscriptions({ call });
  known = createKnownSubscriptions({ subscriptions, clock: systemClock, log, calmMs: durationMs(0) });
  keeper = createKeeper({
    subscriptions,
    outbox,
    clock: systemClock,
    log,
    telemetry: new FakeTelemetry(),
    lifetimeMs,
    endpoint: async () => endpoint,
  });
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await graph.stop();
});

const admin = async (path: string, body: unknown): Promise<unknown> => {
  const url = path.startsWith('/control') ? `${graph.controlUrl}${path.slice(8)}` : `${graph.url}${path}`;
  const headers = { authorization: `Bearer ${graph.adminToken}`, 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return await response.json();
};
const rungIds = (sent: readonly NewRing[]) =>
  sent.flatMap(({ message }) => ('want' in message && message.want.type === 'look' ? message.want.ids : []));

describe('subscriptions', () => {
  it('cannot be made while the endpoint does not answer the handshake', async () => {
    isUp = false;
    const expiresAt = epochMs(Date.now() + 3_600_000);
    await expect(subscriptions.create({ resource: 'users', expiresAt, endpoint })).rejects.toMatchObject({
      code: 'graph-unavailable',
    });
    isUp = true;
    expect(await subscriptions.list()).toEqual([]);
  });

  it('are made once, listed, renewed, and found to be gone', async () => {
    const expiresAt = epochMs(Date.now() + 3_600_000);
    const made = await subscriptions.create({ resource: 'users', expiresAt, endpoint });
    expect(made).toMatchObject({ resource: 'users', changeType: 'updated,deleted' });
    expect(await subscriptions.create({ resource: 'users', expiresAt, endpoint })).toBe('exists');
    expect(await subscriptions.list()).toEqual([made]);
    const { id } = made as Exclude<typeof made, string>;
    const later = epochMs(expiresAt + 3_600_000);
    expect(await subscriptions.renew(id, later)).toMatchObject({ id, expiresAt: later });
    await subscriptions.remove(id);
    await subscriptions.remove(id);
    expect(await subscriptions.renew(id, later)).toBe('gone');
  });
});

describe('keeper and receiver', () => {
  it('subscribe to both, and hear of a new user with its id', async () => {
    await keeper.keep();
    await keeper.keep();
    const kept = await subscriptions.list();
    expect(kept.map(({ resource }) => resource).sort()).toEqual(['groups', 'users']);
    const user = (await admin('/users', {
      displayName: 'New',
      userPrincipalName: 'new@example.com',
      mailNickname: 'new',
      accountEnabled: true,
      passwordProfile: { password: 'irrelevant-Passw0rd' },
    })) as { id: string };
    await expect.poll(() => rungIds(outbox.sent), { timeout: 10_000 }).toContain(user.id);
  });

  it('survive a lost subscription and a request to reauthorize', async () => {
    const [users] = (await subscriptions.list()).filter(({ resource }) => resource === 'users');
    await admin('/control/lifecycle', { subscriptionId: users?.id, event: 'reauthorizationRequired' });
    await admin('/control/expire-subscription', { subscriptionId: users?.id });
    await keeper.keep();
    const kept = await subscriptions.list();
    expect(kept.map(({ resource }) => resource).sort()).toEqual(['groups', 'users']);
    expect(kept.map(({ id }) => id)).not.toContain(users?.id);
  });
});
