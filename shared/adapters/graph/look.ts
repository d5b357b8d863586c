import type { Kind, ObjectId } from '../../domain/object-id.ts';
import { WritebackError } from '../../errors.ts';
import type { Looked } from '../../ports.ts';
import type { GraphBatch } from './batch.ts';
import { errorCodeOf, type GraphAnswer } from './graph-call.ts';
import { type Patience, waitFor } from './patient-call.ts';

/** How objects of a kind are read: live, with what only a live one can show, and in deletedItems. */
export type Look<T> = {
  kind: Kind;
  batch: GraphBatch;
  patience: Patience;
  /** The query of a live read; a deleted one takes only `deletedQuery`. */
  query: string;
  deletedQuery: string;
  parse: (body: unknown) => T;
  parseDeleted: (body: unknown) => T;
};

/**
 * Bulk read with certainty about leavers. Not found live → deletedItems. Not found there either → read live once more:
 * between the two reads it may have been restored, or have become readable, and `missing` deletes an entry.
 */
export async function look<T>(how: Look<T>, ids: readonly ObjectId[]): Promise<Map<ObjectId, Looked<T>>> {
  const live = {
    found: 'live',
    parse: how.parse,
    path: (id: ObjectId) => `/${how.kind}s/${id}?${how.query}`,
  } as const;
  const deleted = {
    found: 'deleted',
    parse: how.parseDeleted,
    path: (id: ObjectId) => `/directory/deletedItems/${id}/microsoft.graph.${how.kind}?${how.deletedQuery}`,
  } as const;
  const found = new Map<ObjectId, Looked<T>>();
  let open = [...new Set(ids)];
  for (const place of [live, deleted, live]) {
    for (const [id, object] of await readWhole(how, place, open))
      found.set(id, { found: place.found, object });
    open = open.filter((id) => !found.has(id));
    if (open.length === 0) break;
  }
  for (const id of open) found.set(id, { found: 'missing' });
  return found;
}

const maxReads = 3;

/** What is there of these, each read again a little later while its answer is half-loaded: one object does not hold up others. */
async function readWhole<T>(
  { batch, patience }: Look<T>,
  place: { path: (id: ObjectId) => string; parse: (body: unknown) => T },
  ids: readonly ObjectId[],
): Promise<Map<ObjectId, T>> {
  const read = new Map<ObjectId, T>();
  let open = ids;
  for (let tried = 1; ; tried++) {
    const incomplete: ObjectId[] = [];
    for (const [id, answer] of await batch(new Map(open.map((id) => [id, place.path(id)])))) {
      const body = bodyOf(answer);
      if (body === undefined) continue;
      try {
        read.set(id, place.parse(body));
      } catch (error) {
        const isIncomplete = error instanceof WritebackError && error.code === 'graph-incomplete';
        if (!isIncomplete || tried >= maxReads) throw error;
        incomplete.push(id);
      }
    }
    if (incomplete.length === 0) return read;
    open = incomplete;
    await patience.clock.sleep(waitFor(undefined, tried, patience.random));
  }
}

function bodyOf({ status, body }: GraphAnswer): unknown {
  if (status === 404) return undefined;
  if (status === 200) return body ?? null;
  throw unexpectedStatus(status, body);
}

/** An answer that no rule of ours foresees. */
export function unexpectedStatus(status: number, body: unknown): WritebackError {
  return new WritebackError('graph-invalid', {
    detail: `status ${status} ${errorCodeOf(body) ?? ''}`.trim(),
  });
}
