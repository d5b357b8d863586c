import { AndFilter, type Control, EqualityFilter, type Filter, OrFilter, PresenceFilter } from 'ldapts';
import { WritebackError } from '../../shared/errors.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { LdapClient } from './ldap-client.ts';
import { binaryAttributes, LdapEntry } from './ldap-entry.ts';
import { ldapFailure } from './ldap-failure.ts';
import { PageControl } from './paged-results.ts';

/** One search; `controls` makes fresh controls, as a control may keep state of its answer. */
export type Query = {
  base: string;
  scope: 'base' | 'one' | 'sub';
  filter?: Filter;
  attributes: readonly string[];
  controls?: () => Control[];
};

const pageSize = 1_000;
const unavailableCriticalExtension = 12;

/** Any entry at all. */
export const anyEntry = (): Filter => new PresenceFilter({ attribute: 'objectClass' });

/** Equality with text or bytes. Never a filter in text form: ldapts turns escaped bytes from 0x80 on into two. */
export const equals = (attribute: string, value: string | Buffer): Filter =>
  new EqualityFilter({ attribute, value });

export const allOf = (...filters: Filter[]): Filter => new AndFilter({ filters });
export const anyOf = (filters: Filter[]): Filter => new OrFilter({ filters });

/** All results of a search that finds few; more than the server gives at once is an error of the server. */
export async function searchAll(pool: ConnectionPool, query: Query): Promise<LdapEntry[]> {
  return pool.read('search', (client) => search(client, query, []));
}

/** The entry at the base of the query; undefined where there is none. */
export async function searchOne(
  pool: ConnectionPool,
  query: Omit<Query, 'scope'>,
): Promise<LdapEntry | undefined> {
  try {
    return (await searchAll(pool, { ...query, scope: 'base' }))[0];
  } catch (error) {
    if (error instanceof WritebackError && error.code === 'entry-missing') return undefined;
    throw error;
  }
}

/**
 * All results, page by page, on one connection, because the server keeps the state of a paged search with it. A server
 * that has lost the state answers 12, which is `directory-busy`: begin again.
 */
export async function* searchPages(pool: ConnectionPool, query: Query): AsyncGenerator<LdapEntry[]> {
  const { ask, release } = await pool.hold();
  let healthy = false;
  try {
    let page = new PageControl(pageSize, undefined);
    do {
      const next = new PageControl(pageSize, page.cookie);
      const entries = await ask('search', (client) => search(client, query, [next]));
      page = next;
      if (entries.length > 0) yield entries;
    } while (page.cookie !== undefined);
    healthy = true;
  } catch (error) {
    throw pagingFailure(error);
  } finally {
    await release(healthy);
  }
}

function pagingFailure(error: unknown): WritebackError {
  const failure = ldapFailure(error, 'search');
  const stateLost = 'resultCode' in failure && failure.resultCode === unavailableCriticalExtension;
  return stateLost ? new WritebackError('directory-busy', { detail: 'paging state lost' }) : failure;
}

async function search(client: LdapClient, query: Query, more: Control[]): Promise<LdapEntry[]> {
  const { searchEntries } = await client.search(
    query.base,
    {
      scope: query.scope,
      filter: query.filter ?? anyEntry(),
      attributes: [...query.attributes],
      explicitBufferAttributes: binaryAttributes,
      // ldapts asks for 10 s where nothing is said; 0 leaves the limit to the server.
      timeLimit: 0,
    },
    [...(query.controls?.() ?? []), ...more],
  );
  return searchEntries.map((found) => new LdapEntry(found));
}
