import type { Directory, Entry, EntrySummary, Guid, Place, WantedNames } from '../ports.ts';
import { childDn, guidDn } from './codec/dn.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { extendedDn, ownerOnly } from './controls.ts';
import { entryAttributes, entryOf, summaryOf } from './decode-entry.ts';
import { findDeleted, restoreEntry } from './deleted-entries.ts';
import { type Described, describeDirectory, type Site } from './describe-directory.ts';
import { destinationMissing, summariesIn, summaryQuery, usersAndGroups } from './destination-query.ts';
import { editMembers } from './edit-members.ts';
import { plainDn } from './extended-dn.ts';
import { findByMarks } from './find-by-marks.ts';
import { findHolders } from './find-holders.ts';
import { findBySid, findLinked, findMembers } from './find-principals.ts';
import { gather } from './gather.ts';
import { basesOf, type Places, placeOf, unitOf } from './places.ts';
import { type Query, searchOne, searchPages } from './search-directory.ts';
import { addEntry, moveEntry, removeEntry, replaceValues } from './write-entries.ts';

/**
 * Questions in one search, which then finds well under the 1,000 entries that a server gives at once. Names are up to 8 terms each or,
 * with all their candidates, 160.
 */
const marksAtOnce = 100;
const holdersAtOnce = 25;

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
  const findByMark = gather(
    async (marks: readonly string[]) => findByMarks(pool, await about(), marks),
    marksAtOnce,
  );
  const holders = gather(
    async (wanted: readonly WantedNames[]) => findHolders(pool, await domain(), wanted),
    holdersAtOnce,
  );
  return {
    describe: async () => {
      const { base: _, ...description } = await about();
      return description;
    },
    entries: () => entriesIn(pool, about),
    findByMark,
    read: async (guid, attributes) => readEntry(pool, await about(), { guid, attributes }),
    markElsewhere: async (guid) => markElsewhere(pool, await about(), guid),
    findByCn: async (cn, place) => findByCn(pool, await about(), { cn, place }),
    holders,
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
