import type { ObjectId } from '../../domain/object-id.ts';
import type { GraphBatch } from './batch.ts';
import { type Lists, restOfPages } from './pages.ts';
import { idOf, typeOf } from './parse-member.ts';

/** Users that report to these managers directly, each once; contacts that do are left out, a manager that is not live has none. */
export async function reportsTo(
  { batch, lists }: { batch: GraphBatch; lists: Lists },
  managers: readonly ObjectId[],
): Promise<ObjectId[]> {
  const paths = new Map([...new Set(managers)].map((id) => [id, reportsPath(id)]));
  const reports = new Set<ObjectId>();
  for (const answer of (await batch(paths)).values()) {
    const entries = await restOfPages(lists, answer);
    for (const entry of entries === 'missing' ? [] : entries)
      if (typeOf(entry) === 'user') reports.add(idOf(entry));
  }
  return [...reports];
}

const reportsPath = (manager: ObjectId): string => `/users/${manager}/directReports?$select=id&$top=999`;
