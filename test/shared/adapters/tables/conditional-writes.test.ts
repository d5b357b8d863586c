import { RestError, type TableClient } from '@azure/data-tables';
import { describe, expect, it } from 'vitest';
import { mergeAllIf } from '../../../../shared/adapters/tables/conditional-writes.ts';

const merges = ['a', 'b', 'c'].map((rowKey) => ({ entity: { partitionKey: 'user', rowKey }, tag: 't' }));

it('conditional merges go in one transaction, each under its own condition', async () => {
  const submitted: unknown[] = [];
  const client = { submitTransaction: async (actions: unknown[]) => submitted.push(...actions) };
  const entity = { partitionKey: 'user', rowKey: 'new' };
  const answers = await mergeAllIf(client as unknown as TableClient, [...merges, { entity, tag: undefined }]);
  expect(answers).toEqual(['merged', 'merged', 'merged', 'merged']);
  expect(submitted).toEqual([
    ...merges.map((merge) => ['update', merge.entity, 'Merge', { etag: 't' }]),
    ['create', entity],
  ]);
});

/** A table that refuses transactions with this status, and single merges of `b` as a conflict. */
function tableThatRefuses(statusCode: number) {
  const asked: string[] = [];
  const client = {
    submitTransaction: (actions: unknown[]) => {
      asked.push(`${actions.length} together`);
      return Promise.reject(new RestError('refused', { statusCode }));
    },
    updateEntity: ({ rowKey }: { rowKey: string }) => {
      asked.push(rowKey);
      const refusal = new RestError('changed meanwhile', { statusCode: 412 });
      return rowKey === 'b' ? Promise.reject(refusal) : Promise.resolve({ etag: 'u' });
    },
  };
  return { table: client as unknown as TableClient, asked };
}

describe('conditional merges that are refused together', () => {
  it.each([
    ['because one of them conflicts', 412],
    ['because they are too large together', 413],
  ])('are tried one by one %s', async (_, status) => {
    const { table, asked } = tableThatRefuses(status);
    expect(await mergeAllIf(table, merges)).toEqual(['merged', 'conflict', 'merged']);
    expect(asked).toEqual(['3 together', 'a', 'b', 'c']);
  });

  it.each([403, 429, 503])('are not where the table says %s', async (status) => {
    const { table, asked } = tableThatRefuses(status);
    await expect(mergeAllIf(table, merges)).rejects.toMatchObject({ statusCode: status });
    expect(asked).toEqual(['3 together']);
  });
});
