import { groupAttributes } from '../domain/attributes/group-attributes.ts';
import { userAttributes } from '../domain/attributes/user-attributes.ts';
import type { CloudGroup } from '../domain/cloud-object.ts';
import { chosenGroupKind, type GroupKind, groupKind } from '../domain/group-kind.ts';
import { groupAccountNames, userAccountNames } from '../domain/names/account-name.ts';
import { commonName, groupCommonNames } from '../domain/names/common-name.ts';
import { userPrincipalNames } from '../domain/names/principal-name.ts';
import type { GroupSettings, ScopeRules, Settings, UserSettings } from '../domain/settings.ts';
import { attributeRules } from './attribute-rules.ts';
import { ConfigProblems } from './config-problems.ts';
import type { WritebackConfig } from './define-config.ts';
import { createFindings, type Findings, kindOf } from './findings.ts';
import { groupStays, leavePolicies, userStays } from './leave-policies.ts';
import { optionNames } from './option-names.ts';
import { settingsHash } from './settings-hash.ts';

const dnsName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/i;

/** The settings that a configuration means, defaults filled in. Throws ConfigProblems with everything that is wrong with it. */
export function settingsFrom(config: WritebackConfig): Settings {
  const findings = createFindings();
  const isRecord = typeof config === 'object' && config !== null && !Array.isArray(config);
  if (!isRecord) throw new ConfigProblems(['the default export must be defineConfig({ … })']);
  const given = findings.record('', config, optionNames.top);
  const { users, groups, revision } = given;
  if (revision !== undefined && typeof revision !== 'string') {
    findings.say('revision', `must be text, not ${kindOf(revision)}`);
  }
  const settings = {
    users: users === false ? (false as const) : userSettings(findings, users),
    groups: groups === false ? (false as const) : groupSettings(findings, groups),
  };
  if (findings.problems.length > 0) throw new ConfigProblems(findings.problems);
  return { ...settings, hash: settingsHash(given) };
}

function userSettings(findings: Findings, value: unknown): UserSettings {
  const given = findings.record('users', value, optionNames.users);
  const names = findings.record('users.names', given['names'], optionNames.userNames);
  const fallbackSuffix = suffix(findings, given['fallbackSuffix']);
  const { rule, flag, choice } = findings;
  return {
    scope: { ...scopeRules(findings, 'users', given), guests: flag('users.guests', given['guests'], false) },
    names: {
      cn: rule('users.names.cn', names['cn'], (user) => [commonName(user)]),
      sAMAccountName: rule('users.names.sAMAccountName', names['sAMAccountName'], userAccountNames),
      userPrincipalName: rule(
        'users.names.userPrincipalName',
        names['userPrincipalName'],
        userPrincipalNames(fallbackSuffix),
      ),
    },
    fallbackSuffix,
    attributes: attributeRules(findings, {
      path: 'users.attributes',
      value: given['attributes'],
      defaults: userAttributes,
    }),
    manager: flag('users.manager', given['manager'], true),
    photo: flag('users.photo', given['photo'], false),
    onPremisesDisable: choice(
      'users.onPremisesDisable',
      given['onPremisesDisable'],
      ['keep', 'follow-cloud'],
      'keep',
    ),
    leaving: leavePolicies(findings, { path: 'users.leaving', value: given['leaving'], stays: userStays }),
  };
}

function suffix(findings: Findings, value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && dnsName.test(value))) return value;
  findings.say('users.fallbackSuffix', 'must be a DNS name such as corp.example (without @)');
  return undefined;
}

function groupSettings(findings: Findings, value: unknown): GroupSettings {
  const given = findings.record('groups', value, optionNames.groups);
  const names = findings.record('groups.names', given['names'], optionNames.groupNames);
  const { rule, flag, choice } = findings;
  const namings = ['name-and-id', 'id', 'display-name'] as const;
  const naming = choice('groups.naming', given['naming'], namings, 'name-and-id');
  const byOwners = flag('groups.writebackConfiguration', given['writebackConfiguration'], false);
  return {
    scope: {
      ...scopeRules(findings, 'groups', given),
      roleAssignable: flag('groups.roleAssignable', given['roleAssignable'], false),
      writebackConfiguration: byOwners,
    },
    kind: kindRule(findings, given['kind'], byOwners ? chosenGroupKind : groupKind),
    names: {
      cn: rule('groups.names.cn', names['cn'], groupCommonNames[naming]),
      sAMAccountName: rule('groups.names.sAMAccountName', names['sAMAccountName'], groupAccountNames),
    },
    attributes: attributeRules(findings, {
      path: 'groups.attributes',
      value: given['attributes'],
      defaults: groupAttributes,
    }),
    hiddenMembership: choice(
      'groups.hiddenMembership',
      given['hiddenMembership'],
      ['leave-empty', 'write'],
      'leave-empty',
    ),
    leaving: leavePolicies(findings, { path: 'groups.leaving', value: given['leaving'], stays: groupStays }),
  };
}

/** The owner's rule has the last word; where it says nothing, ours decides. */
function kindRule(
  findings: Findings,
  value: unknown,
  usual: (group: CloudGroup) => GroupKind,
): GroupSettings['kind'] {
  const own = findings.rule<(group: CloudGroup) => GroupKind | undefined>('groups.kind', value, usual);
  return (group) => own(group) ?? usual(group);
}

function scopeRules<T>(
  findings: Findings,
  path: 'users' | 'groups',
  given: Readonly<Record<string, unknown>>,
): ScopeRules<T> {
  return {
    filter: findings.rule<ScopeRules<T>['filter']>(`${path}.filter`, given['filter'], undefined),
    groups: findings.ids(`${path}.groups`, given['groups']),
    nested: findings.flag(`${path}.nested`, given['nested'], true),
    deny: findings.ids(`${path}.deny`, given['deny']),
  };
}
