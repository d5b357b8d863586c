import type { Kind, ObjectId } from '../../domain/object-id.ts';
import type { Looked } from '../../ports.ts';
import { type Reading, readWhole } from './read-whole.ts';

/** How objects of a kind are read: live, with what only a live one can show, and in deletedItems. */
export type Look<T> = Reading & {
  kind: Kind;
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
    const paths = new Map(open.map((id) => [id, place.path(id)]));
    for (const [id, object] of await readWhole(how, paths, place.parse))
      found.set(id, { found: place.found, object });
    open = open.filter((id) => !found.has(id));
    if (open.length === 0) break;
  }
  for (const id of open) found.set(id, { found: 'missing' });
  return found;
}
