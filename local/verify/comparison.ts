import type { Baseline } from './baseline.ts';
import type { DirectoryEntry, DirectoryState } from './directory-state.ts';
import type { EntryIndex } from './entry-index.ts';
import type { Findings } from './findings.ts';
import type { TenantGroup, TenantState, TenantUser } from './tenant-state.ts';

/** How much AD holds of what it should: users and groups written, memberships listed. */
export type Counts = { users: number; groups: number; memberships: number };

/** The entry of one cloud object, and where to say what differs. */
export type Compared = { id: string; entry: DirectoryEntry; findings: Findings };

/** Everything a part of the comparison needs. */
export type Comparison = {
  tenant: TenantState;
  directory: DirectoryState;
  baseline: Baseline;
  index: EntryIndex;
  findings: Findings;
  counts: Counts;
};

/** Born in the cloud and no guest. */
export const isWrittenUser = (user: TenantUser): boolean =>
  user.onPremisesSyncEnabled !== true && user.userType !== 'Guest';

/** Born in the cloud and not assignable to a role; every kind is written. */
export const isWrittenGroup = (group: TenantGroup): boolean =>
  group.onPremisesSyncEnabled !== true && group.isAssignableToRole !== true;

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

/**
 * The entry that a user or group of the cloud is in AD, as a member or manager; undefined where it is left out: out of scope,
 * unknown to AD, or privileged.
 */
export function entryInAd({ tenant, index }: Comparison, id: string): DirectoryEntry | undefined {
  const user = tenant.users.get(id);
  const group = tenant.groups.get(id);
  const object = user ?? group;
  if (object === undefined) return undefined;
  if (object.onPremisesSyncEnabled === true)
    return syncedEntry(index.bySid, object.onPremisesSecurityIdentifier);
  const isWritten =
    (user !== undefined && isWrittenUser(user)) || (group !== undefined && isWrittenGroup(group));
  return isWritten ? index.owned.get(id)?.[0] : undefined;
}

const firstOrdinaryRid = 1000;

/** By SID; nobody privileged. */
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
