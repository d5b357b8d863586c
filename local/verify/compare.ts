import type { Baseline, Identities } from './baseline.ts';
import { compareGroups } from './compare-groups.ts';
import { compareRest } from './compare-rest.ts';
import { compareUsers } from './compare-users.ts';
import type { Comparison, Counts } from './comparison.ts';
import type { DirectoryState } from './directory-state.ts';
import { indexEntries } from './entry-index.ts';
import { type Difference, Findings } from './findings.ts';
import { remembered } from './remember.ts';
import type { TenantState } from './tenant-state.ts';

export type Verdict = {
  differences: Difference[];
  compared: number;
  counts: Counts;
  /** What to remember for the next time. */
  identities: Identities;
};

/** Compares the tenant with AD, attribute by attribute and member by member. Pure: reads nothing, changes nothing. */
export function compare(tenant: TenantState, directory: DirectoryState, baseline: Baseline): Verdict {
  const comparison: Comparison = {
    tenant,
    directory,
    baseline,
    index: indexEntries(directory, baseline),
    findings: new Findings(),
    counts: { users: 0, groups: 0, memberships: 0 },
  };
  compareUsers(comparison);
  compareGroups(comparison);
  compareRest(comparison);
  const { findings, counts } = comparison;
  const identities = remembered(comparison);
  return { differences: findings.differences, compared: findings.compared, counts, identities };
}
