import { refusal } from './refusal.ts';
import { isGroup, isUser, textOf, type WindowsEntry } from './windows-entry.ts';

/*
 * Whose primary group a group is, no `member` says: accounts name it by the last part of its SID. Such a group keeps its rights and
 * its entry (reference/ad-ldap.md B.2; MS-SAMR 3.1.5.7.1). Samba refuses the second only, with 68.
 */

/** Refuses to make a distribution group of one that is somebody's primary group. */
export function checkKind(
  before: WindowsEntry,
  after: WindowsEntry,
  entries: () => Iterable<WindowsEntry>,
): void {
  const losesRights = isSecurity(before) && !isSecurity(after);
  if (losesRights && isPrimary(before, entries())) throw refusal(53, '00002149', 'groupType');
}

/** Refuses to delete one: 68, as Samba's own tests expect of any domain controller; the number is a guess. */
export function checkGoing(entry: WindowsEntry, entries: () => Iterable<WindowsEntry>): void {
  if (isGroup(entry) && isPrimary(entry, entries())) throw refusal(68, '0000055E');
}

const isSecurity = (group: WindowsEntry): boolean => Number(textOf(group, 'groupType')) < 0;

function isPrimary(group: WindowsEntry, entries: Iterable<WindowsEntry>): boolean {
  const rid = group.sid?.split('-').at(-1);
  for (const entry of entries) if (isUser(entry) && textOf(entry, 'primaryGroupID') === rid) return true;
  return false;
}
