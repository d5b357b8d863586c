import { about, compareLeft, compareLive, compareOurs, joined } from './compare-entry.ts';
import { compareManager } from './compare-manager.ts';
import { compareAccountName, compareNameOfLeaver } from './compare-names.ts';
import type { Compared, Comparison } from './comparison.ts';
import { isWrittenUser, theEntryOf } from './comparison.ts';
import { expectedUser } from './expected-entry.ts';
import type { TenantUser } from './tenant-state.ts';

/** Every user of the tenant, live and soft-deleted, against its entry. */
export function compareUsers(comparison: Comparison): void {
  for (const user of comparison.tenant.users.values()) {
    if (user.onPremisesSyncEnabled === true) compareReleased(comparison, user.id);
    else if (isWrittenUser(user)) compareEmployee(comparison, user);
    else compareLeaver(comparison, user);
  }
  for (const user of comparison.tenant.deletedUsers.values())
    if (user.onPremisesSyncEnabled !== true) compareLeaver(comparison, user);
}

function compareEmployee(comparison: Comparison, user: TenantUser): void {
  const compared = theEntryOf(comparison, user.id, { required: true, name: user.displayName });
  if (compared === undefined) return;
  const expected = expectedUser(user, comparison.directory);
  compareOurs(comparison, compared, expected);
  compareAccountName(comparison, compared, expected);
  compareLive(compared, expected);
  compareManager(comparison, compared);
  const isKeptDisabled = comparison.baseline.disabledOnPremises.includes(user.id);
  compareAccount(compared, user.accountEnabled === true && !isKeptDisabled);
}

/** Soft-deleted, or out of scope now: disabled and otherwise as it was. Nothing is wrong if it never had an entry. */
function compareLeaver(comparison: Comparison, user: TenantUser): void {
  const required = comparison.baseline.identities[user.id] !== undefined;
  const compared = theEntryOf(comparison, user.id, { required, name: user.displayName });
  if (compared === undefined) return;
  const expected = expectedUser(user, comparison.directory);
  compareOurs(comparison, compared, expected);
  compareAccountName(comparison, compared, expected);
  compareNameOfLeaver(comparison, compared, { user, expected });
  compareLeft(comparison, compared, expected);
  compareAccount(compared, false);
}

/** NORMAL_ACCOUNT, and ACCOUNTDISABLE. */
const ordinary = 0x200;
const disabled = 0x2;
/** What an administrator may have set for the good of it: password never expires, smart card required, no delegation. */
const harmless = 0x10000 | 0x40000 | 0x100000;

function compareAccount(compared: Compared, enabled: boolean): void {
  const { entry, findings } = compared;
  const control = Number(joined(entry, 'userAccountControl') ?? 0) & ~harmless;
  findings.equal(
    about(compared, 'account-control', enabled ? 'should be enabled' : 'should be disabled'),
    String(enabled ? ordinary : ordinary | disabled),
    String(control),
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
