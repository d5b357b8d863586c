import type { Kind, ObjectId } from '../../domain/object-id.ts';
import { WritebackError } from '../../errors.ts';
import type { Looked } from '../../ports.ts';
import type { GraphBatch } from './batch.ts';
import { errorCodeOf, type GraphAnswer } from './graph-call.ts';
import { selections, selectOf } from './selections.ts';

export type Look<T> = { kind: Kind; parse: (body: unknown) => T; batch: GraphBatch };

/**
 * Bulk read with certainty about leavers. Not found live → deletedItems. Not found there either → read live once more:
 * between the two reads it may have been restored, or have become readable, and `missing` deletes an entry.
 */
export async function look<T>(how: Look<T>, ids: readonly ObjectId[]): Promise<Map<ObjectId, Looked<T>>> {
  const found = new Map<ObjectId, Looked<T>>();
  let open = [...new Set(ids)];
  for (const [place, type] of [
    [livePath, 'live'],
    [deletedPath, 'deleted'],
    [livePath, 'live'],
  ] as const) {
    const answers = await how.batch(new Map(open.map((id) => [id, place(how.kind, id)])));
    for (const [id, answer] of answers) {
      const object = objectOf(how, answer);
      if (object !== undefined) found.set(id, { found: type, object });
    }
    open = open.filter((id) => !found.has(id));
    if (open.length === 0) break;
  }
  for (const id of open) found.set(id, { found: 'missing' });
  return found;
}

const livePath = (kind: Kind, id: ObjectId): string => `/${kind}s/${id}?${selectOf(selections[kind])}`;

const deletedPath = (kind: Kind, id: ObjectId): string =>
  `/directory/deletedItems/${id}/microsoft.graph.${kind}?${selectOf(selections[kind])}`;

function objectOf<T>(how: Look<T>, { status, body }: GraphAnswer): T | undefined {
  if (status === 404) return undefined;
  if (status === 200) return how.parse(body);
  throw unexpectedStatus(status, body);
}

/** An answer that no rule of ours foresees. */
export function unexpectedStatus(status: number, body: unknown): WritebackError {
  return new WritebackError('graph-invalid', {
    detail: `status ${status} ${errorCodeOf(body) ?? ''}`.trim(),
  });
}
