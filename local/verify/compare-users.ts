import { about, type Compared, compareLive, compareOurs, joined } from './compare-entry.ts';
import type { Comparison } from './comparison.ts';
import { theEntryOf } from './comparison.ts';
import { accountControls, expectedUser } from './expected-entry.ts';
import type { TenantUser } from './tenant-state.ts';

/** Every user of the tenant, live and soft-deleted, against its entry. */
export function compareUsers(comparison: Comparison): void {
  for (const user of comparison.tenant.users.values()) {
    if (user.onPremisesSyncEnabled === true) compareReleased(comparison, user.id);
    else if (user.userType === 'Guest') compareLeaver(comparison, user);
    else compareEmployee(comparison, user);
  }
  for (const user of comparison.tenant.deletedUsers.values())
    if (user.onPremisesSyncEnabled !== true) compareLeaver(comparison, user);
}

function compareEmployee(comparison: Comparison, user: TenantUser): void {
  const compared = theEntryOf(comparison, user.id, { required: true, name: user.displayName });
  if (compared === undefined) return;
  const expected = expectedUser(user);
  compareOurs(compared, expected, comparison.directory.destination);
  compareLive(compared, expected);
  const wanted = user.accountEnabled === true ? accountControls.enabled : accountControls.disabled;
  compareAccount(compared, wanted);
}

/** Soft-deleted, or turned into a guest: disabled and otherwise as it was. Nothing is wrong if it never had an entry. */
function compareLeaver(comparison: Comparison, user: TenantUser): void {
  const required = comparison.baseline.identities[user.id] !== undefined;
  const compared = theEntryOf(comparison, user.id, { required, name: user.displayName });
  if (compared === undefined) return;
  compareOurs(compared, expectedUser(user), comparison.directory.destination);
  compareAccount(compared, accountControls.disabled);
  // Entra prefixes the sign-in name of a deleted user with its id; that name must never arrive here.
  const name = joined(compared.entry, 'userPrincipalName') ?? '';
  const prefixed = name.toLowerCase().startsWith(user.id.replaceAll('-', ''));
  comparison.findings.holds(!prefixed, about(compared, 'name', 'userPrincipalName of a deleted user'));
}

function compareAccount(compared: Compared, wanted: number): void {
  const { entry, findings } = compared;
  findings.equal(
    about(compared, 'account-control', 'userAccountControl'),
    String(wanted),
    joined(entry, 'userAccountControl'),
  );
  findings.holds(
    joined(entry, 'pwdLastSet') !== '0',
    about(compared, 'account-control', 'no password was ever set'),
  );
}

/** What became synced after it was written keeps its entry without our marks; what always was synced has none of ours. */
export function compareReleased({ index, findings }: Comparison, id: string): void {
  for (const entry of index.owned.get(id) ?? []) {
    const marked = joined(entry, 'adminDescription') ?? joined(entry, 'msDS-ExternalDirectoryObjectId');
    const what = 'carries our mark although it is synced from AD';
    findings.equal({ kind: 'mark', id, dn: entry.dn, what }, undefined, marked);
  }
}
