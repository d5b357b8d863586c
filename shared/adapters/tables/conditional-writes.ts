import type { TableClient, TableEntity, TransactionAction } from '@azure/data-tables';
import { inTurns, keyOf, transactionsOf } from './bulk.ts';
import type { Columns } from './columns.ts';
import { statusOf } from './state-error.ts';

type Entity = TableEntity<Columns>;

/** `tag`: of the entity as it was read; undefined where there was none. */
export type ConditionalMerge = { entity: Entity; tag: string | undefined };

/** Single requests under way at a time. */
const writesAtOnce = 32;
/** A transaction holds 4 MiB. */
const tooLarge = 413;

/** Writes if the tag still holds, or, without a tag, if there is no such entity. */
export async function writeIf(
  table: TableClient,
  { entity, tag }: ConditionalMerge,
  mode: 'Merge' | 'Replace',
): Promise<{ tag: string } | 'conflict'> {
  try {
    const answer =
      tag === undefined
        ? await table.createEntity(entity)
        : await table.updateEntity(entity, mode, { etag: tag });
    return { tag: answer.etag ?? '' };
  } catch (error) {
    if (isConflict(error)) return 'conflict';
    throw error;
  }
}

/**
 * Merges each entity whose tag still holds; the answers come in the order of the merges. They go in transactions, which a
 * single conflict fails as a whole: those are tried again one by one, and so are those that are too large together. Of several
 * merges of one entity the first alone can hold.
 */
export async function mergeAllIf(
  table: TableClient,
  merges: readonly ConditionalMerge[],
): Promise<('merged' | 'conflict')[]> {
  const firsts = [...Map.groupBy(merges, ({ entity }) => keyOf(entity)).values()].flatMap(
    ([first]) => first ?? [],
  );
  const parts = transactionsOf(firsts, ({ entity }) => entity.partitionKey);
  const together = await inTurns(parts, (part) => mergeTogether(table, part));
  const alone = parts.filter((_, at) => !together[at]).flat();
  const written = await inTurns(alone, (merge) => writeIf(table, merge, 'Merge'), writesAtOnce);
  const refused = new Set(alone.filter((_, at) => written[at] === 'conflict'));
  const tried = new Set(firsts);
  return merges.map((merge) => (tried.has(merge) && !refused.has(merge) ? 'merged' : 'conflict'));
}

/** Whether they could be merged in one transaction; one alone is no transaction. */
async function mergeTogether(table: TableClient, part: readonly ConditionalMerge[]): Promise<boolean> {
  if (part.length === 1) return false;
  try {
    await table.submitTransaction(part.map(actionOf));
    return true;
  } catch (error) {
    if (isConflict(error) || statusOf(error) === tooLarge) return false;
    throw error;
  }
}

const actionOf = ({ entity, tag }: ConditionalMerge): TransactionAction =>
  tag === undefined ? ['create', entity] : ['update', entity, 'Merge', { etag: tag }];

/** There is one already (409), the tag no longer holds (412), or it is gone (404). */
function isConflict(error: unknown): boolean {
  const status = statusOf(error);
  return status === 409 || status === 412 || status === 404;
}
