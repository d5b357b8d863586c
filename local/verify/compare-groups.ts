import { about, compareLive, compareOurs, joined } from './compare-entry.ts';
import { compareMembers } from './compare-members.ts';
import { compareReleased } from './compare-users.ts';
import { type Comparison, isWrittenGroup, theEntryOf } from './comparison.ts';
import { expectedGroup, groupTypes } from './expected-entry.ts';
import type { TenantGroup } from './tenant-state.ts';

/** Every group of the tenant, live and soft-deleted, against its entry and its members. */
export function compareGroups(comparison: Comparison): void {
  for (const group of comparison.tenant.groups.values()) {
    if (group.onPremisesSyncEnabled === true) compareReleased(comparison, group.id);
    else if (isWrittenGroup(group)) compareLiveGroup(comparison, group);
    else compareUnwritten(comparison, group);
  }
  for (const group of comparison.tenant.deletedGroups.values())
    if (isWrittenGroup(group)) compareDeletedGroup(comparison, group);
}

function compareLiveGroup(comparison: Comparison, group: TenantGroup): void {
  const compared = theEntryOf(comparison, group.id, { required: true, name: group.displayName });
  if (compared === undefined) return;
  const expected = expectedGroup(group);
  compareOurs(compared, expected, comparison.directory.destination);
  compareLive(compared, expected);
  const wanted = group.groupTypes.includes('Unified') ? groupTypes.distribution : groupTypes.security;
  comparison.findings.equal(
    about(compared, 'group-type', 'groupType'),
    String(wanted),
    joined(compared.entry, 'groupType'),
  );
  compareMembers(comparison, compared);
}

/** Its rights stop: a distribution group, whatever it was; name, attributes and members stay as last written. */
function compareDeletedGroup(comparison: Comparison, group: TenantGroup): void {
  const required = comparison.baseline.identities[group.id] !== undefined;
  const compared = theEntryOf(comparison, group.id, { required, name: group.displayName });
  if (compared === undefined) return;
  compareOurs(compared, expectedGroup(group), comparison.directory.destination);
  const wanted = String(groupTypes.distribution);
  const what = 'groupType of a deleted group';
  comparison.findings.equal(about(compared, 'group-type', what), wanted, joined(compared.entry, 'groupType'));
}

function compareUnwritten({ index, findings }: Comparison, group: TenantGroup): void {
  for (const entry of index.owned.get(group.id) ?? [])
    findings.holds(false, {
      kind: 'extra-entry',
      id: group.id,
      dn: entry.dn,
      what: 'mail-enabled groups are not written',
    });
}
