import { expect, it } from 'vitest';
import { leaveGroup, leaveUser } from '../../../shared/domain/leaving.ts';
import type { GroupStay, LeavePolicy, UserStay } from '../../../shared/domain/settings.ts';
import { epochMs } from '../../../shared/domain/time.ts';

const leftAt = epochMs(1_000_000);
const day = 86_400_000;

const users: [string, LeavePolicy<UserStay>, object][] = [
  [
    '[users.leaving.soft-delete] of a user, disable',
    'disable',
    { state: 'suspended', account: 'disable', place: 'stay' },
  ],
  [
    '[users.leaving.leavers-ou] of a user, leavers',
    'leavers',
    { state: 'suspended', account: 'disable', place: 'leavers' },
  ],
  ['[users.leaving.keep] of a user, keep', 'keep', { state: 'suspended', account: 'keep', place: 'stay' }],
  ['[users.leaving.hard-delete] of a user, delete', 'delete', { state: 'absent' }],
];
it.each(users)('%s', (_title, policy, body) => {
  expect(leaveUser(policy, leftAt, epochMs(leftAt + 1_000 * day))).toEqual({ body, dueAt: undefined });
});

const groups: [LeavePolicy<GroupStay>, object][] = [
  ['convert', { state: 'suspended', kind: 'distribution', members: 'keep' }],
  ['keep', { state: 'suspended', kind: 'keep', members: 'keep' }],
  ['empty', { state: 'suspended', kind: 'distribution', members: 'empty' }],
  ['delete', { state: 'absent' }],
];
it.each(groups)('[groups.leaving] of a group, %j', (policy, body) => {
  expect(leaveGroup(policy, leftAt, leftAt)).toEqual({ body, dueAt: undefined });
});

it('[users.leaving.delete-after] stays until its day, says when, and is gone from then on', () => {
  const policy = { deleteAfterDays: 30, until: 'leavers' } as const;
  const dueAt = leftAt + 30 * day;
  const stays = { body: { state: 'suspended', account: 'disable', place: 'leavers' }, dueAt };
  expect(leaveUser(policy, leftAt, leftAt)).toEqual(stays);
  expect(leaveUser(policy, leftAt, epochMs(dueAt - 1))).toEqual(stays);
  expect(leaveUser(policy, leftAt, epochMs(dueAt))).toEqual({ body: { state: 'absent' }, dueAt: undefined });
  expect(leaveGroup({ deleteAfterDays: 1, until: 'empty' }, leftAt, leftAt)).toEqual({
    body: { state: 'suspended', kind: 'distribution', members: 'empty' },
    dueAt: leftAt + day,
  });
});
