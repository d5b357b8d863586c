import { expect, it } from 'vitest';
import { defineConfig, type WritebackConfig } from '../../../shared/configuration/define-config.ts';
import { settingsFrom } from '../../../shared/configuration/settings-from.ts';
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
  roleAssignable: false,
};
const sid = 'S-1-5-21-1-2-3-1104';

const verdicts: [string, KnownMember, object, WritebackConfig?][] = [
  ['a cloud user', user, { key: `u:${user.id}` }],
  ['a guest', { ...user, guest: true }, { leftOut: 'guest' }],
  ['a guest, opted in', { ...user, guest: true }, { key: `u:${user.id}` }, { users: { guests: true } }],
  ['a synced user', { ...user, synced: true, sid }, { key: `s:${sid}` }],
  ['a synced user without SID', { ...user, synced: true }, { leftOut: 'no-sid' }],
  ['a formerly synced user', { ...user, sid }, { key: `u:${user.id}` }],
  ['a security group', group, { key: `g:${group.id}` }],
  [
    'a Microsoft 365 group',
    { ...group, mailEnabled: true, groupTypes: ['Unified'] },
    { key: `g:${group.id}` },
  ],
  ['a distribution group', { ...group, mailEnabled: true }, { key: `g:${group.id}` }],
  ['a synced distribution group', { ...group, mailEnabled: true, synced: true, sid }, { key: `s:${sid}` }],
  ['a role-assignable group', { ...group, roleAssignable: true }, { leftOut: 'role-assignable' }],
  [
    'a role-assignable group, opted in',
    { ...group, roleAssignable: true },
    { key: `g:${group.id}` },
    { groups: { roleAssignable: true } },
  ],
];

it.each(verdicts)('[groups.members.all] %s', (_name, member, verdict, config = {}) => {
  expect(memberVerdict(member, settingsFrom(defineConfig(config)))).toEqual(verdict);
});

const onPremisesOnly: [string, KnownMember, object][] = [
  ['a cloud user', user, { leftOut: 'not-written' }],
  ['a guest', { ...user, guest: true }, { leftOut: 'not-written' }],
  ['a synced user', { ...user, synced: true, sid }, { key: `s:${sid}` }],
  ['a cloud group', group, { key: `g:${group.id}` }],
];
it.each(onPremisesOnly)('[groups.members.on-premises-only] with users off, %s', (_name, member, verdict) => {
  expect(memberVerdict(member, settingsFrom(defineConfig({ users: false })))).toEqual(verdict);
});
