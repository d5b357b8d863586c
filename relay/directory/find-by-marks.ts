import { chunksOf } from '../../shared/domain/chunks-of.ts';
import type { EntrySummary } from '../ports.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { destinationMissing, summariesIn, summaryQuery, usersAndGroups } from './destination-query.ts';
import { basesOf, type Places } from './places.ts';
import { allOf, anyOf, equals, searchAll } from './search-directory.ts';

type MarkedPlaces = Places & { hasExternalId: boolean };

/** Where the schema has no indexed attribute for it, every term is held against every entry of a place. */
const termsPerScan = 10;

/**
 * Entries in both places by mark, a list per mark. The index finds by msDS-ExternalDirectoryObjectId, which an account may write on
 * itself; what counts is adminDescription, which it may not (reference/ad-ldap.md B.6).
 */
export async function findByMarks(
  pool: ConnectionPool,
  places: MarkedPlaces,
  marks: readonly string[],
): Promise<EntrySummary[][]> {
  const found: EntrySummary[] = [];
  for (const some of chunksOf(marks, places.hasExternalId ? marks.length : termsPerScan))
    found.push(...(await findTogether(pool, places, some)));
  const byMark = Map.groupBy(found, ({ mark }) => mark);
  return marks.map((mark) => byMark.get(mark) ?? []);
}

/** With one search per place. */
async function findTogether(
  pool: ConnectionPool,
  places: MarkedPlaces,
  marks: readonly string[],
): Promise<EntrySummary[]> {
  const attribute = places.hasExternalId ? 'msDS-ExternalDirectoryObjectId' : 'adminDescription';
  const filter = () => allOf(anyOf(marks.map((mark) => equals(attribute, mark))), usersAndGroups());
  try {
    const found = await Promise.all(
      basesOf(places).map((base) =>
        searchAll(pool, { ...summaryQuery, base, scope: 'sub', filter: filter() }),
      ),
    );
    return summariesIn(places, found.flat());
  } catch (error) {
    throw destinationMissing(error);
  }
}
