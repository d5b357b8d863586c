import { expect, test } from 'vitest';
import { type KnownMember, memberVerdict } from '../../../shared/domain/members.ts';
import { idOf } from '../../fakes/cloud-objects.ts';

const user = {
  type: 'user',
  id: idOf('user', 1),
  known: true,
  synced: false,
  sid: null,
  guest: false,
} as const;
const group: Extract<KnownMember, { type: 'group' }> = {
  type: 'group',
  id: idOf('group', 1),
  known: true,
  synced: false,
  sid: null,
  mailEnabled: false,
  groupTypes: [],
};
const sid = 'S-1-5-21-1-2-3-1104';

const verdicts: [string, KnownMember, object][] = [
  ['a cloud user', user, { key: `u:${user.id}` }],
  ['a guest', { ...user, guest: true }, { leftOut: 'guest' }],
  ['a synced user', { ...user, synced: true, sid }, { key: `s:${sid}` }],
  ['a synced user without SID', { ...user, synced: true }, { leftOut: 'no-sid' }],
  ['a formerly synced user', { ...user, sid }, { key: `u:${user.id}` }],
  ['a security group', group, { key: `g:${group.id}` }],
  [
    'a Microsoft 365 group',
    { ...group, mailEnabled: true, groupTypes: ['Unified'] },
    { key: `g:${group.id}` },
  ],
  ['a distribution group', { ...group, mailEnabled: true }, { leftOut: 'mail-enabled' }],
  ['a synced distribution group', { ...group, mailEnabled: true, synced: true, sid }, { key: `s:${sid}` }],
];

test.each(verdicts)('%s', (_name, member, verdict) => {
  expect(memberVerdict(member)).toEqual(verdict);
});
