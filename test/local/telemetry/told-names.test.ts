import { expect, it } from 'vitest';
import { events } from '../../../shared/telemetry/events.ts';
import { type MetricSpec, metrics } from '../../../shared/telemetry/metrics.ts';
import { spans } from '../../../shared/telemetry/spans.ts';
import { collectFrom, type ToldNames, toldNames } from './told-names.ts';

/** That no other name is told is the compiler's part. */
const told = toldNames();

it('every metric of the table is recorded somewhere, and a planned one nowhere', () => {
  const specs = Object.entries(metrics) as [string, MetricSpec][];
  const missing = specs.filter(([name, { planned }]) => planned === undefined && !told.metrics.has(name));
  const early = specs.filter(([name, { planned }]) => planned !== undefined && told.metrics.has(name));
  expect(missing.map(([name]) => name)).toEqual([]);
  expect(early.map(([name]) => name)).toEqual([]);
});

it('every span of the table is started somewhere', () => {
  expect(Object.keys(spans).filter((name) => !told.spans.has(name))).toEqual([]);
});

it('every event of the table is told somewhere', () => {
  expect(Object.keys(events).filter((name) => !told.events.has(name))).toEqual([]);
});

it('a name counts only where it is told', () => {
  const found: ToldNames = { metrics: new Set(), spans: new Set(), events: new Set() };
  const source = `
    const other = 'writeback.lag';
    telemetry.record('writeback.changes', 1, { outcome: 'refused' });
    log.info(isNew ? 'subscription made' : 'subscription adopted', { code: 'stopped' });
    log[severityOf(error)]('failed', {});
    list['at']('refused');
    telemetry.start(nameOf(message), {});
    function nameOf(message) { if (message.type !== 'ring') return 'record'; return message.kind === 'user' ? 'read users' : 'read groups'; }`;
  collectFrom(source, found);
  expect([...found.metrics]).toEqual(['writeback.changes']);
  expect([...found.events]).toEqual(['subscription made', 'subscription adopted', 'failed']);
  expect([...found.spans]).toEqual(['record', 'read users', 'read groups']);
});
