import type { Identities, OnPremises } from './baseline.ts';
import type { Compared } from './compare-entry.ts';
import type { DirectoryState } from './directory-state.ts';
import type { EntryIndex } from './entry-index.ts';
import type { Findings } from './findings.ts';
import type { TenantGroup, TenantState } from './tenant-state.ts';

export type Baseline = { identities: Identities; onPremises: OnPremises };

/** How much AD holds of what it should: users and groups written, memberships listed. */
export type Counts = { users: number; groups: number; memberships: number };

/** Everything a part of the comparison needs. */
export type Comparison = {
  tenant: TenantState;
  directory: DirectoryState;
  baseline: Baseline;
  index: EntryIndex;
  findings: Findings;
  counts: Counts;
};

/** Security groups and Microsoft 365 groups; mail-enabled security and distribution groups are not written yet. */
export const isWrittenGroup = (group: TenantGroup): boolean =>
  group.onPremisesSyncEnabled !== true &&
  (group.groupTypes.includes('Unified') || group.mailEnabled !== true);

/** The one entry of a cloud object, with its identity checked; reports where there is none, or more than one. */
export function theEntryOf(
  comparison: Comparison,
  id: string,
  wanted: { required: boolean; name: string | null | undefined },
): Compared | undefined {
  const { index, findings, baseline, counts } = comparison;
  const [entry, ...others] = index.owned.get(id) ?? [];
  if (entry === undefined) {
    const what = `${wanted.name ?? 'without a name'} has no entry`;
    if (wanted.required) findings.holds(false, { kind: 'missing-entry', id, what });
    return undefined;
  }
  for (const { dn } of others)
    findings.holds(false, { kind: 'extra-entry', id, dn, what: 'is a second entry' });
  const first = baseline.identities[id];
  const difference = {
    kind: 'identity' as const,
    id,
    dn: entry.dn,
    what: 'is not the same account as before (SID)',
  };
  if (first !== undefined) findings.equal(difference, first.sid ?? first.guid, entry.sid ?? entry.guid);
  if (entry.classes.includes('group')) counts.groups++;
  else counts.users++;
  return { id, entry, findings };
}
