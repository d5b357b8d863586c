import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReceivedMetric } from '../../local/ingestion/received.ts';
import { type Command, commandSchema } from '../../shared/contracts/command.ts';
import { type Result, resultSchema } from '../../shared/contracts/result.ts';
import { laneOf } from '../../shared/domain/lane.ts';
import { orderText } from '../../shared/domain/order.ts';
import { brokerSecrets, type RunningBroker, startBroker } from '../fixtures/broker.ts';
import { type DomainControllerFixture, startDomainController } from '../fixtures/domain-controller.ts';
import { startIdentity, type TestIdentity } from '../fixtures/identity.ts';
import { startIngestion, type TestIngestion } from '../fixtures/ingestion.ts';
import { type RunningRelay, startRelay } from '../fixtures/relay.ts';
import { difference, groupPresent, idOf, userKey, userPresent } from '../relay/build-command.ts';
import { relaySettings } from './relay-stage.ts';

/* The relay's telemetry as it arrives at an ingestion endpoint that takes tokens only; the identity is a managed one. */

const { tokenSecret } = brokerSecrets;
let broker: RunningBroker;
let domain: DomainControllerFixture;
let ingestion: TestIngestion;
let identity: TestIdentity;
let bus: ServiceBusClient;
let relay: RunningRelay | undefined;

beforeAll(async () => {
  [broker, domain, ingestion] = await Promise.all([
    startBroker(),
    startDomainController(),
    startIngestion({ tokenSecret }),
  ]);
  identity = await startIdentity();
  bus = new ServiceBusClient(broker.connectionString);
});

afterAll(async () => {
  await relay?.stop();
  await bus?.close();
  identity?.stop();
  await Promise.all([broker?.stop(), domain?.stop(), ingestion?.stop()]);
});

function settings(): Record<string, string> {
  return {
    SERVICEBUS: broker.connectionString,
    ...relaySettings(domain),
    RELAY_HEARTBEAT_MS: '1000',
    APPLICATIONINSIGHTS_CONNECTION_STRING: ingestion.connectionString,
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD',
    ...identity.env,
    NODE_EXTRA_CA_CERTS: ingestion.caFile,
  };
}

/** Sends commands one after the other, each when the result of the one before has come. */
async function askAll(commands: readonly Command[]): Promise<Result[]> {
  const receiver = bus.createReceiver('results');
  const results: Result[] = [];
  for (const command of commands) {
    const messageId = `${command.type}-${orderText(command.order)}`;
    await bus
      .createSender('writes')
      .sendMessages({ body: commandSchema.parse(command), sessionId: laneOf(command.id), messageId });
    const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 30_000 });
    if (message === undefined) throw new Error('no result came');
    results.push(resultSchema.parse(message.body));
    await receiver.completeMessage(message);
  }
  await receiver.close();
  return results;
}

const sum = (metrics: readonly ReceivedMetric[]) => metrics.reduce((all, metric) => all + metric.sum, 0);

it('one tree from command to LDAP write, measurements, the audit log and no value of anything', async () => {
  relay = startRelay(settings());
  await relay.ready();
  const now = Date.now();
  const times = { event: now - 4_000, ring: now - 3_000, command: now - 1_000 };
  const results = await askAll([
    userPresent('Zanzibar', { times }),
    groupPresent('Quagga', { times }),
    difference('Quagga', { add: [userKey('Zanzibar')] }, { times, cause: 'round' }),
    userPresent('Okapi', { attributes: { servicePrincipalName: 'cifs/okapi' } }),
  ]);
  expect(results.map(({ outcome }) => outcome)).toEqual(['created', 'created', 'updated', 'rejected']);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const stopping = performance.now();
  await relay.stop();
  expect(performance.now() - stopping).toBeLessThan(6_000);

  const { spans, events, metrics, others, refused } = await ingestion.received();
  expect(others).toEqual([]);
  expect(refused).toEqual([]);
  const applied = spans.filter(({ name }) => name === 'apply');
  expect(applied.map(({ id }) => id)).toEqual(results.map(({ traceparent }) => traceparent.split('-')[2]));
  for (const span of applied)
    expect(span).toMatchObject({ table: 'AppRequests', traceId: 'a'.repeat(32), parentId: 'b'.repeat(16) });
  expect(applied.map(({ success }) => success)).toEqual([true, true, true, false]);
  const writes = spans.filter(({ name }) => name === 'ldap');
  expect(writes.map(({ attributes }) => attributes['operation'])).toEqual(
    expect.arrayContaining(['add', 'modify']),
  );
  for (const { parentId } of writes) expect(applied.map(({ id }) => id)).toContain(parentId);
  expect(spans).toHaveLength(applied.length + writes.length);

  const audit = events.filter(({ name }) => name === 'applied');
  expect(audit).toHaveLength(4);
  expect(audit[0]).toMatchObject({ traceId: 'a'.repeat(32), spanId: applied[0]?.id });
  expect(audit[0]?.fields).toMatchObject({
    id: idOf('Zanzibar'),
    outcome: 'created',
    relay: 'relay-of-the-tests',
    objectGuid: results[0]?.objectGuid,
    lagMs: String((results[0]?.times.commit ?? 0) - times.event),
  });
  expect(JSON.parse(audit[0]?.fields['changed'] ?? '')).toContain('displayName');
  expect(events.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['configuration', 'directory open', 'stopped']),
  );

  const of = (name: string) => metrics.filter((metric) => metric.name === name);
  expect(new Set(of('writeback.relay.heartbeat').map(({ dimensions }) => dimensions['state']))).toContain(
    'open',
  );
  expect(of('writeback.queue.depth').length).toBeGreaterThan(0);
  expect(sum(of('writeback.changes'))).toBe(4);
  expect(new Set(of('writeback.lag').map(({ dimensions }) => dimensions['leg'])).size).toBe(5);
  expect(of('writeback.ldap.errors')).toEqual([]);

  const raw = ingestion.raw().toLowerCase();
  const { servicePassword } = domain.dc;
  for (const value of ['zanzibar', 'quagga', 'okapi', servicePassword, brokerSecrets.sasKey, tokenSecret])
    expect(raw.includes(value.toLowerCase()), value).toBe(false);
});

it('works as ever while nobody takes its telemetry, and still ends in time', async () => {
  await ingestion.kill();
  relay = startRelay(settings());
  await relay.ready();
  const [result] = await askAll([userPresent('Tapir')]);
  expect(result?.outcome).toBe('created');
  const stopping = performance.now();
  await relay.stop();
  expect(performance.now() - stopping).toBeLessThan(12_000);
});
