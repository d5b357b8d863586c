import type { Filter } from 'ldapts';
import type { ConnectionPool } from './connection-pool.ts';
import type { LdapEntry } from './ldap-entry.ts';
import { searchAll } from './search-directory.ts';

/** A domain to search: its naming context and its DNS name. */
export type Domain = { base: string; name: string };

/** Terms of one OR filter; well under the 1,000 results that a server gives without paging. */
export const termsPerSearch = 250;

/** A search of the whole domain. */
export function searchDomain(
  pool: ConnectionPool,
  domain: Domain,
  query: { filter: Filter; attributes: readonly string[] },
): Promise<LdapEntry[]> {
  return searchAll(pool, { ...query, base: domain.base, scope: 'sub' });
}

/** The sAMAccountName that a userPrincipalName at the domain itself stands for. */
export function impliedAccountName(upn: string, domain: Domain): string | undefined {
  const at = upn.lastIndexOf('@');
  return at > 0 && upn.slice(at + 1).toLowerCase() === domain.name ? upn.slice(0, at) : undefined;
}
