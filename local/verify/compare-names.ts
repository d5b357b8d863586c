import type { Identity } from './baseline.ts';
import { about, joined } from './compare-entry.ts';
import type { Compared, Comparison } from './comparison.ts';
import { type ExpectedEntry, ownPrincipalName } from './expected-entry.ts';
import { folded } from './expected-names.ts';
import type { TenantUser } from './tenant-state.ts';

/** A sAMAccountName that was issued stays for good; one that is seen for the first time is one of its candidates. */
export function compareAccountName(
  comparison: Comparison,
  compared: Compared,
  expected: ExpectedEntry,
): void {
  const { id, entry, findings } = compared;
  const issued = comparison.baseline.identities[id]?.sAMAccountName;
  findings.oneOf(
    about(compared, 'name', 'sAMAccountName'),
    issued === undefined ? expected.accountNames : [issued],
    joined(entry, 'sAMAccountName'),
  );
  compareUnique(comparison, compared);
}

/** Nobody else in the domain has its sAMAccountName or userPrincipalName, said or implied, whatever case and diacritics. */
function compareUnique({ index, directory }: Comparison, compared: Compared): void {
  const { entry, findings } = compared;
  const account = joined(entry, 'sAMAccountName');
  const isFree = (name: string) =>
    (index.holders.get(folded(name)) ?? []).every((holder) => holder === entry);
  if (account !== undefined) {
    const isAlone = isFree(account) && isFree(`${account}@${directory.domain}`);
    findings.holds(isAlone, about(compared, 'name', 'sAMAccountName is somebody else’s as well'));
  }
  const principal = joined(entry, 'userPrincipalName');
  if (principal !== undefined)
    findings.holds(
      isFree(principal),
      about(compared, 'name', 'userPrincipalName is somebody else’s as well'),
    );
}

/**
 * The userPrincipalName of a user that left: as last written, or none where another user of the cloud has it now (it was let go).
 * Never the one with the id in front that Entra gives a deleted user.
 */
export function compareNameOfLeaver(
  comparison: Comparison,
  compared: Compared,
  { user, expected }: { user: TenantUser; expected: ExpectedEntry },
): void {
  const { entry, findings } = compared;
  const actual = joined(entry, 'userPrincipalName');
  const identity = comparison.baseline.identities[user.id];
  const isTaken = identity?.letGo === true || isHeldByAnother(comparison, user);
  const seen = identity?.written?.['userprincipalname']?.[0];
  const kept = [...(seen === undefined ? [] : [seen]), ...expected.principalNames];
  findings.oneOf(
    about(compared, 'name', 'userPrincipalName of a leaver'),
    isTaken ? [undefined] : kept,
    actual,
  );
}

/** What is remembered from now on: that the name of this leaver went to another. */
export const letGo = (comparison: Comparison, id: string): Pick<Identity, 'letGo'> => {
  const user = comparison.tenant.deletedUsers.get(id);
  return user !== undefined && isHeldByAnother(comparison, user) ? { letGo: true } : {};
};

function isHeldByAnother({ tenant }: Comparison, user: TenantUser): boolean {
  const own = folded(ownPrincipalName(user));
  for (const other of tenant.users.values())
    if (other.id !== user.id && other.userType !== 'Guest' && folded(other.userPrincipalName) === own)
      return true;
  return false;
}
