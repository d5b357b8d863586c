import type { UserPresent } from '../../shared/contracts/command.ts';
import type { Result } from '../../shared/contracts/result.ts';
import type { Entry } from '../ports.ts';
import { accountDisabled, type Change, type NewAccount, normalAccount, smartcardRequired } from './plan.ts';

/*
 * Account control and passwords.
 *
 * An account is created disabled (514); one modify then sets a random password and, in this order, what else belongs to it: that it
 * must be changed, that a smart card is required, and, where the account is wanted enabled, ACCOUNTDISABLE cleared. One modify, so
 * nothing between add and modify can be half done, and Windows refuses to enable an account without a password anyway.
 *
 *   add 514, no password ──✗ crash ──▶ half-created: disabled, pwdLastSet 0
 *        │                                   │ next command
 *        └──── password + control ◀──────────┘
 *
 * pwdLastSet 0 also means "must change at next logon", which an administrator may set at any time. So an account counts as
 * half-created only while it is disabled too, and gets a password only where it is about to be enabled or where the cloud does not
 * know its entry yet (no `objectGuid` in the command: no result of the creation was ever recorded).
 *
 * Who disabled an account, AD does not say; the cloud's rows do (docs/adr/who-disabled-an-account.md). `mayEnable` false: it was
 * enabled by us and the cloud has not disabled it since, or nothing is known of it. Then an account that is found disabled stays so,
 * unless it is half-created and the cloud does not know its entry: nobody can have meant to disable that one.
 *
 * Every other bit stays as it is: SMARTCARD_REQUIRED is ours with the first password only, and an administrator may clear it.
 */

export type AccountState = NonNullable<Result['account']>;
export type AccountPlan = { changes: Change[]; account: AccountState | undefined };

export type AccountContext = {
  newAccount: NewAccount;
  /** This very command brought the entry back from the recycle bin: nobody has disabled it since. */
  isBack: boolean;
};

/** What to do about the account of a live user, and whether it is enabled after that. */
export function planAccount(
  command: UserPresent,
  entry: Entry | undefined,
  { newAccount, isBack }: AccountContext,
): AccountPlan {
  const from = entry === undefined ? normalAccount | accountDisabled : entry.userAccountControl;
  if (from === undefined) return { changes: [], account: undefined };
  const isUnknownToCloud = command.objectGuid === undefined;
  // Where a smart card is required, the server has made up a password of its own.
  const hasCard = (from & smartcardRequired) !== 0;
  const hasPassword = entry !== undefined && (entry.passwordSet !== false || hasCard);
  const isHalfCreated = !hasPassword && isDisabled(from);
  const mayEnable = entry === undefined || command.mayEnable || isBack || (isHalfCreated && isUnknownToCloud);
  const enabled = command.enabled && (mayEnable || !isDisabled(from));
  // A sealed password whose result was never recorded is lost: the account gets another one.
  const isLost = newAccount === 'sealed-password' && !hasPassword && isUnknownToCloud;
  const needsPassword = entry === undefined || (isHalfCreated && (enabled || isUnknownToCloud)) || isLost;
  const firstBits = needsPassword && newAccount === 'smart-card' ? smartcardRequired : 0;
  const to = withDisabled(from, !enabled) | firstBits;
  const changes: Change[] = needsPassword ? [{ type: 'password', once: isOnce(newAccount) }] : [];
  if (from !== to) changes.push({ type: 'account-control', from, to });
  return { changes, account: enabled ? 'enabled' : command.enabled ? 'disabled-on-premises' : 'disabled' };
}

/**
 * The account of a user that left: disabled, or as it is. Of one that is kept nothing is said: the rows go on knowing who disabled it,
 * should the user return.
 */
export function planLeaverAccount(policy: 'disable' | 'keep', entry: Entry): AccountPlan {
  const from = entry.userAccountControl;
  if (from === undefined || policy === 'keep') return { changes: [], account: undefined };
  const to = withDisabled(from, true);
  return { changes: from === to ? [] : [{ type: 'account-control', from, to }], account: 'disabled' };
}

/** Whether account-control bits say that the account is disabled. */
export const isDisabled = (bits: number): boolean => (bits & accountDisabled) !== 0;

const withDisabled = (bits: number, disabled: boolean): number =>
  disabled ? bits | accountDisabled : bits & ~accountDisabled;

/** A password that somebody will read is good for one logon; `must-change` says so of a random one, too. */
const isOnce = (newAccount: NewAccount): boolean =>
  newAccount === 'must-change' || newAccount === 'sealed-password';
