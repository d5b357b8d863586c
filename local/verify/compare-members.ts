import { type Compared, type Comparison, entryInAd } from './comparison.ts';
import type { DirectoryEntry } from './directory-state.ts';
import { dnKey } from './dn.ts';
import type { TenantGroup } from './tenant-state.ts';

/**
 * Members of one live group, one by one: who is listed in the cloud and has an entry, and nobody else. Where the cloud hides its
 * members, AD has none.
 */
export function compareMembers(comparison: Comparison, group: TenantGroup, compared: Compared): void {
  const { id, entry, findings } = compared;
  const isHidden = group.visibility === 'HiddenMembership';
  const members = isHidden ? [] : (comparison.tenant.members.get(id) ?? []);
  const wanted = new Map<string, DirectoryEntry>();
  for (const member of members) {
    const found = entryInAd(comparison, member);
    if (found !== undefined) wanted.set(found.guid, found);
  }
  const actual = new Set<string>();
  const extra = isHidden
    ? 'shows a member of a group that hides them'
    : 'lists a member that the cloud does not';
  for (const dn of entry.members) {
    const guid = comparison.index.byDn.get(dnKey(dn))?.guid ?? dn;
    actual.add(guid);
    const difference = { kind: 'extra-member' as const, id, dn: entry.dn, what: extra };
    findings.holds(wanted.has(guid), { ...difference, actual: dn });
  }
  for (const [guid, found] of wanted) {
    const difference = { kind: 'missing-member' as const, id, dn: entry.dn, what: 'does not list a member' };
    findings.holds(actual.has(guid), { ...difference, expected: found.dn });
    if (actual.has(guid)) comparison.counts.memberships++;
  }
}
