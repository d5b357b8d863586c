import type { TableClient, TableEntity, TransactionAction } from '@azure/data-tables';
import { chunksOf } from '../../domain/chunks-of.ts';
import type { Columns } from './columns.ts';
import { statusOf } from './state-error.ts';

const transactionSize = 100;
const atOnce = 4;

type Entity = TableEntity<Columns>;
export type WriteMode = 'Merge' | 'Replace';

/**
 * Upserts entities: one alone directly, more in transactions of up to 100, which a partition limits. Entities with the same
 * keys become one first (a transaction takes each key once), later columns winning.
 */
export async function upsertAll(
  table: TableClient,
  entities: readonly Entity[],
  mode: WriteMode,
): Promise<void> {
  const [first, ...others] = united(entities);
  if (first === undefined) return;
  if (others.length === 0) {
    await table.upsertEntity(first, mode);
    return;
  }
  await inTurns(transactionsOf([first, ...others], partitionOf), async (part) => {
    await table.submitTransaction(part.map((entity): TransactionAction => ['upsert', entity, mode]));
  });
}

/** Deletes entities; one that is gone already is fine, though it fails a whole transaction: those are deleted one by one. */
export async function deleteAll(table: TableClient, keys: readonly Entity[]): Promise<void> {
  await inTurns(transactionsOf(united(keys), partitionOf), async (part) => {
    try {
      if (part.length > 1) {
        await table.submitTransaction(part.map((entity): TransactionAction => ['delete', entity]));
        return;
      }
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
    }
    for (const entity of part) await deleteOne(table, entity);
  });
}

async function deleteOne(table: TableClient, { partitionKey, rowKey }: Entity): Promise<void> {
  try {
    await table.deleteEntity(partitionKey, rowKey);
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}

function united(entities: readonly Entity[]): Entity[] {
  const byKeys = new Map<string, Entity>();
  for (const entity of entities) byKeys.set(keyOf(entity), { ...byKeys.get(keyOf(entity)), ...entity });
  return [...byKeys.values()];
}

/** What tells entities of a table apart. */
export const keyOf = ({ partitionKey, rowKey }: Entity): string => `${partitionKey} ${rowKey}`;

const partitionOf = ({ partitionKey }: Entity): string => partitionKey;

/** Items as they fit into transactions: of one partition, up to 100. */
export function transactionsOf<T>(items: readonly T[], partition: (item: T) => string): T[][] {
  return [...Map.groupBy(items, partition).values()].flatMap((same) => chunksOf(same, transactionSize));
}

/** Runs work over items, a few at a time; answers come in the order of the items. */
export async function inTurns<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  width = atOnce,
): Promise<R[]> {
  const answers: R[] = [];
  for (let at = 0; at < items.length; at += width) {
    answers.push(...(await Promise.all(items.slice(at, at + width).map(work))));
  }
  return answers;
}
