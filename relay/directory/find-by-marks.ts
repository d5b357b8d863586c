import type { EntrySummary } from '../ports.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { destinationMissing, summariesIn, summaryQuery, usersAndGroups } from './destination-query.ts';
import { basesOf, type Places } from './places.ts';
import { allOf, anyOf, equals, searchAll } from './search-directory.ts';

/**
 * Entries in both places by mark, a list per mark, with one search per place. The index finds by msDS-ExternalDirectoryObjectId, which
 * an account may write on itself; adminDescription, which it may not, must say the same (reference/ad-ldap.md B.6).
 */
export async function findByMarks(
  pool: ConnectionPool,
  places: Places & { hasExternalId: boolean },
  marks: readonly string[],
): Promise<EntrySummary[][]> {
  const attribute = places.hasExternalId ? 'msDS-ExternalDirectoryObjectId' : 'adminDescription';
  const filter = () => allOf(anyOf(marks.map((mark) => equals(attribute, mark))), usersAndGroups());
  try {
    const found = await Promise.all(
      basesOf(places).map((base) =>
        searchAll(pool, { ...summaryQuery, base, scope: 'sub', filter: filter() }),
      ),
    );
    const byMark = Map.groupBy(summariesIn(places, found.flat()), ({ mark }) => mark);
    return marks.map((mark) => byMark.get(mark) ?? []);
  } catch (error) {
    throw destinationMissing(error);
  }
}
