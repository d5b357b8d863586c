import type { Identities } from './baseline.ts';
import { compareGroups } from './compare-groups.ts';
import { compareRest } from './compare-rest.ts';
import { compareUsers } from './compare-users.ts';
import type { Baseline, Comparison, Counts } from './comparison.ts';
import type { DirectoryState } from './directory-state.ts';
import { indexEntries, markAttributes, markedId } from './entry-index.ts';
import { type Difference, Findings } from './findings.ts';
import type { TenantState } from './tenant-state.ts';

export type Verdict = {
  differences: Difference[];
  compared: number;
  counts: Counts;
  /** What to remember for the next time: identities of what was first seen now, without what was purged. */
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
  const identities = rememberedFrom(comparison);
  return { differences: findings.differences, compared: findings.compared, counts, identities };
}

/** Kept while the object is not purged; new ones only where both marks agree. */
function rememberedFrom({ tenant, index, baseline }: Comparison): Identities {
  const lists = [tenant.users, tenant.groups, tenant.deletedUsers, tenant.deletedGroups];
  const isKnown = (id: string) => lists.some((list) => list.has(id));
  const kept = Object.entries(baseline.identities).filter(([id]) => isKnown(id));
  const remembered: Identities = Object.fromEntries(kept);
  for (const [id, [entry]] of index.owned) {
    if (entry === undefined || !isKnown(id) || remembered[id] !== undefined) continue;
    if (markAttributes.every((attribute) => markedId(entry, attribute) === id))
      remembered[id] = { guid: entry.guid, ...(entry.sid === undefined ? {} : { sid: entry.sid }) };
  }
  return remembered;
}
