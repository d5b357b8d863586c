import type { GraphAnswer, GraphRequest } from './exchange.ts';
import { ok } from './exchange.ts';
import { badRequest } from './problem.ts';

/** Something to list and its place in the order, so that a page goes on where the one before ended whatever changed since. */
export type Placed<T> = { place: number; item: T };

type Listing<T> = {
  request: GraphRequest;
  context: string;
  /** What there is after a place, ascending. */
  source: (after: number) => Iterable<Placed<T>>;
  top: number;
  show: (item: NoInfer<T>) => unknown;
};

/** A page of a list; `@odata.nextLink` repeats the query and says where to go on. */
export function pageOfList<T>(listing: Listing<T>): GraphAnswer {
  const { request, top } = listing;
  const value: unknown[] = [];
  let last = placeIn(request);
  for (const { place, item } of listing.source(last)) {
    if (value.length === top) return ok(withLink(listing, value, last));
    value.push(listing.show(item));
    last = place;
  }
  return ok({ '@odata.context': contextOf(listing), ...countOf(listing), value });
}

/** The place after which a request's page begins; 0 for the first. */
export function placeIn(request: GraphRequest): number {
  const token = request.query.get('$skiptoken');
  if (token === null) return 0;
  const place = Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isSafeInteger(place) || place < 1) throw badRequest('The skip token is not valid.');
  return place;
}

function withLink<T>(listing: Listing<T>, value: unknown[], last: number) {
  const query = new URLSearchParams(listing.request.query);
  query.set('$skiptoken', Buffer.from(String(last)).toString('base64url'));
  return {
    '@odata.context': contextOf(listing),
    ...countOf(listing),
    '@odata.nextLink': `${listing.request.base}${listing.request.path}?${queryText(query)}`,
    value,
  };
}

const contextOf = <T>(listing: Listing<T>): string => `${listing.request.base}/$metadata#${listing.context}`;

/** `$count=true` is an advanced query: it counts only for who asks with `ConsistencyLevel: eventual`. */
function countOf<T>(listing: Listing<T>): { '@odata.count'?: number } {
  if (listing.request.query.get('$count') !== 'true') return {};
  if (listing.request.header('consistencylevel')?.toLowerCase() !== 'eventual') return {};
  return { '@odata.count': [...listing.source(0)].length };
}

/** A query as text, with the `$` of option names left readable, as Graph writes its links. */
export function queryText(query: URLSearchParams): string {
  return query.toString().replaceAll('%24', '$').replaceAll('%2C', ',');
}
