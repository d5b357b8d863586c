import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReceivedSpan } from '../../../local/ingestion/received.ts';
import { treeProblems } from '../../../local/ingestion/trace-trees.ts';
import { metrics } from '../../../shared/telemetry/metrics.ts';
import { startIngestion, type TestIngestion } from '../../fixtures/ingestion.ts';
import { startTenant, type TestTenant } from '../../fixtures/tenant.ts';
import { type Sender, startSender } from './start-sender.ts';

/** The adapter over the real SDK and exporter of Azure Monitor, against an endpoint that reads what it sends. */
let ingestion: TestIngestion;
let tenant: TestTenant | undefined;
let senders: Sender[];

beforeEach(() => {
  senders = [];
  tenant = undefined;
});

afterEach(async () => {
  await Promise.all(senders.map((sender) => sender.end()));
  await tenant?.stop();
  await ingestion.stop();
  expect(senders.flatMap((sender) => sender.strays)).toEqual([]);
});

async function start(more: Record<string, string> = {}): Promise<Sender> {
  const sender = await startSender(ingestion, more);
  senders.push(sender);
  return sender;
}

const codesOf = async () => (await ingestion.received()).events.map(({ fields }) => fields['code']);

describe('what arrives', () => {
  beforeEach(async () => {
    ingestion = await startIngestion();
  });

  it('is one trace across both processes: names, kinds, times, roles, outcome', async () => {
    const functions = await start({ ROLE: 'functions' });
    const relay = await start();
    const parent = await functions.ring();
    await relay.do('apply', parent);
    await functions.do('page', parent);
    await Promise.all([functions.do('flush'), relay.do('flush')]);
    const { spans, refused } = await ingestion.received();
    expect(refused).toEqual([]);
    expect(treeProblems(spans)).toEqual([]);
    const [, traceId = '', spanId = ''] = parent.split('-');
    const named = (name: string): ReceivedSpan | undefined => spans.find((span) => span.name === name);
    expect(named('notification')).toMatchObject({
      ...{ table: 'AppDependencies', traceId, id: spanId, parentId: undefined },
      ...{ role: 'writeback-functions', success: true, attributes: { kind: 'user', ids: '1' } },
    });
    const apply = named('apply');
    expect(apply).toMatchObject({
      ...{ table: 'AppRequests', traceId, parentId: spanId, role: 'writeback-relay', success: true },
      attributes: { of: 'user', outcome: 'updated' },
    });
    expect(apply?.durationMs).toBeGreaterThanOrEqual(250);
    expect(Math.abs((apply?.startedAt ?? 0) + (apply?.durationMs ?? 0) - Date.now())).toBeLessThan(30_000);
    expect(named('ldap')).toMatchObject({ table: 'AppDependencies', parentId: apply?.id, success: false });
    expect(named('read page')).toMatchObject({ parentId: undefined, links: [traceId] });
    expect(named('read page')?.traceId).not.toBe(traceId);
    expect(spans).toHaveLength(4);
  });

  it('is every event with its severity, its fields as text, and the span it belongs to', async () => {
    const relay = await start();
    await relay.do('apply', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
    await relay.do('warn', 'directory-down');
    await relay.do('loud', 'credentials-refused');
    await relay.do('flush');
    const { events, spans, others } = await ingestion.received();
    const apply = spans.find(({ name }) => name === 'apply');
    expect(events).toMatchObject([
      {
        ...{ name: 'applied', severity: 'Information', role: 'writeback-relay' },
        ...{ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: apply?.id },
        fields: { id: 'x', changed: '["title"]', lagMs: '12' },
      },
      { name: 'lanes paused', severity: 'Warning', fields: { code: 'directory-down' } },
      { name: 'HALTED', severity: 'Critical', fields: { code: 'credentials-refused' } },
    ]);
    expect(others).toEqual([]);
  });

  it('is every metric of the table with the dimensions of the table, and no other', async () => {
    const relay = await start();
    await relay.do('metrics');
    await relay.do('flush');
    const received = (await ingestion.received()).metrics;
    const expected = Object.entries(metrics).map(([name, { instrument, dimensions }]) => ({
      ...{ name, role: 'writeback-relay' },
      sum: instrument === 'gauge' ? 4 : 6,
      ...(instrument === 'histogram' ? { count: 2, min: 2, max: 4 } : { count: 1 }),
      dimensions: Object.fromEntries(
        Object.entries(dimensions).map(([label, values]) => [label, (values as readonly string[])[0]]),
      ),
    }));
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(received.sort(byName)).toMatchObject(expected.sort(byName));
    expect(received).toHaveLength(expected.length);
  });

  it('is nothing of the environment, and nothing but what was measured', async () => {
    const relay = await start({ DIRECTORY_PASSWORD: 'Only-the-DC-knows-1' });
    await relay.do('apply', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
    await relay.do('metrics');
    await relay.do('flush');
    expect(ingestion.raw()).toContain('applied');
    expect(ingestion.raw()).not.toContain('Only-the-DC-knows-1');
    expect(ingestion.raw()).not.toContain(process.cwd());
    const { items, metrics: received, others } = await ingestion.received();
    expect(received.filter(({ name }) => !(name in metrics))).toEqual([]);
    expect(others).toEqual([]);
    const tags = new Set(items.flatMap((item) => Object.keys(item.tags)));
    expect([...tags].sort()).toEqual([
      'ai.application.ver',
      'ai.cloud.role',
      'ai.cloud.roleInstance',
      'ai.internal.sdkVersion',
      'ai.operation.id',
      'ai.operation.name',
      'ai.operation.parentId',
    ]);
  });

  it('is no trace that is not sampled, but every event and metric', async () => {
    const relay = await start({ TELEMETRY_SAMPLING_RATIO: '0' });
    await relay.do('apply', await relay.ring());
    await relay.do('metrics');
    await relay.do('flush');
    const { spans, events, metrics: received } = await ingestion.received();
    expect(spans).toEqual([]);
    expect(events).toHaveLength(1);
    expect(received.length).toBeGreaterThan(0);
  });
});

describe('signing in by Entra', () => {
  const authentication = { APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD' };
  let identity: Record<string, string>;

  beforeEach(async () => {
    tenant = await startTenant();
    const { identityUrl, identityHeader, tokenSecret } = tenant;
    identity = { IDENTITY_ENDPOINT: identityUrl, IDENTITY_HEADER: identityHeader };
    const publisher = '11111111-2222-4333-8444-555555555555';
    ingestion = await startIngestion({ tokenSecret, publishers: publisher });
  });

  it('is taken with the token of an identity that has the role', async () => {
    const relay = await start({
      ...identity,
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING:
        'ClientId=11111111-2222-4333-8444-555555555555;Authorization=AAD',
    });
    await relay.do('warn', 'x');
    await relay.do('flush');
    expect(await codesOf()).toEqual(['x']);
    expect(ingestion.raw()).not.toContain('eyJ');
  });

  it.each([
    ['the key alone (401)', {}, 'status 401'],
    ['an identity without the role (403)', authentication, 'status 403'],
  ])('is refused with %s, which the sender says and survives', async (_, more, error) => {
    const relay = await start({ ...identity, ...more });
    await relay.do('warn', 'x');
    expect(await relay.do('flush')).toBeLessThan(10_500);
    expect(await codesOf()).toEqual([]);
    expect(relay.told).toMatchObject([{ msg: 'telemetry failed', error }]);
  });

  it('without an identity at all neither start nor end hang', async () => {
    const relay = await start({
      ...authentication,
      IDENTITY_ENDPOINT: 'http://127.0.0.1:1/',
      IDENTITY_HEADER: 'x',
    });
    await relay.do('warn', 'x');
    expect(await relay.do('flush')).toBeLessThan(10_500);
    expect(await relay.end()).toBeLessThan(10_500);
    expect(await codesOf()).toEqual([]);
  });
});

describe('an endpoint that does not take it', () => {
  beforeEach(async () => {
    ingestion = await startIngestion();
  });

  it.each([429, 503])('for a while (%i with Retry-After) gets it later', async (status) => {
    const relay = await start();
    await ingestion.fault({ status, times: 1, retryAfterSeconds: 1 });
    await relay.do('warn', 'x');
    await relay.do('flush');
    expect(await codesOf()).toEqual(['x']);
    expect(relay.told).toEqual([]);
  });

  it('because of a daily cap (439) loses that much and gets the next', async () => {
    const relay = await start();
    await ingestion.fault({ status: 439, times: 1 });
    await relay.do('warn', 'lost');
    await relay.do('flush');
    await relay.do('warn', 'next');
    await relay.do('flush');
    expect(await codesOf()).toEqual(['next']);
    expect(relay.told).toMatchObject([{ msg: 'telemetry failed', error: 'status 439' }]);
  });

  it('because it is gone leaves nothing on the disk of the sender', async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'sender-'));
    await ingestion.kill();
    const relay = await start({ TMPDIR: scratch });
    await relay.do('warn', 'lost');
    await relay.do('flush');
    await relay.end();
    const left = readdirSync(scratch, { recursive: true });
    rmSync(scratch, { recursive: true });
    expect(left).toEqual([]);
  });

  it('because it is gone hangs neither start nor work nor end, and gets what comes later', async () => {
    await ingestion.kill();
    const relay = await start();
    expect(relay.startMs).toBeLessThan(5_000);
    expect(await relay.do('warn', 'lost')).toBeLessThan(100);
    expect(await relay.do('flush')).toBeLessThan(10_500);
    await ingestion.restart();
    await relay.do('warn', 'next');
    await relay.do('flush');
    expect(await codesOf()).toContain('next');
    await ingestion.kill();
    await relay.do('warn', 'lost');
    expect(await relay.end()).toBeLessThan(10_500);
    await ingestion.restart();
  });
});
