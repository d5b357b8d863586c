import { about, compareLeft, compareLive, compareOurs, joined } from './compare-entry.ts';
import { compareMembers } from './compare-members.ts';
import { compareAccountName } from './compare-names.ts';
import { compareReleased } from './compare-users.ts';
import { type Comparison, isWrittenGroup, theEntryOf } from './comparison.ts';
import { expectedGroup, groupTypes } from './expected-entry.ts';
import type { TenantGroup } from './tenant-state.ts';

/** Every group of the tenant, live and soft-deleted, against its entry and its members. */
export function compareGroups(comparison: Comparison): void {
  for (const group of comparison.tenant.groups.values()) {
    if (group.onPremisesSyncEnabled === true) compareReleased(comparison, group.id);
    else if (isWrittenGroup(group)) compareLiveGroup(comparison, group);
    else compareLeftGroup(comparison, group, 'groupType of a group out of scope');
  }
  for (const group of comparison.tenant.deletedGroups.values())
    if (group.onPremisesSyncEnabled !== true)
      compareLeftGroup(comparison, group, 'groupType of a deleted group');
}

function compareLiveGroup(comparison: Comparison, group: TenantGroup): void {
  const compared = theEntryOf(comparison, group.id, { required: true, name: group.displayName });
  if (compared === undefined) return;
  const expected = expectedGroup(group);
  compareOurs(comparison, compared, expected);
  compareAccountName(comparison, compared, expected);
  compareLive(compared, expected);
  comparison.findings.equal(
    about(compared, 'group-type', 'groupType'),
    groupTypeOf(group),
    joined(compared.entry, 'groupType'),
  );
  compareMembers(comparison, group, compared);
}

/** Microsoft 365 and distribution groups have no rights to give; security groups do, with mail or without. */
function groupTypeOf({ groupTypes: types, securityEnabled }: TenantGroup): string {
  return !types.includes('Unified') && securityEnabled === true
    ? groupTypes.security
    : groupTypes.distribution;
}

/** Its rights stop: a distribution group, whatever it was; name, attributes and members stay as last written. */
function compareLeftGroup(comparison: Comparison, group: TenantGroup, what: string): void {
  const required = comparison.baseline.identities[group.id] !== undefined;
  const compared = theEntryOf(comparison, group.id, { required, name: group.displayName });
  if (compared === undefined) return;
  const expected = expectedGroup(group);
  compareOurs(comparison, compared, expected);
  compareAccountName(comparison, compared, expected);
  compareLeft(comparison, compared, expected);
  const actual = joined(compared.entry, 'groupType');
  comparison.findings.equal(about(compared, 'group-type', what), groupTypes.distribution, actual);
}
