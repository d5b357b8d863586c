import type { TableClient } from '@azure/data-tables';
import type { ParkedCount } from '../../ports.ts';
import { type Columns, textFrom } from './columns.ts';
import { pageSize } from './read-rows.ts';

/** What is not parked (ringAt −1 or absent, or no code) and what is not needed stays with the service, however many rows there are. */
const queryOptions = { filter: "ringAt ge 0L and code ne ''", select: ['PartitionKey', 'code'] };

/** Counts parked rows by kind and code. */
export async function countParked(table: TableClient): Promise<ParkedCount[]> {
  const counts = new Map<string, ParkedCount>();
  for await (const page of table.listEntities<Columns>({ queryOptions }).byPage({ maxPageSize: pageSize })) {
    for (const entity of page) {
      const kind = entity.partitionKey === 'group' ? 'group' : 'user';
      const code = textFrom(entity['code']) ?? '';
      const { count } = counts.get(`${kind} ${code}`) ?? { count: 0 };
      counts.set(`${kind} ${code}`, { kind, code, count: count + 1 });
    }
  }
  return [...counts.values()];
}
