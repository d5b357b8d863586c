import { describe, expect, it } from 'vitest';
import { defineConfig, type WritebackConfig } from '../../../shared/configuration/define-config.ts';
import { settingsFrom } from '../../../shared/configuration/settings-from.ts';
import type { CloudGroup, CloudUser } from '../../../shared/domain/cloud-object.ts';
import { groupScope, isRestricted, needsFacts, userScope } from '../../../shared/domain/scope.ts';
import { cloudGroup, cloudUser, idOf } from '../../fakes/cloud-objects.ts';

const settingsOf = (config: WritebackConfig) => settingsFrom(defineConfig(config));
const user = (values: Partial<CloudUser>) => cloudUser(idOf('user', 1), values);
const group = (values: Partial<CloudGroup>) => cloudGroup(idOf('group', 1), values);
const chosen = idOf('group', 9);

describe('userScope', () => {
  const users: [string, Partial<CloudUser>, string, WritebackConfig?][] = [
    ['[users.scope.cloud-born] a member', { userType: 'Member' }, 'inside'],
    ['[users.scope.cloud-born] one that was synced once', { onPremisesSyncEnabled: false }, 'inside'],
    ['[users.scope.cloud-born] one without userType', { userType: null }, 'inside'],
    ['[users.scope.guests] a guest', { userType: 'Guest' }, 'outside'],
    ['[users.scope.guests] a guest, opted in', { userType: 'Guest' }, 'inside', { users: { guests: true } }],
    ['[users.scope.synced] a synced one', { onPremisesSyncEnabled: true }, 'synced'],
    [
      '[users.scope.synced] a synced one, whatever the options',
      { onPremisesSyncEnabled: true, userType: 'Guest' },
      'synced',
      { users: false },
    ],
    ['[users.scope.cloud-born] anyone, with users off', {}, 'outside', { users: false }],
    [
      '[users.scope.filter] one that the filter takes',
      { department: 'Sales' },
      'inside',
      { users: { filter: ({ department }) => department === 'Sales' } },
    ],
    [
      '[users.scope.filter] one that it leaves',
      { department: 'Robots' },
      'outside',
      { users: { filter: ({ department }) => department === 'Sales' } },
    ],
  ];
  it.each(users)('%s', (_title, values, scope, config = {}) => {
    expect(userScope(user(values), settingsOf(config))).toBe(scope);
  });

  it('[users.scope.groups] [users.scope.deny] memberships decide where they are known', () => {
    const settings = settingsOf({ users: { groups: [chosen] } });
    expect(userScope(user({}), settings, { inChosen: true, denied: false })).toBe('inside');
    expect(userScope(user({}), settings, { inChosen: false, denied: false })).toBe('outside');
    expect(userScope(user({}), settings, { inChosen: true, denied: true })).toBe('outside');
    expect(userScope(user({ onPremisesSyncEnabled: true }), settings, { inChosen: true, denied: true })).toBe(
      'synced',
    );
  });

  it('[config.throws] a filter that fails names its place and the class of the error, not its words', () => {
    const throwing = settingsOf({
      users: {
        filter: (one) => {
          throw new RangeError(`secret of ${one.userPrincipalName}`);
        },
      },
    });
    expect(() => userScope(user({}), throwing)).toThrow(/^users\.filter threw RangeError$/);
    const silent = settingsOf({ users: { filter: (() => undefined) as unknown as () => boolean } });
    expect(() => userScope(user({}), silent)).toThrow('users.filter gave undefined, not a boolean');
  });

  it('[config.throws] an async filter is refused, and its rejection harms nobody', async () => {
    const late = async () => Promise.reject(new Error('late'));
    const settings = settingsOf({ users: { filter: late as unknown as () => boolean } });
    expect(() => userScope(user({}), settings)).toThrow('users.filter is async: it must answer at once');
    // An unhandled rejection would be reported by the end of this turn, and fail the run.
    await new Promise((resolve) => setImmediate(resolve));
  });
});

describe('groupScope', () => {
  const groups: [string, Partial<CloudGroup>, string, WritebackConfig?][] = [
    ['[groups.kinds.security] a security group', {}, 'inside'],
    ['[groups.kinds.dynamic] a dynamic group', { groupTypes: ['DynamicMembership'] }, 'inside'],
    [
      '[groups.kinds.microsoft-365] a Microsoft 365 group',
      { groupTypes: ['Unified'], mailEnabled: true },
      'inside',
    ],
    ['[groups.kinds.mail-enabled] a mail-enabled security group', { mailEnabled: true }, 'inside'],
    [
      '[groups.kinds.distribution] a distribution group',
      { mailEnabled: true, securityEnabled: false },
      'inside',
    ],
    [
      '[groups.scope.rules] a synced group',
      { onPremisesSyncEnabled: true, isAssignableToRole: true },
      'synced',
      { groups: false },
    ],
    ['[groups.scope.rules] any group, with groups off', {}, 'outside', { groups: false }],
    ['[groups.kinds.role-assignable] a role-assignable group', { isAssignableToRole: true }, 'outside'],
    [
      '[groups.kinds.role-assignable] a role-assignable group, opted in',
      { isAssignableToRole: true },
      'inside',
      { groups: { roleAssignable: true } },
    ],
    [
      '[groups.scope.rules] one that the filter leaves',
      { displayName: 'Test' },
      'outside',
      { groups: { filter: ({ displayName }) => displayName !== 'Test' } },
    ],
    [
      '[groups.scope.writeback-configuration] one that its owner switched off',
      { writeback: { isEnabled: false, onPremisesGroupType: null } },
      'outside',
      { groups: { writebackConfiguration: true } },
    ],
    [
      '[groups.scope.writeback-configuration] one that its owner said nothing about',
      { writeback: { isEnabled: null, onPremisesGroupType: null } },
      'inside',
      { groups: { writebackConfiguration: true } },
    ],
    [
      '[groups.scope.writeback-configuration] switched off, but the choice does not count',
      { writeback: { isEnabled: false, onPremisesGroupType: null } },
      'inside',
    ],
  ];
  it.each(groups)('%s', (_title, values, scope, config = {}) => {
    expect(groupScope(group(values), settingsOf(config))).toBe(scope);
  });

  it('[groups.scope.rules] memberships decide where they are known', () => {
    const settings = settingsOf({ groups: { groups: [chosen] } });
    expect(groupScope(group({}), settings, { inChosen: false, denied: false })).toBe('outside');
    expect(groupScope(group({}), settings, { inChosen: true, denied: true })).toBe('outside');
  });
});

it('facts are needed for chosen groups and the deny list; anything beyond properties of a member restricts', () => {
  const rules = { groups: [], deny: [] };
  expect(needsFacts(rules)).toBe(false);
  expect(needsFacts({ ...rules, groups: [chosen] })).toBe(true);
  expect(needsFacts({ ...rules, deny: [chosen] })).toBe(true);
  const restricted = (config: WritebackConfig) =>
    (['user', 'group'] as const).filter((kind) => isRestricted(settingsOf(config), kind));
  expect(restricted({})).toEqual([]);
  expect(restricted({ users: false, groups: false })).toEqual([]);
  expect(restricted({ users: { guests: true }, groups: { roleAssignable: true } })).toEqual([]);
  expect(restricted({ users: { deny: [chosen] } })).toEqual(['user']);
  expect(restricted({ users: { filter: () => true }, groups: { groups: [chosen] } })).toEqual([
    'user',
    'group',
  ]);
  expect(restricted({ groups: { writebackConfiguration: true } })).toEqual(['group']);
});
