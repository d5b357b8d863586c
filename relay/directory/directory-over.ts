import { WritebackError } from '../../shared/errors.ts';
import type { Directory, Entry, EntrySummary, Guid } from '../ports.ts';
import { childDn, guidDn, isUnder } from './codec/dn.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { ownerOnly } from './controls.ts';
import { entryAttributes, entryOf, summaryAttributes, summaryOf } from './decode-entry.ts';
import { type Described, describeDirectory } from './describe-directory.ts';
import { editMembers } from './edit-members.ts';
import { findBySid, findHolders, findMembers, findMemberships } from './find-principals.ts';
import { allOf, anyOf, equals, type Query, searchAll, searchOne, searchPages } from './search-directory.ts';
import { addEntry, removeEntry, renameEntry, replaceValues } from './write-entries.ts';

/** Users (inetOrgPerson too, computers not) and groups, by the indexed attribute. */
const usersAndGroups = () =>
  anyOf([
    allOf(equals('objectCategory', 'person'), equals('objectClass', 'user')),
    equals('objectCategory', 'group'),
  ]);

/** Where the directory is written to, and as whom. */
export type Place = { destination: string; bindName: string };

/**
 * The directory under the destination, over a pool of LDAP connections. What `describe` reads of the domain is read once and
 * kept for the calls that need it.
 */
export function directoryOver(pool: ConnectionPool, place: Place): Directory {
  let described: Promise<Described> | undefined;
  /** A failed description is not kept: the domain controller may come back. */
  const about = (): Promise<Described> => {
    described ??= describeDirectory(pool, place).catch((error: unknown) => {
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
      const { account, hasExternalId, domain: name, destination } = await about();
      return { account, hasExternalId, domain: name, destination };
    },
    entries: () => entriesUnder(pool, about),
    findByMark: async (mark) => findByMark(pool, await about(), mark),
    read: async (guid, attributes) => readEntry(pool, await about(), { guid, attributes }),
    findByCn: async (cn) => findByCn(pool, await about(), cn),
    holders: async (name) => findHolders(pool, await domain(), name),
    findBySid: async (sids) => findBySid(pool, await domain(), sids),
    add: async (entry) => addEntry(pool, (await about()).destination, entry),
    replace: (guid, values) => replaceValues(pool, guid, values),
    rename: (guid, cn) => renameEntry(pool, guid, cn),
    remove: (guid) => removeEntry(pool, guid),
    members: async (group) => findMembers(pool, await domain(), group),
    editMembers: (group, edit) => editMembers(pool, group, edit),
    memberOf: (guid) => findMemberships(pool, guid),
    ping: () =>
      pool.onIdle((client) => client.search('', { scope: 'base', attributes: ['1.1'], timeLimit: 0 })),
    close: () => pool.close(),
  };
}

const summaryQuery = { attributes: summaryAttributes, controls: () => [ownerOnly()] };

async function* entriesUnder(
  pool: ConnectionPool,
  about: () => Promise<Described>,
): AsyncGenerator<EntrySummary[]> {
  const { destination } = await about();
  const query: Query = { ...summaryQuery, base: destination, scope: 'sub', filter: usersAndGroups() };
  try {
    for await (const page of searchPages(pool, query)) yield page.map(summaryOf);
  } catch (error) {
    throw destinationMissing(error);
  }
}

/**
 * The index finds by msDS-ExternalDirectoryObjectId, which an account may write on itself; adminDescription, which it
 * may not, must say the same (reference/ad-ldap.md B.6).
 */
async function findByMark(pool: ConnectionPool, described: Described, mark: string): Promise<EntrySummary[]> {
  const attribute = described.hasExternalId ? 'msDS-ExternalDirectoryObjectId' : 'adminDescription';
  const query: Query = {
    ...summaryQuery,
    base: described.destination,
    scope: 'sub',
    filter: allOf(equals(attribute, mark), usersAndGroups()),
  };
  try {
    const found = await searchAll(pool, query);
    return found.map(summaryOf).filter((entry) => entry.mark === mark);
  } catch (error) {
    throw destinationMissing(error);
  }
}

async function readEntry(
  pool: ConnectionPool,
  described: Described,
  wanted: { guid: Guid; attributes: readonly string[] },
): Promise<Entry | undefined> {
  const found = await searchOne(pool, {
    base: guidDn(wanted.guid),
    attributes: [...new Set([...entryAttributes, ...wanted.attributes])],
    controls: () => [ownerOnly()],
  });
  if (found === undefined || !isUnder(found.dn, described.destination)) return undefined;
  return entryOf(found, wanted.attributes);
}

async function findByCn(
  pool: ConnectionPool,
  described: Described,
  cn: string,
): Promise<EntrySummary | undefined> {
  const found = await searchOne(pool, { ...summaryQuery, base: childDn(cn, described.destination) });
  return found === undefined ? undefined : summaryOf(found);
}

/** The base of these searches is the destination itself. */
const destinationMissing = (error: unknown): unknown =>
  error instanceof WritebackError && error.code === 'entry-missing'
    ? new WritebackError('destination-missing')
    : error;
