import { WritebackError } from '../../shared/errors.ts';
import type { Directory, Entry, EntrySummary, Guid, Place } from '../ports.ts';
import { childDn, guidDn } from './codec/dn.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { extendedDn, ownerOnly } from './controls.ts';
import { entryAttributes, entryOf, summaryAttributes, summaryOf } from './decode-entry.ts';
import { findDeleted, restoreEntry } from './deleted-entries.ts';
import { type Described, describeDirectory, type Site } from './describe-directory.ts';
import { editMembers } from './edit-members.ts';
import { plainDn } from './extended-dn.ts';
import { findBySid, findHolders, findLinked, findMembers } from './find-principals.ts';
import type { LdapEntry } from './ldap-entry.ts';
import { basesOf, type Places, placeOf, unitOf } from './places.ts';
import { allOf, anyOf, equals, type Query, searchAll, searchOne, searchPages } from './search-directory.ts';
import { addEntry, moveEntry, removeEntry, replaceValues } from './write-entries.ts';

/** Users (inetOrgPerson too, computers not) and groups, by the indexed attribute. */
const usersAndGroups = () =>
  anyOf([
    allOf(equals('objectCategory', 'person'), equals('objectClass', 'user')),
    equals('objectCategory', 'group'),
  ]);

/**
 * The directory under its two places, over a pool of LDAP connections. What `describe` reads of the domain is read once and
 * kept for the calls that need it.
 */
export function directoryOver(pool: ConnectionPool, site: Site): Directory {
  let described: Promise<Described> | undefined;
  /** A failed description is not kept: the domain controller may come back. */
  const about = (): Promise<Described> => {
    described ??= describeDirectory(pool, site).catch((error: unknown) => {
      described = undefined;
      throw error;
    });
    return described;
  };
  const domain = async () => {
    const { base, domain: name } = await about();
    return { base, name };
  };
  return {
    describe: async () => {
      const { base: _, ...description } = await about();
      return description;
    },
    entries: () => entriesIn(pool, about),
    findByMark: async (mark) => findByMark(pool, await about(), mark),
    read: async (guid, attributes) => readEntry(pool, await about(), { guid, attributes }),
    markElsewhere: async (guid) => markElsewhere(pool, await about(), guid),
    findByCn: async (cn, place) => findByCn(pool, await about(), { cn, place }),
    holders: async (names) => findHolders(pool, await domain(), names),
    findBySid: async (sids) => findBySid(pool, await domain(), sids),
    add: async (entry) => addEntry(pool, (await about()).destination, entry),
    replace: (guid, values) => replaceValues(pool, guid, values),
    move: async (guid, to) => moveEntry(pool, await about(), { guid, ...to }),
    findDeleted: async (guid) => findDeleted(pool, (await about()).base, guid),
    restore: async (guid, cn) => restoreEntry(pool, await about(), { guid, cn }),
    reportsOf: (guid) => findLinked(pool, guid, 'directReports'),
    remove: (guid) => removeEntry(pool, guid),
    members: (group) => findMembers(pool, group),
    editMembers: (group, edit, beforeWrite) => editMembers({ pool, group, beforeWrite }, edit),
    memberOf: (guid) => findLinked(pool, guid, 'memberOf'),
    ping: () =>
      pool.onIdle((client) => client.search('', { scope: 'base', attributes: ['1.1'], timeLimit: 0 })),
    close: () => pool.close(),
  };
}

const summaryQuery = { attributes: summaryAttributes, controls: () => [ownerOnly()] };

async function* entriesIn(
  pool: ConnectionPool,
  about: () => Promise<Described>,
): AsyncGenerator<EntrySummary[]> {
  const places = await about();
  for (const base of basesOf(places)) {
    const query: Query = { ...summaryQuery, base, scope: 'sub', filter: usersAndGroups() };
    try {
      for await (const page of searchPages(pool, query)) yield summariesIn(places, page);
    } catch (error) {
      throw destinationMissing(error);
    }
  }
}

/**
 * The index finds by msDS-ExternalDirectoryObjectId, which an account may write on itself; adminDescription, which it
 * may not, must say the same (reference/ad-ldap.md B.6).
 */
async function findByMark(pool: ConnectionPool, described: Described, mark: string): Promise<EntrySummary[]> {
  const attribute = described.hasExternalId ? 'msDS-ExternalDirectoryObjectId' : 'adminDescription';
  const filter = () => allOf(equals(attribute, mark), usersAndGroups());
  try {
    const found = await Promise.all(
      basesOf(described).map((base) =>
        searchAll(pool, { ...summaryQuery, base, scope: 'sub', filter: filter() }),
      ),
    );
    return summariesIn(described, found.flat()).filter((entry) => entry.mark === mark);
  } catch (error) {
    throw destinationMissing(error);
  }
}

/** One that was moved out between search and answer has no place and is left out. */
function summariesIn(places: Places, found: readonly LdapEntry[]): EntrySummary[] {
  return found.flatMap((entry) => {
    const place = placeOf(entry.dn, places);
    return place === undefined ? [] : [summaryOf(entry, place)];
  });
}

async function readEntry(
  pool: ConnectionPool,
  places: Places,
  wanted: { guid: Guid; attributes: readonly string[] },
): Promise<Entry | undefined> {
  const found = await searchOne(pool, {
    base: guidDn(wanted.guid),
    attributes: [...new Set([...entryAttributes, ...wanted.attributes])],
    controls: () => [ownerOnly(), extendedDn()],
  });
  const place = found === undefined ? undefined : placeOf(plainDn(found.dn), places);
  return found === undefined || place === undefined ? undefined : entryOf(found, place, wanted.attributes);
}

async function markElsewhere(pool: ConnectionPool, places: Places, guid: Guid): Promise<string | undefined> {
  const found = await searchOne(pool, { base: guidDn(guid), attributes: ['adminDescription'] });
  if (found === undefined || placeOf(found.dn, places) !== undefined) return undefined;
  return found.text('adminDescription');
}

async function findByCn(
  pool: ConnectionPool,
  places: Places,
  { cn, place }: { cn: string; place: Place },
): Promise<EntrySummary | undefined> {
  const unit = unitOf(place, places);
  if (unit === undefined) return undefined;
  const found = await searchOne(pool, { ...summaryQuery, base: childDn(cn, unit) });
  return found === undefined ? undefined : summaryOf(found, place);
}

/** The base of these searches is a place itself. */
const destinationMissing = (error: unknown): unknown =>
  error instanceof WritebackError && error.code === 'entry-missing'
    ? new WritebackError('destination-missing')
    : error;
