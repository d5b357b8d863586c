import { noRights, refusal } from './refusal.ts';
import { isUser, textOf, type WindowsEntry } from './windows-entry.ts';

/** Bits of userAccountControl (reference/ad-ldap.md A.4). */
export const disabled = 2;
const passwordNotRequired = 0x20;
const normalAccount = 0x200;

/** ACCOUNTDISABLE, NORMAL_ACCOUNT and PASSWD_NOTREQD: what a bare add leaves. */
export const bareControl = `${disabled + passwordNotRequired + normalAccount}`;

/**
 * Bits that need an extended right on the domain's head besides write access (not required, never expires, reversible encryption), or a
 * privilege (delegation). Samba checks none of them.
 */
const guarded = passwordNotRequired | 0x10000 | 0x80 | 0x80000 | 0x1000000;

const controlOf = (entry: WindowsEntry | undefined): number =>
  Number((entry === undefined ? undefined : textOf(entry, 'userAccountControl')) ?? normalAccount | disabled);

/** An account without a password that needs one cannot be enabled (53), which Samba allows; one that is so already may be changed. */
export function checkEnabling(entry: WindowsEntry, before: WindowsEntry | undefined): void {
  if (!isUser(entry) || (before !== undefined && controlOf(before) === controlOf(entry))) return;
  const isEnabled = (controlOf(entry) & (disabled | passwordNotRequired)) === 0;
  if (isEnabled && !entry.passwordSet) throw refusal(53, '0000052D');
}

/**
 * Changing a guarded bit takes rights that the service account has not, but clearing PASSWD_NOTREQD takes none (MS-SAMR 3.1.1.8.10). A
 * bare add gets that one from the server.
 */
export function checkGuardedBits(before: WindowsEntry | undefined, after: WindowsEntry): void {
  const changed = controlOf(before) ^ controlOf(after);
  const free = controlOf(before) & passwordNotRequired;
  if (isUser(after) && (changed & guarded & ~free) !== 0) throw noRights();
}

/** What comes back from a tombstone is disabled. */
export const disabledControl = (entry: WindowsEntry): string => `${controlOf(entry) | disabled}`;
