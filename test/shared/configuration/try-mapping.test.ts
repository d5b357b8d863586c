import { describe, expect, it } from 'vitest';
import { defineConfig } from '../../../shared/configuration/define-config.ts';
import { tryGroup, tryUser } from '../../../shared/configuration/try-mapping.ts';
import { lastTwelve, numbered, plain } from '../../../shared/domain/names/name-parts.ts';

/** As docs/configuration.md shows it. */
const config = defineConfig({
  users: {
    filter: (user) => user.department !== 'Robots',
    names: {
      sAMAccountName: (user) => numbered(plain(`${user.givenName ?? ''}.${user.surname ?? ''}`), user, 20),
      cn: (user) => `${plain(user.displayName)} ${lastTwelve(user)}`,
    },
    attributes: { division: (user) => user.extensionAttributes['extensionAttribute3'] },
  },
  groups: { filter: (group) => group.visibility !== 'HiddenMembership', naming: 'id' },
});

describe('[config.testable] an owner tests a mapping in two lines', () => {
  it('of a user', () => {
    const müller = tryUser(config, { displayName: 'Jürgen Müller', givenName: 'Jürgen', surname: 'Müller' });
    expect(müller.names.sAMAccountName[0]).toBe('Jurgen.Muller');
    expect(müller).toMatchObject({ scope: 'inside', enabled: true, attributes: { sn: 'Müller' } });
    expect(müller.names.cn).toEqual(['Jurgen.Muller 0123456789ab']);
    expect(müller.names.sAMAccountName).toContain('Jurgen.Muller2');
  });

  it('of one that stays outside', () => {
    expect(tryUser(config, { department: 'Robots' }).scope).toBe('outside');
    expect(tryUser(config, { onPremisesSyncEnabled: true }).scope).toBe('synced');
    const chosen = defineConfig({ users: { groups: ['01234567-89ab-cdef-0123-456789abcdef'] } });
    expect(tryUser(chosen, {}).scope).toBe('inside');
    expect(tryUser(chosen, {}, { inChosen: false }).scope).toBe('outside');
  });

  it('of a group', () => {
    const staff = tryGroup(config, { displayName: 'All Staff', mailEnabled: true, groupTypes: ['Unified'] });
    expect(staff).toMatchObject({ scope: 'inside', security: false });
    expect(staff.names.cn).toEqual(['Group_00000000-0000-4000-8000-0123456789ab']);
    expect(staff.names.sAMAccountName[0]).toBe('All-Staff');
    expect(tryGroup(config, { visibility: 'HiddenMembership' }).scope).toBe('outside');
    expect(tryGroup(config, {}, { denied: true }).scope).toBe('outside');
  });

  it('says why nothing is written', () => {
    expect(() => tryUser(defineConfig({ users: false }), {})).toThrow('users: false writes no user');
    expect(() => tryGroup(defineConfig({ groups: false }), {})).toThrow('groups: false writes no group');
    expect(() => tryUser(config, { userPrincipalName: '' })).toThrow('no usable userPrincipalName');
  });
});
