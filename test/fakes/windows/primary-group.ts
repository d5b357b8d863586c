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

/** Refuses a member that has the group as its primary group: it is in it already, though no `member` shows it (B.4). */
export function checkJoining(group: WindowsEntry, member: WindowsEntry): void {
  if (hasAsPrimary(member, group)) throw refusal(68, '00000562');
}

/** Who takes a group as its primary group is listed by it no more. */
export function leaveListOfPrimary(entry: WindowsEntry, entries: Iterable<WindowsEntry>): void {
  if (textOf(entry, 'primaryGroupID') === undefined) return;
  for (const group of entries)
    if (isGroup(group) && hasAsPrimary(entry, group)) group.members.delete(entry.guid);
}

const isSecurity = (group: WindowsEntry): boolean => Number(textOf(group, 'groupType')) < 0;

function isPrimary(group: WindowsEntry, entries: Iterable<WindowsEntry>): boolean {
  for (const entry of entries) if (hasAsPrimary(entry, group)) return true;
  return false;
}

const hasAsPrimary = (entry: WindowsEntry, group: WindowsEntry): boolean =>
  isUser(entry) && textOf(entry, 'primaryGroupID') === (group.sid?.split('-').at(-1) ?? '');
