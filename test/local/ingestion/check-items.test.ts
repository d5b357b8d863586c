import { describe, expect, it } from 'vitest';
import { checkItems } from '../../../local/ingestion/check-items.ts';
import { dependencyItem, key, messageItem, metricItem, requestItem } from './items.ts';

const check = (...items: object[]) => checkItems(JSON.stringify(items), key);
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

describe('items', () => {
  it('of every kind are taken, as a JSON array and one a line', () => {
    const items = [requestItem(), dependencyItem(), messageItem(), metricItem()];
    expect(check(...items)).toMatchObject({ received: 4, errors: [] });
    const lines = items.map((item) => JSON.stringify(item)).join('\n');
    expect(checkItems(lines, key)).toMatchObject({ received: 4, errors: [] });
  });

  it.each([
    ['a name that is too long', dependencyItem({ data: { name: 'x'.repeat(1_025) } }), 'name'],
    ['no id', requestItem({ data: { id: '' } }), 'id'],
    ['a duration that is a number', requestItem({ data: { duration: 12 } }), 'duration'],
    ['an empty message', messageItem({ data: { message: '' } }), 'message'],
    ['another severity', messageItem({ data: { severityLevel: 'fatal' } }), 'severityLevel'],
    ['a long key', messageItem({ data: { properties: { ['k'.repeat(151)]: 'v' } } }), 'properties'],
    ['a long value', messageItem({ data: { properties: { k: 'v'.repeat(8_193) } } }), 'properties'],
    ['a property that is no text', messageItem({ data: { properties: { k: 1 } } }), 'properties'],
    ['no metric', metricItem({ data: { metrics: [] } }), 'metrics'],
    [
      'a metric with a long name',
      metricItem({ data: { metrics: [{ name: 'm'.repeat(151), value: 1 }] } }),
      'name',
    ],
    ['a role that is too long', messageItem({ tags: { 'ai.cloud.role': 'r'.repeat(257) } }), 'role'],
    ['a time 49 hours ago', messageItem({ time: hoursAgo(49) }), 'time'],
    ['a time 3 hours ahead', messageItem({ time: hoursAgo(-3) }), 'time'],
    ['another key', messageItem({ iKey: key.replace('0', '1') }), 'Invalid instrumentation key'],
    ['more than 64 KB', messageItem({ data: { message: '', x: 'y'.repeat(65_536) } }), '64 KB'],
  ])('with %s are refused alone, without their values', (_, item, named) => {
    const { accepted, errors } = check(requestItem(), item);
    expect(accepted).toHaveLength(1);
    expect(errors).toMatchObject([{ index: 1, statusCode: 400 }]);
    expect(errors[0]?.message).toContain(named);
    expect(errors[0]?.message).not.toMatch(/vvv|xxx|yyy|fatal/);
  });

  it('of an unknown kind are refused', () => {
    const item = { ...requestItem(), data: { baseType: 'NonsenseData', baseData: {} } };
    expect(check(item)).toMatchObject({ accepted: [], errors: [{ index: 0, statusCode: 400 }] });
  });

  it('that are not JSON are no items', () => {
    expect(() => checkItems('[{', key)).toThrow(SyntaxError);
  });
});
