import type { Dn, Guid } from '../../../relay/ports.ts';
import { disabledControl } from './account-control.ts';
import { isUser, textOf, type Value, type WindowsEntry } from './windows-entry.ts';

/*
 * What becomes of deleted entries. With the recycle bin they keep everything, their links in both directions included; without it a
 * tombstone keeps its anchors and what the schema marks (MS-ADTS 3.1.1.5.5.1). Tombstones carry isRecycled from the start.
 */

/** An entry after its deletion, as `CN=<name>\0ADEL:<guid>` in Deleted Objects. */
export type Deleted = {
  entry: WindowsEntry;
  /** Groups that listed it, and entries that it managed. */
  groups: Guid[];
  reports: Guid[];
};

/** Where deleted entries are. */
export const binOf = (base: Dn): Dn => `CN=Deleted Objects,${base}` as Dn;

/** Kept on a tombstone besides GUID, SID, class and owner. */
const keptValues = new Set([
  'samaccountname',
  'useraccountcontrol',
  'grouptype',
  'msds-externaldirectoryobjectid',
]);

/** What is left of an entry. */
export function remainsOf(
  { entry, groups, reports }: Deleted,
  { base, keepsAll }: { base: Dn; keepsAll: boolean },
): Deleted {
  const at = { name: `${entry.name}\nDEL:${entry.guid}`, parent: binOf(base) };
  const deletedMark: [string, Value[]] = ['isdeleted', ['TRUE']];
  if (keepsAll)
    return { entry: { ...entry, ...at, values: new Map([...entry.values, deletedMark]) }, groups, reports };
  const kept = [...entry.values].filter(([name]) => keptValues.has(name));
  const values = new Map<string, Value[]>([...kept, deletedMark, ['isrecycled', ['TRUE']]]);
  const bare = { ...entry, ...at, values, members: new Set<Guid>(), manager: undefined, passwordSet: false };
  return { entry: bare, groups: [], reports: [] };
}

/** Whether nothing but the anchors is left. */
export const isRecycled = ({ entry }: Deleted): boolean => textOf(entry, 'isRecycled') === 'TRUE';

/** The entry as it comes back, under another name perhaps; a tombstone comes back disabled. */
export function revived(deleted: Deleted, at: { name: string; parent: Dn }): WindowsEntry {
  const { entry } = deleted;
  const values = new Map(entry.values);
  values.delete('isdeleted');
  values.delete('isrecycled');
  if (isRecycled(deleted) && isUser(entry)) values.set('useraccountcontrol', [disabledControl(entry)]);
  return { ...entry, ...at, values, members: new Set(entry.members) };
}
