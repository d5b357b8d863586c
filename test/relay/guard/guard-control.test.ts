import { describe, expect, it } from 'vitest';
import { attributeRules } from '../../../relay/guard/attribute-rules.ts';
import { guardFilters, guardPlan } from '../../../relay/guard/guard-plan.ts';
import type { Change, Plan } from '../../../relay/plan/plan.ts';
import type { Entry } from '../../../relay/ports.ts';
import { idOf } from '../build-command.ts';

/** What a plan for an account must not do to its control, whoever made the plan. */
const isLetThrough = (...changes: Change[]): boolean => isLetThroughFor(undefined, ...changes);

const isLetThroughFor = (passwordSet: boolean | undefined, ...changes: Change[]): boolean => {
  const settings = { isOurs: () => true, rules: attributeRules([]), newAccount: 'random-password' as const };
  const mark = `User_${idOf('Anna')}`;
  const entry = { kind: 'user', mark, adminCount: 0, passwordSet } as Entry;
  const plan: Plan = { kind: 'user', mark, entry, changes };
  try {
    guardPlan(plan, guardFilters(settings));
    return true;
  } catch {
    return false;
  }
};
const control = (from: number, to: number): Change => ({ type: 'account-control', from, to });
const password: Change = { type: 'password', once: false };

describe('account control', () => {
  it('[users.account.half-created] "no password required" is cleared, and only together with a first password', () => {
    expect(isLetThrough(password, control(546, 512))).toBe(true);
    expect(isLetThrough(password, control(546, 514))).toBe(true);
    expect(isLetThrough(control(546, 514))).toBe(false);
    expect(isLetThrough(control(546, 512))).toBe(false);
  });

  it('[users.account.half-created] an account of which none is required is enabled only where it is known to have a password', () => {
    const told = [true, false, undefined].map((passwordSet) =>
      isLetThroughFor(passwordSet, control(546, 544)),
    );
    expect(told).toEqual([true, false, false]);
    expect(isLetThroughFor(undefined, control(514, 512))).toBe(true);
    expect(isLetThroughFor(undefined, control(544, 546))).toBe(true);
  });

  it('[users.account.bits] "no password required" is never set', () => {
    expect(isLetThrough(control(512, 544))).toBe(false);
    expect(isLetThrough(password, control(512, 544))).toBe(false);
    expect(isLetThrough(password, control(514, 546))).toBe(false);
  });

  it('[users.account.bits] is no attribute of a new account: the directory knows how one begins', () => {
    const creation = (attributes: Record<string, string>): Change => {
      return { type: 'create', kind: 'user', cn: 'Anna', attributes };
    };
    expect(isLetThrough(creation({ displayName: 'Anna' }))).toBe(true);
    for (const userAccountControl of ['512', '514', '544', '546'])
      expect(isLetThrough(creation({ userAccountControl }))).toBe(false);
  });
});
