import { Attribute, Change } from 'ldapts';
import { WritebackError } from '../../shared/errors.ts';
import type { DeletedEntry, Dn, EntrySummary, Guid } from '../ports.ts';
import { childDn, guidDn } from './codec/dn.ts';
import { guidToBytes } from './codec/guid-codec.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { ownerOnly, showDeleted } from './controls.ts';
import { principalAttributes, principalOf, summaryAttributes, summaryOf } from './decode-entry.ts';
import type { LdapEntry } from './ldap-entry.ts';
import { allOf, equals, searchAll } from './search-directory.ts';
import { summaryAt } from './write-entries.ts';

/*
 * What was deleted, and how it comes back.
 *
 * With the AD recycle bin, a deleted entry keeps its attributes and links (isDeleted, not yet isRecycled). Without it a tombstone keeps
 * what the schema marks to be kept: GUID, SID, sAMAccountName, msDS-ExternalDirectoryObjectId; it carries isRecycled from the start.
 * Either comes back by one modify (MS-ADTS 3.1.1.5.3.7): isDeleted removed, distinguishedName set. Seeing them needs a right on the
 * container, bringing them back Reanimate-Tombstones on the domain (docs/security.md).
 *
 * Whose it was is told before it is touched: by the owner in its security descriptor, and by adminDescription. The other mark never counts,
 * because the account's own user may write it; so a tombstone has no mark.
 */

const mayNotSee = new Set(['entry-missing', 'rights-missing']);

/** The deleted user or group with this objectGUID; undefined too where the account may not see deleted entries. */
export async function findDeleted(
  pool: ConnectionPool,
  base: string,
  guid: Guid,
): Promise<DeletedEntry | undefined> {
  const entry = await searchDeleted(pool, base, guid);
  if (entry === undefined) return undefined;
  const { kind, sid, adminCount } = principalOf(entry);
  if (kind === 'other') return undefined;
  const { mark, owner } = summaryOf(entry, 'destination');
  return { guid, sid, kind, mark, owner, adminCount, restorable: entry.text('isRecycled') !== 'TRUE' };
}

const deletedAttributes = [...new Set([...principalAttributes, ...summaryAttributes]), 'isRecycled'];

async function searchDeleted(pool: ConnectionPool, base: string, guid: Guid): Promise<LdapEntry | undefined> {
  const found = await searchAll(pool, {
    base: `CN=Deleted Objects,${base}`,
    scope: 'one',
    filter: allOf(equals('objectGUID', guidToBytes(guid)), equals('isDeleted', 'TRUE')),
    attributes: deletedAttributes,
    controls: () => [showDeleted(), ownerOnly()],
  }).catch(nothing);
  return found[0];
}

function nothing(error: unknown): [] {
  if (error instanceof WritebackError && mayNotSee.has(error.code)) return [];
  throw error;
}

/**
 * Brings a deleted entry back as a child of the destination. Samba takes no `<GUID=…>` as the target here, so the DN is read first:
 * nobody renames what is deleted.
 */
export async function restoreEntry(
  pool: ConnectionPool,
  { base, destination }: { base: string; destination: Dn },
  { guid, cn }: { guid: Guid; cn: string },
): Promise<EntrySummary> {
  const since = pool.now();
  const deleted = await searchDeleted(pool, base, guid);
  if (deleted === undefined)
    throw new WritebackError('entry-missing', { detail: 'restore: no such deleted entry' });
  const changes = [
    new Change({ operation: 'delete', modification: new Attribute({ type: 'isDeleted', values: [] }) }),
    new Change({
      operation: 'replace',
      modification: new Attribute({ type: 'distinguishedName', values: [childDn(cn, destination)] }),
    }),
  ];
  await pool.write('modify', (client) => client.modify(deleted.dn, changes, showDeleted()), since);
  return summaryAt(pool, guidDn(guid), 'restore');
}
