import type { UserPresent, UserSuspended } from '../../shared/contracts/command.ts';
import type { Result } from '../../shared/contracts/result.ts';
import type { Entry } from '../ports.ts';
import {
  accountDisabled,
  bareAccount,
  type Change,
  type NewAccount,
  passwordNotRequired,
  smartcardRequired,
} from './plan.ts';

/*
 * Account control and passwords.
 *
 * An account is created without a word about its control, so the directory makes it 546: disabled, no password required. One modify
 * then sets a random password and, in this order, what else belongs to it: that it must be changed, and the bits: PASSWD_NOTREQD
 * cleared, a smart card required, and, where the account is wanted enabled, ACCOUNTDISABLE cleared. One modify, so nothing between add
 * and modify can be half done, and Windows refuses to enable an account without a password anyway.
 *
 *   add, 546 without password ──✗ crash ──▶ half-created: 546 and pwdLastSet 0
 *        │                                        │ next command
 *        └──── password + 512 or 514 ◀────────────┘
 *
 * pwdLastSet 0 alone also means "must change at next logon", and disabled besides is how a help desk or an incident leaves an account:
 * PASSWD_NOTREQD tells the two apart, also where the cloud has lost what it knew. Only a half-created account gets a password.
 *
 * Who disabled an account, AD does not say; the cloud's rows do (docs/adr/who-disabled-an-account.md). `mayEnable` false: it was
 * enabled by us and the cloud has not disabled it since, or nothing is known of it. Then an account that is found disabled stays so,
 * unless it is half-created: nobody can have meant to disable that one.
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
  const from = entry === undefined ? bareAccount : entry.userAccountControl;
  if (from === undefined) return { changes: [], account: undefined };
  const needsPassword = entry === undefined || (entry.passwordSet === false && isUnfinished(from));
  const mayEnable = needsPassword || command.mayEnable || isBack;
  const enabled = command.enabled && (mayEnable || !isDisabled(from));
  const bits = needsPassword ? withFirstPassword(from, newAccount) : from;
  const to = withDisabled(bits, !enabled);
  const changes: Change[] = needsPassword ? [{ type: 'password', once: isOnce(newAccount) }] : [];
  if (from !== to) changes.push({ type: 'account-control', from, to });
  return { changes, account: enabled ? 'enabled' : command.enabled ? 'disabled-on-premises' : 'disabled' };
}

/**
 * The account of a user that left: disabled, or as it is. Of one that is kept nothing is said: the rows go on knowing who disabled it,
 * should the user return; and so they do of one that somebody on-premises had disabled before.
 */
export function planLeaverAccount(
  { account, mayEnable }: Pick<UserSuspended, 'account' | 'mayEnable'>,
  entry: Entry,
): AccountPlan {
  const from = entry.userAccountControl;
  if (from === undefined || account === 'keep') return { changes: [], account: undefined };
  if (isDisabled(from)) return { changes: [], account: mayEnable ? 'disabled' : 'disabled-on-premises' };
  return { changes: [{ type: 'account-control', from, to: withDisabled(from, true) }], account: 'disabled' };
}

/** Whether account-control bits say that the account is disabled. */
export const isDisabled = (bits: number): boolean => (bits & accountDisabled) !== 0;

/** As an account is until its first password: the bits of a bare add, whatever was added to them. */
const isUnfinished = (bits: number): boolean => isDisabled(bits) && (bits & passwordNotRequired) !== 0;

const withFirstPassword = (bits: number, newAccount: NewAccount): number =>
  (bits & ~passwordNotRequired) | (newAccount === 'smart-card' ? smartcardRequired : 0);

const withDisabled = (bits: number, disabled: boolean): number =>
  disabled ? bits | accountDisabled : bits & ~accountDisabled;

/** A password that somebody will read is good for one logon; `must-change` says so of a random one, too. */
const isOnce = (newAccount: NewAccount): boolean =>
  newAccount === 'must-change' || newAccount === 'sealed-password';
