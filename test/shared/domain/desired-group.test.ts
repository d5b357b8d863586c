import { describe, expect, it } from 'vitest';
import { defineConfig, type GroupsConfig } from '../../../shared/configuration/define-config.ts';
import { settingsFrom } from '../../../shared/configuration/settings-from.ts';
import type { CloudGroup } from '../../../shared/domain/cloud-object.ts';
import { type DesiredGroup, desiredGroup } from '../../../shared/domain/desired-group.ts';
import { type ObjectId, objectIdFrom } from '../../../shared/domain/object-id.ts';
import { cloudGroup } from '../../fakes/cloud-objects.ts';

const id = objectIdFrom('01234567-89ab-cdef-0123-456789abcdef') as ObjectId;

function desired(values: Partial<CloudGroup>, groups: GroupsConfig = {}): DesiredGroup {
  const settings = settingsFrom(defineConfig({ groups }));
  if (settings.groups === false) throw new Error('groups are written');
  return desiredGroup(cloudGroup(id, values), settings.groups);
}

describe('desiredGroup', () => {
  it('[groups.naming.default] writes names, displayName, mail and the description cut at 448', () => {
    const group = { displayName: ' Staff\u0007 ', description: 'd'.repeat(500), mail: 's@c.example' };
    expect(desired(group)).toEqual({
      names: {
        cn: ['Staff_456789abcdef'],
        sAMAccountName: [
          'Staff',
          'Staff2',
          'Staff3',
          'Staff4',
          'Staff5',
          'Staff6',
          'Staff7',
          'Staff8',
          'Staff9',
          'Staff-cdef',
          'g-0123456789abcdef01',
        ],
      },
      attributes: { displayName: 'Staff', mail: 's@c.example', description: 'd'.repeat(448) },
      initial: {},
      security: true,
    });
  });

  const kinds: [string, Partial<CloudGroup>, boolean][] = [
    ['[groups.kinds.security] a security group is security', {}, true],
    ['[groups.kinds.dynamic] a dynamic one as well', { groupTypes: ['DynamicMembership'] }, true],
    ['[groups.kinds.mail-enabled] a mail-enabled security group is security', { mailEnabled: true }, true],
    [
      '[groups.kinds.distribution] a distribution group is distribution',
      { mailEnabled: true, securityEnabled: false },
      false,
    ],
    [
      '[groups.kinds.microsoft-365] a Microsoft 365 group is distribution',
      { mailEnabled: true, securityEnabled: false, groupTypes: ['Unified'] },
      false,
    ],
    [
      '[groups.kinds.microsoft-365] even where it may carry rights in the cloud',
      { mailEnabled: true, groupTypes: ['Unified', 'DynamicMembership'] },
      false,
    ],
  ];
  it.each(kinds)('%s', (_title, values, security) => {
    expect(desired(values).security).toBe(security);
  });

  it('[groups.kinds.rule] the owner decides by a rule, and may leave the rest to the default', () => {
    const groups: GroupsConfig = {
      kind: ({ displayName }) => (displayName.startsWith('Team') ? 'security' : undefined),
    };
    const unified = { mailEnabled: true, securityEnabled: false, groupTypes: ['Unified'] };
    expect(desired({ ...unified, displayName: 'Team North' }, groups).security).toBe(true);
    expect(desired({ ...unified, displayName: 'Choir' }, groups).security).toBe(false);
    expect(desired({ displayName: 'Doors' }, groups).security).toBe(true);
  });

  it.each([
    ['universalDistributionGroup', false],
    ['universalSecurityGroup', true],
    ['universalMailEnabledSecurityGroup', true],
    [null, true],
  ])('[groups.scope.writeback-configuration] %s: security is %s', (onPremisesGroupType, security) => {
    const chosen = { writeback: { isEnabled: true, onPremisesGroupType } };
    expect(desired(chosen, { writebackConfiguration: true }).security).toBe(security);
    expect(desired(chosen).security).toBe(true);
  });

  it('[groups.naming.id] Group_<id>, as Azure AD Connect', () => {
    const { names } = desired({ displayName: 'Staff' }, { naming: 'id' });
    expect(names.cn).toEqual(['Group_01234567-89ab-cdef-0123-456789abcdef']);
    expect(names.sAMAccountName[0]).toBe('Staff');
  });

  it('[groups.naming.display-name] the display name, numbered where others have it', () => {
    const { names } = desired({ displayName: 'Vertrieb & Einkauf, Süd' }, { naming: 'display-name' });
    expect(names.cn).toEqual([
      'Vertrieb & Einkauf, Süd',
      ...[2, 3, 4, 5, 6, 7, 8, 9].map((n) => `Vertrieb & Einkauf, Süd${n}`),
      'Vertrieb & Einkauf, Süd-cdef',
    ]);
    expect(names.sAMAccountName[0]).toBe('Vertrieb-Einkauf-Sud');
  });

  it('[groups.naming.display-name] a blank display name gives the name with the id', () => {
    expect(desired({ displayName: ' ' }, { naming: 'display-name' }).names.cn).toEqual(['_456789abcdef']);
  });

  it('[groups.naming.display-name] stays within 64 characters', () => {
    const { names } = desired({ displayName: 'x'.repeat(300) }, { naming: 'display-name' });
    expect(names.cn.slice(0, 2)).toEqual(['x'.repeat(64), `${'x'.repeat(63)}2`]);
    expect(names.cn.every((name) => name.length <= 64)).toBe(true);
    expect(names.sAMAccountName.every((name) => name.length <= 64)).toBe(true);
  });
});
