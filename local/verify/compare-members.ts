import type { Compared } from './compare-entry.ts';
import type { Comparison } from './comparison.ts';
import { isWrittenGroup } from './comparison.ts';
import type { DirectoryEntry } from './directory-state.ts';
import { dnKey } from './dn.ts';

/** Members of one live group, one by one: who is listed in the cloud and has an entry, and nobody else. */
export function compareMembers(comparison: Comparison, { id, entry, findings }: Compared): void {
  const members = comparison.tenant.members.get(id) ?? [];
  const wanted = new Map<string, DirectoryEntry>();
  for (const member of members) {
    const found = memberEntry(comparison, member);
    if (found !== undefined) wanted.set(found.guid, found);
  }
  const actual = new Set<string>();
  for (const dn of entry.members) {
    const guid = comparison.index.byDn.get(dnKey(dn))?.guid ?? dn;
    actual.add(guid);
    const difference = {
      kind: 'extra-member' as const,
      id,
      dn: entry.dn,
      what: 'lists a member that the cloud does not',
    };
    findings.holds(wanted.has(guid), { ...difference, actual: dn });
  }
  for (const [guid, found] of wanted) {
    const difference = { kind: 'missing-member' as const, id, dn: entry.dn, what: 'does not list a member' };
    findings.holds(actual.has(guid), { ...difference, expected: found.dn });
    if (actual.has(guid)) comparison.counts.memberships++;
  }
}

/** The entry that a direct member of the cloud is in AD, or undefined where it is left out. */
function memberEntry({ tenant, index }: Comparison, member: string): DirectoryEntry | undefined {
  const user = tenant.users.get(member);
  const group = tenant.groups.get(member);
  const object = user ?? group;
  if (object === undefined) return undefined;
  if (object.onPremisesSyncEnabled === true)
    return syncedEntry(index.bySid, object.onPremisesSecurityIdentifier);
  if (user?.userType === 'Guest') return undefined;
  if (group !== undefined && !isWrittenGroup(group)) return undefined;
  return index.owned.get(member)?.[0];
}

const firstOrdinaryRid = 1000;

/** By SID; nobody privileged ever becomes a member. */
function syncedEntry(
  bySid: Map<string, DirectoryEntry>,
  sid: string | null | undefined,
): DirectoryEntry | undefined {
  const entry = sid == null ? undefined : bySid.get(sid);
  if (entry === undefined) return undefined;
  const rid = Number(sid?.split('-').at(-1));
  const isPrivileged = rid < firstOrdinaryRid || entry.values.get('admincount')?.[0] === '1';
  return isPrivileged ? undefined : entry;
}
