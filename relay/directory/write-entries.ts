import { Attribute, Change } from 'ldapts';
import { WritebackError } from '../../shared/errors.ts';
import type { Dn, EntrySummary, Guid, NewEntry, Place, Replacements } from '../ports.ts';
import { childDn, escapeRdnValue, guidDn } from './codec/dn.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { ownerOnly, permissiveModify } from './controls.ts';
import { summaryAttributes, summaryOf } from './decode-entry.ts';
import { LdapFailure } from './ldap-failure.ts';
import { type Places, placeOf, unitOf } from './places.ts';
import { searchOne } from './search-directory.ts';

/**
 * Adds a child of the destination; one search more tells what the directory made of it (GUID, SID, owner). An account of which nothing
 * else is said is disabled and needs no password yet (546).
 */
export async function addEntry(
  pool: ConnectionPool,
  destination: Dn,
  entry: NewEntry,
): Promise<EntrySummary> {
  const dn = childDn(entry.cn, destination);
  const values: NewEntry['attributes'] = {
    objectClass: entry.kind,
    ...entry.attributes,
  };
  const attributes = Object.entries(values).map(
    ([type, value]) => new Attribute({ type, values: [value].flat() }),
  );
  await pool.write('add', (client) => client.add(dn, attributes));
  return summaryAt(pool, dn, 'add');
}

/** Summary of what was just made a child of the destination. */
export async function summaryAt(pool: ConnectionPool, base: string, after: string): Promise<EntrySummary> {
  const found = await searchOne(pool, {
    base,
    attributes: summaryAttributes,
    controls: () => [ownerOnly()],
  });
  // Renamed or deleted by somebody in between: as unknown as after a lost connection, so read again.
  if (found === undefined)
    throw new WritebackError('directory-unavailable', { detail: `${after}: entry not found after it` });
  return summaryOf(found, 'destination');
}

/**
 * One modify of replaces; without a value, an attribute is cleared. Samba clears a userPrincipalName by a delete only, which fails where
 * there is none unless the modify is permissive; so is Windows content.
 */
export async function replaceValues(
  pool: ConnectionPool,
  guid: Guid,
  replacements: Replacements,
): Promise<void> {
  const changes = Object.entries(replacements).map(([type, values]) => changeOf(type, values));
  if (changes.length === 0) return;
  const deletes = changes.some(({ operation }) => operation === 'delete');
  const controls = deletes ? [permissiveModify()] : [];
  await pool.write('modify', (client) => client.modify(guidDn(guid), changes, controls));
}

function changeOf(type: string, values: readonly (string | Uint8Array)[]): Change {
  const texts = values.filter((value) => typeof value === 'string');
  // ldapts takes one sort of values per attribute.
  const wire =
    texts.length === values.length ? texts : values.map((value) => Buffer.from(value as Uint8Array));
  const clearsUpn = values.length === 0 && type.toLowerCase() === 'userprincipalname';
  const operation = clearsUpn ? 'delete' : 'replace';
  return new Change({ operation, modification: new Attribute({ type, values: wire }) });
}

/**
 * One modifyDN: the new cn, and the other place where the entry is not there yet. An entry that somebody put into an OU below its
 * place stays in that OU. Samba takes no `<GUID=…>` as the target of a rename, so the DN is read first; a name that somebody changed in
 * between is read once more.
 */
export async function moveEntry(
  pool: ConnectionPool,
  places: Places,
  { guid, cn, place }: { guid: Guid; cn: string; place: Place },
): Promise<Dn> {
  const unit = unitOf(place, places);
  if (unit === undefined) throw new WritebackError('leavers-missing');
  const since = pool.now();
  const move = async (): Promise<void> => {
    const dn = await dnNow(pool, guid);
    // Without a comma in it, the new name has no new parent for ldapts.
    const target = placeOf(dn, places) === place ? `CN=${escapeRdnValue(cn)}` : childDn(cn, unit);
    await pool.write('rename', (client) => client.modifyDN(dn, target), since);
  };
  try {
    await move();
  } catch (error) {
    if (!(error instanceof LdapFailure) || !mayBeGone.has(error.resultCode ?? 0)) throw error;
    if (!(await isThere(pool, unit)))
      throw new WritebackError(place === 'leavers' ? 'leavers-missing' : 'destination-missing', {
        detail: 'the OU is gone',
      });
    await move();
  }
  return dnNow(pool, guid);
}

/** What a rename answers where entry or new parent is gone: 32 on Windows, 80 on Samba for the parent. */
const mayBeGone = new Set([32, 80]);

const isThere = async (pool: ConnectionPool, dn: Dn): Promise<boolean> =>
  (await searchOne(pool, { base: dn, attributes: ['objectClass'] })) !== undefined;

async function dnNow(pool: ConnectionPool, guid: Guid): Promise<Dn> {
  const found = await searchOne(pool, { base: guidDn(guid), attributes: ['objectGUID'] });
  if (found === undefined) throw new WritebackError('entry-missing', { detail: 'rename: the entry is gone' });
  return found.dn as Dn;
}

/** Deletes an entry; one that is gone already is success. */
export async function removeEntry(pool: ConnectionPool, guid: Guid): Promise<void> {
  try {
    await pool.write('delete', (client) => client.del(guidDn(guid)));
  } catch (error) {
    if (!(error instanceof WritebackError) || error.code !== 'entry-missing') throw error;
  }
}
