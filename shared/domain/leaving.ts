import type { GroupStay, LeavePolicy, UserStay } from './settings.ts';
import type { EpochMs } from './time.ts';

const dayMs = 86_400_000;

/** What a command about an object that left should say; `dueAt`: when the answer will be another. */
export type Leaving<Suspended> = { body: Suspended | { state: 'absent' }; dueAt: EpochMs | undefined };

export type SuspendedUser = { state: 'suspended'; account: 'disable' | 'keep'; place: 'stay' | 'leavers' };
export type SuspendedGroup = {
  state: 'suspended';
  kind: 'distribution' | 'keep';
  members: 'keep' | 'empty';
};

const userStays: Record<UserStay, SuspendedUser> = {
  disable: { state: 'suspended', account: 'disable', place: 'stay' },
  leavers: { state: 'suspended', account: 'disable', place: 'leavers' },
  keep: { state: 'suspended', account: 'keep', place: 'stay' },
};

const groupStays: Record<GroupStay, SuspendedGroup> = {
  convert: { state: 'suspended', kind: 'distribution', members: 'keep' },
  empty: { state: 'suspended', kind: 'distribution', members: 'empty' },
  keep: { state: 'suspended', kind: 'keep', members: 'keep' },
};

/** What becomes now of the entry of a user that left then. */
export function leaveUser(
  policy: LeavePolicy<UserStay>,
  leftAt: EpochMs,
  now: EpochMs,
): Leaving<SuspendedUser> {
  return leave(policy, userStays, { leftAt, now });
}

/** What becomes now of the entry of a group that left then. */
export function leaveGroup(
  policy: LeavePolicy<GroupStay>,
  leftAt: EpochMs,
  now: EpochMs,
): Leaving<SuspendedGroup> {
  return leave(policy, groupStays, { leftAt, now });
}

function leave<Stay extends UserStay | GroupStay, Suspended>(
  policy: LeavePolicy<Stay>,
  stays: Record<Stay, Suspended>,
  { leftAt, now }: { leftAt: EpochMs; now: EpochMs },
): Leaving<Suspended> {
  if (policy === 'delete') return { body: { state: 'absent' }, dueAt: undefined };
  if (typeof policy !== 'object') return { body: stays[policy], dueAt: undefined };
  const dueAt = (leftAt + policy.deleteAfterDays * dayMs) as EpochMs;
  if (now >= dueAt) return { body: { state: 'absent' }, dueAt: undefined };
  return { body: stays[policy.until], dueAt };
}
