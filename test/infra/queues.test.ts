import { describe, expect, it } from 'vitest';
import { tableNames } from '../../shared/adapters/tables/tables.ts';
import { type QueueWish, queueProblems } from './queue-problems.ts';
import { environments, infraFile, ofType, readSnapshot } from './snapshot.ts';

const { queues } = JSON.parse(infraFile('queues.json')) as { queues: QueueWish[] };

/** infra/queues.json with one queue changed. */
const changed = (name: string, change: Partial<QueueWish>): QueueWish[] =>
  queues.map((queue) => (queue.name === name ? { ...queue, ...change } : queue));

describe('queues', () => {
  it.each(environments)('%s has those of queues.json with their settings', (environment) => {
    expect(queueProblems(readSnapshot(environment), queues)).toEqual([]);
  });

  it('finds a queue that was renamed', () => {
    expect(queueProblems(readSnapshot('dev'), changed('writes', { name: 'commands' }))).toEqual([
      'too many: writes',
      'missing: commands',
    ]);
  });

  it.each<Partial<QueueWish>>([
    { requiresSession: false },
    { duplicateDetectionWindow: null },
    { duplicateDetectionWindow: 'PT5M' },
    { lockDuration: 'PT2M' },
    { maxDeliveryCount: 3 },
    { timeToLive: 'P1D' },
  ])('finds a setting that differs: %o', (change) => {
    expect(queueProblems(readSnapshot('dev'), changed('writes', change))).toHaveLength(1);
  });
});

describe('tables', () => {
  it.each(environments)('%s has those that the code uses', (environment) => {
    const tables = ofType(
      readSnapshot(environment),
      'Microsoft.Storage/storageAccounts/tableServices/tables',
    );
    expect(tables.map(({ name }) => name.split('/').at(-1)).toSorted()).toEqual([...tableNames].toSorted());
  });
});
