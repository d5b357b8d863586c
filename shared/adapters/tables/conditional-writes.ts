import type { TableClient, TableEntity, TransactionAction } from '@azure/data-tables';
import { inTurns, keyOf, transactionsOf } from './bulk.ts';
import type { Columns } from './columns.ts';
import { statusOf } from './state-error.ts';

type Entity = TableEntity<Columns>;

/** `tag`: of the entity as it was read; undefined where there was none. */
export type ConditionalMerge = { entity: Entity; tag: string | undefined };

/** Single requests under way at a time. */
const writesAtOnce = 32;

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
 * single conflict fails as a whole: those are tried again one by one. Of several merges of one entity the first alone can hold.
 */
export async function mergeAllIf(
  table: TableClient,
  merges: readonly ConditionalMerge[],
): Promise<('merged' | 'conflict')[]> {
  const firsts = [...Map.groupBy(merges, ({ entity }) => keyOf(entity)).values()].flatMap(
    ([first]) => first ?? [],
  );
  const merged = new Set<ConditionalMerge>();
  await inTurns(
    transactionsOf(firsts, ({ entity }) => entity.partitionKey),
    async (part) => {
      for (const merge of await mergeTogether(table, part)) merged.add(merge);
    },
  );
  return merges.map((merge) => (merged.has(merge) ? 'merged' : 'conflict'));
}

/** Answers those that held. */
async function mergeTogether(
  table: TableClient,
  part: readonly ConditionalMerge[],
): Promise<readonly ConditionalMerge[]> {
  if (part.length > 1) {
    try {
      await table.submitTransaction(part.map(actionOf));
      return part;
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
  const written = await inTurns(part, (merge) => writeIf(table, merge, 'Merge'), writesAtOnce);
  return part.filter((_, at) => written[at] !== 'conflict');
}

const actionOf = ({ entity, tag }: ConditionalMerge): TransactionAction =>
  tag === undefined ? ['create', entity] : ['update', entity, 'Merge', { etag: tag }];

/** There is one already (409), the tag no longer holds (412), or it is gone (404). */
function isConflict(error: unknown): boolean {
  const status = statusOf(error);
  return status === 409 || status === 412 || status === 404;
}
