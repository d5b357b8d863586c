import type { Filter } from 'ldapts';
import { WritebackError } from '../../shared/errors.ts';
import type { Guid, Member, Principal, Sid, WantedNames } from '../ports.ts';
import { guidDn } from './codec/dn.ts';
import { foldName } from './codec/fold-name.ts';
import { sidToBytes } from './codec/sid-codec.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { nobody, principalAttributes, principalOf } from './decode-entry.ts';
import { parseExtendedDn } from './extended-dn.ts';
import type { LdapEntry } from './ldap-entry.ts';
import { readRange } from './read-range.ts';
import { allOf, anyOf, equals, searchAll, searchOne } from './search-directory.ts';

/** A domain to search: its naming context and its DNS name. */
export type Domain = { base: string; name: string };

/** Terms of one OR filter; well under the 1,000 results that a server gives without paging. */
const termsPerSearch = 250;

/**
 * Whoever holds one of the names, explicitly or by implication: `p1@<domain>` is the implicit userPrincipalName of the
 * sAMAccountName `p1`, so either excludes the other (MS-ADTS 5.1.1.1.1). Every term is indexed. AD compares without diacritics, which
 * Samba does not, so each name is looked for as it is and folded.
 */
export async function findHolders(
  pool: ConnectionPool,
  domain: Domain,
  wanted: WantedNames,
): Promise<Principal[]> {
  const upns = spellings(wanted.userPrincipalName);
  const accountNames = spellings(wanted.sAMAccountName);
  const sams = [...accountNames, ...upns.flatMap((upn) => impliedAccountName(upn, domain) ?? [])];
  const explicit = [...upns, ...accountNames.map((name) => `${name}@${domain.name}`)];
  const terms = [
    ...[...new Set(sams)].map((name) => equals('sAMAccountName', name)),
    ...[...new Set(explicit)].map((name) => equals('userPrincipalName', name)),
  ];
  const holders = new Map<Guid, Principal>();
  for (const some of inChunks(terms)) {
    for (const found of await searchRaw(pool, domain, {
      filter: anyOf(some),
      attributes: holderAttributes,
    })) {
      const holder = holderOf(found);
      holders.set(holder.guid, holder);
    }
  }
  return [...holders.values()];
}

const holderAttributes = [...principalAttributes, 'sAMAccountName', 'userPrincipalName'];

function holderOf(found: LdapEntry): Principal {
  const sAMAccountName = found.text('sAMAccountName');
  const userPrincipalName = found.text('userPrincipalName');
  return {
    ...principalOf(found),
    names: {
      ...(sAMAccountName === undefined ? {} : { sAMAccountName }),
      ...(userPrincipalName === undefined ? {} : { userPrincipalName }),
    },
  };
}

/** Each name as it is and folded. */
function spellings(names: string | readonly string[] | undefined): string[] {
  return [...new Set([names ?? []].flat().flatMap((name) => [name, foldName(name)]))];
}

function impliedAccountName(upn: string, domain: Domain): string | undefined {
  const at = upn.lastIndexOf('@');
  return at > 0 && upn.slice(at + 1).toLowerCase() === domain.name ? upn.slice(0, at) : undefined;
}

/** Users and groups by SID; unknown SIDs and other kinds of entries are left out. */
export async function findBySid(
  pool: ConnectionPool,
  domain: Domain,
  sids: readonly Sid[],
): Promise<Map<Sid, Principal>> {
  const found = new Map<Sid, Principal>();
  for (const some of inChunks(new Set(sids))) {
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

async function search(pool: ConnectionPool, domain: Domain, filter: Filter): Promise<Principal[]> {
  return (await searchRaw(pool, domain, { filter, attributes: principalAttributes })).map(principalOf);
}

function searchRaw(
  pool: ConnectionPool,
  domain: Domain,
  query: { filter: Filter; attributes: readonly string[] },
): Promise<LdapEntry[]> {
  return searchAll(pool, { ...query, base: domain.base, scope: 'sub' });
}

function inChunks<T>(items: Iterable<T>): T[][] {
  const all = [...items];
  const count = Math.ceil(all.length / termsPerSearch);
  return Array.from({ length: count }, (_, index) =>
    all.slice(index * termsPerSearch, (index + 1) * termsPerSearch),
  );
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
