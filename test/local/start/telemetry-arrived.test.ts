import { expect, it } from 'vitest';
import { checkItems } from '../../../local/ingestion/check-items.ts';
import { judged } from '../../../local/start/telemetry-arrived.ts';
import { dependencyItem, key, metricItem, requestItem } from '../ingestion/items.ts';

const receivedOf = (...items: object[]) => ({
  ...{ requests: 1, refused: [] },
  items: checkItems(JSON.stringify(items), key).accepted,
});
const another = requestItem({ data: { id: 'c7ad6b7169203331' } });
const orphan = requestItem({ tags: { 'ai.operation.parentId': '00f067aa0ba902b7' } });

it('counts what arrived; a torn trace is named', () => {
  const { problems, ...counts } = judged(receivedOf(orphan, metricItem()), Date.now() + 60_000);
  expect(counts).toEqual({ spans: 1, traces: 1, events: 0, metrics: 1, refused: 0, torn: 1 });
  expect(problems).toEqual([
    expect.stringMatching(/^trace \w+: no root \(apply of .*relay\)$/),
    expect.any(String),
  ]);
  expect(judged(receivedOf(orphan, dependencyItem()), Date.now() + 60_000).torn).toBe(0);
});

it('names alike spans of a torn trace once', () => {
  const { problems } = judged(receivedOf(requestItem(), another), Date.now() + 60_000);
  expect(problems).toEqual([expect.stringMatching(/^trace \w+: two roots \(2 apply of .*relay\)$/)]);
});

it('does not judge what may still be under way', () => {
  expect(judged(receivedOf(orphan), Date.now() - 10_000)).toMatchObject({ spans: 1, torn: 0 });
});
