import { beforeAll, describe, expect, it } from 'vitest';
import type { ReceivedEvent, ReceivedSpan } from '../../local/ingestion/received.ts';
import { treeProblems } from '../../local/ingestion/trace-trees.ts';
import { type EventSpec, events } from '../../shared/telemetry/events.ts';
import { type MetricSpec, metrics } from '../../shared/telemetry/metrics.ts';
import { type SpanSpec, spans } from '../../shared/telemetry/spans.ts';
import { leaksIn, valuesOfTenant, valuesWritten } from './leaks.ts';
import { runWithTelemetry, type TelemetryRun } from './telemetry-run.ts';

/** A working day with everything on: host and relay sign in by Entra and send what they measure. */
let run: TelemetryRun;
let byId: Map<string, ReceivedSpan>;
let children: Map<string | undefined, ReceivedSpan[]>;

beforeAll(async () => {
  run = await runWithTelemetry('--largest-group', '60');
  const { spans: received } = run.telemetry;
  byId = new Map(received.map((span) => [`${span.traceId} ${span.id}`, span]));
  children = Map.groupBy(received, ({ traceId, parentId }) => `${traceId} ${parentId}`);
}, 240_000);

const parentOf = (span: ReceivedSpan) => byId.get(`${span.traceId} ${span.parentId}`);
const childrenOf = (span: ReceivedSpan, name: string) =>
  (children.get(`${span.traceId} ${span.id}`) ?? []).filter((child) => child.name === name);

function rootOf(span: ReceivedSpan): ReceivedSpan {
  const parent = parentOf(span);
  return parent === undefined ? span : rootOf(parent);
}

const applySpanOf = ({ traceId, spanId }: ReceivedEvent) => byId.get(`${traceId} ${spanId}`);
const appliedEvents = () => run.telemetry.events.filter(({ name }) => name === 'applied');

it('ends well, and every trace is one tree', () => {
  expect(run.code, run.told).toBe(0);
  expect(run.output).toMatch(
    /telemetry\s+\d+ spans in \d+ traces, \d+ events, \d+ metrics; every trace is one tree/,
  );
  expect(treeProblems(run.telemetry.spans)).toEqual([]);
});

describe('a change', () => {
  it('is one trace from the notification to the write and the record, across both processes', () => {
    const withEffect = appliedEvents().filter(
      ({ fields }) => fields['cause'] === 'ring' && fields['outcome'] === 'updated',
    );
    const notified = withEffect.filter((event) => {
      const apply = applySpanOf(event);
      expect(apply, JSON.stringify(event)).toMatchObject({ name: 'apply', role: 'writeback-relay' });
      if (apply === undefined) return false;
      expect(parentOf(apply), JSON.stringify(event)).toMatchObject({
        name: expect.stringMatching(/^read (users|groups)$/),
        role: 'writeback-functions',
      });
      expect(childrenOf(apply, 'ldap').length, JSON.stringify(event)).toBeGreaterThan(0);
      expect(childrenOf(apply, 'record')).toMatchObject([{ role: 'writeback-functions' }]);
      return rootOf(apply).name === 'notification';
    });
    expect(notified.length).toBeGreaterThan(60);
  });

  it('of the story is found by the id of its object, and began with a notification', () => {
    const ids = new Set(run.story.flatMap(({ id, lagMs }) => (lagMs === undefined ? [] : [id])));
    const traced = appliedEvents().flatMap((event) => {
      const span = applySpanOf(event);
      return span !== undefined && rootOf(span).name === 'notification' ? [event.fields['id'] ?? ''] : [];
    });
    const missing = [...ids].filter((id) => !traced.includes(id));
    expect(ids.size).toBeGreaterThan(80);
    expect(missing.length / ids.size, missing.join(', ')).toBeLessThan(0.1);
  });

  it('has times that follow each other', () => {
    for (const span of run.telemetry.spans.filter(({ name }) => name === 'ldap')) {
      const apply = parentOf(span);
      expect(span.startedAt).toBeGreaterThanOrEqual((apply?.startedAt ?? 0) - 1);
      const end = (apply?.startedAt ?? 0) + (apply?.durationMs ?? 0);
      expect(span.startedAt + span.durationMs).toBeLessThanOrEqual(end + 2);
    }
  });
});

it('every applied command belongs to a span that arrived, and says which attributes changed', () => {
  const applied = appliedEvents();
  expect(applied.length).toBeGreaterThan(400);
  expect(applied.filter((event) => applySpanOf(event)?.name !== 'apply')).toEqual([]);
  for (const { fields } of applied) {
    expect(fields['id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(fields['relay']).toBe('local');
    expect(JSON.parse(fields['changed'] ?? 'null')).toBeInstanceOf(Array);
  }
});

describe('what arrived is in the tables:', () => {
  it('every metric that is not planned was recorded, by whom and with what the table says', () => {
    const table = metrics as Record<string, MetricSpec>;
    for (const { name, role, dimensions } of run.telemetry.metrics) {
      expect(
        table[name]?.from.map((from) => `writeback-${from}`),
        name,
      ).toContain(role);
      expect(Object.keys(dimensions).sort(), name).toEqual(Object.keys(table[name]?.dimensions ?? {}).sort());
      for (const [label, value] of Object.entries(dimensions))
        expect(table[name]?.dimensions[label], `${name} ${label}`).toContain(value);
    }
    const recorded = new Set(run.telemetry.metrics.map(({ name }) => name));
    const wanted = Object.entries(table).flatMap(([name, { planned }]) =>
      planned === undefined ? [name] : [],
    );
    expect([...recorded].sort()).toEqual(wanted.sort());
  });

  it('spans with their attributes, events with their fields', () => {
    const spanTable = spans as Record<string, SpanSpec>;
    for (const { name, role, table, attributes } of run.telemetry.spans) {
      const { kind, from, attributes: known = [] } = spanTable[name] ?? {};
      expect(role, name).toBe(`writeback-${from}`);
      expect(table, name).toBe(kind === 'consumer' ? 'AppRequests' : 'AppDependencies');
      expect(
        Object.keys(attributes).filter((attribute) => !known.includes(attribute)),
        name,
      ).toEqual([]);
    }
    expect(new Set(run.telemetry.spans.map(({ name }) => name))).toEqual(new Set(Object.keys(spans)));
    const eventTable = events as Record<string, EventSpec>;
    for (const { name, role, fields } of run.telemetry.events) {
      const { from = [], fields: known = [] } = eventTable[name] ?? {};
      expect(
        from.map((process) => `writeback-${process}`),
        name,
      ).toContain(role);
      if (known !== 'settings')
        expect(
          Object.keys(fields).filter((field) => !known.includes(field)),
          name,
        ).toEqual([]);
    }
    expect(run.telemetry.others).toEqual([]);
  });
});

describe('nowhere in what was sent is', () => {
  it('a value of an attribute, of anybody at any time', () => {
    const values = new Set([...valuesOfTenant(run.journal), ...valuesWritten(run.written)]);
    expect(values.size).toBeGreaterThan(1_500);
    expect(values).toContain('Wolfeschlegelsteinhausenbergerdorff');
    expect(run.raw.length).toBeGreaterThan(500_000);
    expect(leaksIn(run.raw, values)).toEqual([]);
  }, 60_000);

  it('a secret of the stack', () => {
    const clientStates = [...run.journal.matchAll(/"clientState":"([^"]+)"/g)].map(([, state = '']) => state);
    expect(clientStates.length).toBeGreaterThan(0);
    expect([...run.secrets.keys()]).toEqual(
      expect.arrayContaining([
        ...['DIRECTORY_PASSWORD of relay', 'SERVICEBUS of relay', 'IDENTITY_HEADER of relay'],
        ...[
          'STATE of host',
          'HOST_KEY of host',
          'TENANT_TOKEN_SECRET of tenant',
          'AZURITE_ACCOUNTS of tables',
        ],
        ...['token of the administrator', 'administrator of the domain'],
      ]),
    );
    expect(leaksIn(run.raw, [...run.secrets.values(), ...clientStates])).toEqual([]);
    expect(run.raw).not.toMatch(/eyJ[\w-]{8}|PRIVATE KEY|Bearer |SharedAccessKey=|AccountKey=/);
  });
});
