import type { Filter } from 'ldapts';
import { chunksOf } from '../../shared/domain/chunks-of.ts';
import { WritebackError } from '../../shared/errors.ts';
import type { Guid, Member, Principal, Sid } from '../ports.ts';
import { guidDn } from './codec/dn.ts';
import { sidToBytes } from './codec/sid-codec.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { nobody, principalAttributes, principalOf } from './decode-entry.ts';
import { parseExtendedDn } from './extended-dn.ts';
import { readRange } from './read-range.ts';
import { allOf, anyOf, equals, searchOne } from './search-directory.ts';
import { type Domain, impliedAccountName, searchDomain, termsPerSearch } from './search-domain.ts';

/** Users and groups by SID; unknown SIDs and other kinds of entries are left out. */
export async function findBySid(
  pool: ConnectionPool,
  domain: Domain,
  sids: readonly Sid[],
): Promise<Map<Sid, Principal>> {
  const found = new Map<Sid, Principal>();
  for (const some of chunksOf([...new Set(sids)], termsPerSearch)) {
    const terms = some.map((sid) => equals('objectSid', sidToBytes(sid)));
    for (const principal of await search(pool, domain, anyOf(terms))) {
      if (principal.kind !== 'other') found.set(principal.sid, principal);
    }
  }
  return found;
}

/** Direct members of a group. What they are is not looked up, which would take five times as long as the list itself. */
export async function findMembers(pool: ConnectionPool, group: Guid): Promise<Member[]> {
  const values = await readRange(pool, { guid: group, attribute: 'member' });
  if (values === undefined) throw new WritebackError('entry-missing', { detail: 'the group is gone' });
  return values.map((value) => {
    const member = parseExtendedDn(value);
    if (member === undefined)
      throw new WritebackError('directory-refused', { detail: 'member without GUID' });
    return { ...member, sid: member.sid ?? nobody };
  });
}

/** Entries that a back-link of the entry names: its groups (memberOf), its reports (directReports). */
export async function findLinked(
  pool: ConnectionPool,
  guid: Guid,
  attribute: 'memberOf' | 'directReports',
): Promise<Guid[]> {
  const values = (await readRange(pool, { guid, attribute })) ?? [];
  return values.flatMap((value) => parseExtendedDn(value)?.guid ?? []);
}

/** Whether an entry is there at all. */
export async function exists(pool: ConnectionPool, guid: Guid): Promise<boolean> {
  return (await searchOne(pool, { base: guidDn(guid), attributes: ['objectGUID'] })) !== undefined;
}

/** The account that a bind name means: a DN, a userPrincipalName (explicit before implicit), or `DOMAIN\name`. */
export async function findAccount(
  pool: ConnectionPool,
  domain: Domain,
  bindName: string,
): Promise<Principal | undefined> {
  const [, accountName] = /^[^\\=,@]+\\(.+)$/.exec(bindName) ?? [];
  if (accountName !== undefined)
    return (await search(pool, domain, equals('sAMAccountName', accountName)))[0];
  if (!/^[^=]*@[^=]*$/.test(bindName)) {
    const found = await searchOne(pool, { base: bindName, attributes: principalAttributes });
    return found === undefined ? undefined : principalOf(found);
  }
  const explicit = await search(pool, domain, equals('userPrincipalName', bindName));
  if (explicit[0] !== undefined) return explicit[0];
  const implied = impliedAccountName(bindName, domain);
  if (implied === undefined) return undefined;
  return (
    await search(pool, domain, allOf(equals('sAMAccountName', implied), equals('objectClass', 'user')))
  )[0];
}

async function search(pool: ConnectionPool, domain: Domain, filter: Filter): Promise<Principal[]> {
  return (await searchDomain(pool, domain, { filter, attributes: principalAttributes })).map(principalOf);
}
