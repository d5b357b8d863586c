import { domainOf } from '../../../relay/directory/codec/dn.ts';
import { nameTaken, refusal } from './refusal.ts';
import { folded, isUser, pathOf, textOf, type WindowsEntry } from './windows-entry.ts';

/*
 * What may exist once only: a name among siblings, a sAMAccountName among users, groups and computers, a userPrincipalName in the
 * forest, and the userPrincipalName that a sAMAccountName implies. All compared without case and diacritics, which Samba keeps apart;
 * runs of spaces count, which Samba collapses (reference/ad-ldap.md A.2, A.3, I 3, 12, 17).
 */

type Names = { rdn: string; parent: string; sam: string; upn: string };

const namesOf = (entry: WindowsEntry): Names => ({
  rdn: folded(entry.name),
  parent: pathOf(entry.parent),
  sam: folded(textOf(entry, 'sAMAccountName') ?? ''),
  upn: folded(textOf(entry, 'userPrincipalName') ?? ''),
});

/** Refuses an entry of which a name is held by another. */
export function checkUnique(
  entries: Iterable<WindowsEntry>,
  entry: WindowsEntry,
  before?: WindowsEntry,
): void {
  const wanted = namesOf(entry);
  if (before !== undefined && isSame(wanted, namesOf(before))) return;
  const suffix = `@${folded(domainOf(entry.parent))}`;
  const impliedUpn = wanted.sam === '' ? '' : `${wanted.sam}${suffix}`;
  const impliedSam = wanted.upn.endsWith(suffix) ? wanted.upn.slice(0, -suffix.length) : '';
  for (const other of entries) {
    if (other.guid === entry.guid) continue;
    const held = namesOf(other);
    if (held.rdn === wanted.rdn && held.parent === wanted.parent) throw nameTaken();
    if (wanted.sam !== '' && held.sam === wanted.sam)
      throw refusal(68, isUser(entry) ? '00000524' : '00000526');
    const isUpnHeld = held.upn !== '' && (held.upn === wanted.upn || held.upn === impliedUpn);
    const isImplied = impliedSam !== '' && held.sam === impliedSam;
    if (isUpnHeld || isImplied) throw refusal(19, '000021C8', 'userPrincipalName');
  }
}

const isSame = (one: Names, other: Names): boolean =>
  one.rdn === other.rdn && one.parent === other.parent && one.sam === other.sam && one.upn === other.upn;
