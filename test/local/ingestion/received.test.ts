import { expect, it } from 'vitest';
import { checkItems } from '../../../local/ingestion/check-items.ts';
import { type ReceivedSpan, telemetryFrom } from '../../../local/ingestion/received.ts';
import { treeProblems } from '../../../local/ingestion/trace-trees.ts';
import { dependencyItem, key, messageItem, metricItem, requestItem } from './items.ts';

const telemetryOf = (...items: object[]) => telemetryFrom(checkItems(JSON.stringify(items), key).accepted);

it('items are read as rows of spans, events and metrics', () => {
  const links = JSON.stringify([{ operation_Id: 'other', id: 'x' }]);
  const { spans, events, metrics } = telemetryOf(
    requestItem({ time: '2026-01-01T00:00:00.000Z' }),
    requestItem({
      tags: { 'ai.operation.parentId': '00f067aa0ba902b7' },
      data: { properties: { of: 'user' } },
    }),
    dependencyItem({ data: { success: false, properties: { '_MS.links': links } } }),
    messageItem({ data: { properties: { id: '1' } }, tags: { 'ai.operation.parentId': 'b7ad6b7169203331' } }),
    metricItem(),
  );
  expect(spans).toMatchObject([
    {
      table: 'AppRequests',
      ...{ id: 'b7ad6b7169203331', parentId: '00f067aa0ba902b7', name: 'apply', durationMs: 1_250 },
      ...{ role: 'entra-writeback-relay', success: true, attributes: { of: 'user' }, links: [] },
    },
    { table: 'AppDependencies', success: false, durationMs: 10, attributes: {}, links: ['other'] },
  ]);
  expect(events).toMatchObject([
    { name: 'applied', severity: 'Information', spanId: 'b7ad6b7169203331', fields: { id: '1' } },
  ]);
  expect(metrics).toMatchObject([
    { name: 'writeback.lag', sum: 30, count: 2, min: 10, max: 20, dimensions: { leg: 'event-to-commit' } },
  ]);
});

const span = (traceId: string, id: string, parentId?: string): ReceivedSpan => ({
  ...{ table: 'AppRequests', traceId, id, parentId, name: 'x', role: 'x', startedAt: 0, durationMs: 1 },
  ...{ success: true, attributes: {}, links: [] },
});

it('a trace is one tree, or it is said why not', () => {
  const tree = [span('a', '1'), span('a', '2', '1'), span('a', '3', '2'), span('a', '3', '2')];
  expect(treeProblems([...tree, span('b', '1')])).toEqual([]);
  expect(treeProblems([...tree, span('a', '4')])).toMatchObject([
    { traceId: 'a', problem: 'two roots', spans: [{ id: '1' }, { id: '4' }] },
  ]);
  expect(treeProblems([...tree, span('a', '4', '9')])).toMatchObject([
    { traceId: 'a', problem: 'orphan', spans: [{ id: '4' }] },
  ]);
  expect(treeProblems([span('c', '1', '2'), span('c', '2', '1')])).toMatchObject([{ problem: 'no root' }]);
});
