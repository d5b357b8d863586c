import type { GroupStay, LeaveCause, LeavePolicy, UserStay } from '../domain/settings.ts';
import type { Findings } from './findings.ts';
import { kindOf } from './findings.ts';

/** The ways an entry may stay, and how it stays unless told otherwise. */
export type Stays<Stay extends string> = { choices: readonly Stay[]; usual: Stay };

export const userStays: Stays<UserStay> = { choices: ['disable', 'leavers', 'keep'], usual: 'disable' };
export const groupStays: Stays<GroupStay> = { choices: ['convert', 'keep', 'empty'], usual: 'convert' };

const causes: readonly LeaveCause[] = ['softDelete', 'hardDelete', 'outOfScope'];
/** A tombstone's life is longer than any sensible wait; Service Bus takes any date. */
const maxDays = 36_500;

/** The policy for each cause; what is not named keeps its default. */
export function leavePolicies<Stay extends UserStay | GroupStay>(
  findings: Findings,
  { path, value, stays }: { path: string; value: unknown; stays: Stays<Stay> },
): Record<LeaveCause, LeavePolicy<Stay>> {
  const given = findings.record(path, value, causes);
  const policy = (cause: LeaveCause, usual: LeavePolicy<Stay>): LeavePolicy<Stay> =>
    given[cause] === undefined
      ? usual
      : leavePolicy(findings, { path: `${path}.${cause}`, value: given[cause], stays });
  return {
    softDelete: policy('softDelete', stays.usual),
    hardDelete: policy('hardDelete', 'delete'),
    outOfScope: policy('outOfScope', stays.usual),
  };
}

function leavePolicy<Stay extends UserStay | GroupStay>(
  findings: Findings,
  { path, value, stays }: { path: string; value: unknown; stays: Stays<Stay> },
): LeavePolicy<Stay> {
  if (typeof value !== 'object' || value === null) {
    return findings.choice<Stay | 'delete'>(
      path,
      value ?? kindOf(value),
      [...stays.choices, 'delete'],
      stays.usual,
    );
  }
  const { deleteAfterDays, until } = findings.record(path, value, ['deleteAfterDays', 'until']);
  const isDays = Number.isInteger(deleteAfterDays) && Number(deleteAfterDays) >= 1;
  if (!isDays || Number(deleteAfterDays) > maxDays) {
    findings.say(`${path}.deleteAfterDays`, `must be a whole number of days from 1 to ${maxDays}`);
  }
  return {
    deleteAfterDays: Number(deleteAfterDays),
    until: findings.choice(`${path}.until`, until, stays.choices, stays.usual),
  };
}
