import type { ObjectId } from '../../domain/object-id.ts';
import type { Row } from '../../ports.ts';
import { inTurns } from './bulk.ts';

/*
 * Reading rows by id. Azure Tables answers a point read from its index and a range of row keys by a scan of that range, but
 * scans the whole partition for a filter that ORs row keys (table design guide). So
 *
 *   few of many rows     a point read each, many at once;
 *   many of them         pages of 1,000 rows between the lowest and the highest id, of which those asked for are kept.
 *
 * Ids are random, so the ids asked for are as dense in one page as in any other: a page tells how many rows there are, and that
 * whether scanning is worth it. 50,000 members of a tenant of 60,000 users are 60 pages instead of 50,000 requests, and a page of
 * a delta round in a tenant of 800 users is one instead of 100; 2,000 of 300,000 are read one by one.
 */

/** The rows of one kind, as a table gives them. Pages are ordered by id; `next` is where the following page begins. */
export type RowSource = {
  one(id: ObjectId): Promise<Row | undefined>;
  page(
    range: { from: ObjectId; to: ObjectId } | undefined,
    after: string | undefined,
  ): Promise<{ rows: Row[]; next: string | undefined }>;
};

export const pageSize = 1_000;

/** On Azurite with 10,000 rows, 500 point reads took 220 ms, as long as a filter that ORs them. */
const readsAtOnce = 32;
/** So few are read one by one in any case: they tell little of how many rows there are. */
const fewIds = 16;
/** A page of 1,000 rows costs about as much as 100 point reads that go 32 at a time. */
const rowsPerPointRead = 10;
/** Ranges that are scanned side by side. */
const scansAtOnce = 4;

/** About how many rows there are, as the last page told. What is read does not depend on it, only how. */
export type Census = { rows: number | undefined };

/** The rows with these ids that exist. */
export async function readRows(
  source: RowSource,
  ids: readonly ObjectId[],
  census: Census,
): Promise<Map<ObjectId, Row>> {
  const wanted = new Set(ids);
  const found = new Map<ObjectId, Row>();
  const keep = (rows: readonly (Row | undefined)[]): void => {
    for (const row of rows) if (row !== undefined && wanted.has(row.id)) found.set(row.id, row);
  };
  let left = [...wanted].sort();
  if (mayScan(left.length, census)) {
    const { rows, next } = await source.page(rangeOf(left), undefined);
    keep(rows);
    const rest = next === undefined ? [] : restAfter(left, rows);
    census.rows = rowsInAll(rows.length, left.length - rest.length, left.length);
    left = rest;
    if (isDense(wanted.size, census)) {
      await inTurns(inParts(left), (part) => scan(source, part, keep), scansAtOnce);
      return found;
    }
  }
  keep(await inTurns(left, (id) => source.one(id), readsAtOnce));
  return found;
}

/** Not knowing how many there are is worth a page, too. */
const mayScan = (count: number, census: Census): boolean =>
  count >= fewIds && (census.rows === undefined || isDense(count, census));

const isDense = (count: number, { rows = Number.POSITIVE_INFINITY }: Census): boolean =>
  rows <= rowsPerPointRead * count;

/** Those of the ids that come after these rows. */
function restAfter(sorted: readonly ObjectId[], rows: readonly Row[]): ObjectId[] {
  const end = rows.at(-1)?.id;
  return end === undefined ? [...sorted] : sorted.filter((id) => id > end);
}

/** How many there are, where a page with so many rows covers so many of the ids asked for; one that covers none does not tell. */
function rowsInAll(rows: number, covered: number, asked: number): number | undefined {
  return covered === 0 ? undefined : Math.round((rows * asked) / covered);
}

async function scan(
  source: RowSource,
  sorted: readonly ObjectId[],
  keep: (rows: readonly Row[]) => void,
): Promise<void> {
  let after: string | undefined;
  do {
    const page = await source.page(rangeOf(sorted), after);
    keep(page.rows);
    after = page.next;
  } while (after !== undefined);
}

function rangeOf(sorted: readonly ObjectId[]): { from: ObjectId; to: ObjectId } | undefined {
  const [from] = sorted;
  const to = sorted.at(-1);
  return from === undefined || to === undefined ? undefined : { from, to };
}

function inParts(sorted: readonly ObjectId[]): ObjectId[][] {
  const length = Math.max(pageSize, Math.ceil(sorted.length / scansAtOnce));
  const parts: ObjectId[][] = [];
  for (let at = 0; at < sorted.length; at += length) parts.push(sorted.slice(at, at + length));
  return parts;
}
