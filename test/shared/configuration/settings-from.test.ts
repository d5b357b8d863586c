import { describe, expect, it } from 'vitest';
import { ConfigProblems } from '../../../shared/configuration/config-problems.ts';
import { defaultSettings } from '../../../shared/configuration/default-settings.ts';
import { defineConfig, type WritebackConfig } from '../../../shared/configuration/define-config.ts';
import { settingsFrom } from '../../../shared/configuration/settings-from.ts';

const id = '01234567-89ab-cdef-0123-456789abcdef';

/** What is wrong with a configuration that the compiler would not have let through. */
function problemsOf(config: unknown): readonly string[] {
  try {
    settingsFrom(config as WritebackConfig);
    return [];
  } catch (error) {
    if (error instanceof ConfigProblems) return error.problems;
    throw error;
  }
}

describe('defaults', () => {
  it('[config.typed] an empty configuration needs no change', () => {
    expect(defaultSettings).toMatchObject({
      users: {
        scope: { filter: undefined, groups: [], nested: true, deny: [], guests: false },
        fallbackSuffix: undefined,
        manager: true,
        photo: false,
        onPremisesDisable: 'keep',
        leaving: { softDelete: 'disable', hardDelete: 'delete', outOfScope: 'disable' },
      },
      groups: {
        scope: { filter: undefined, groups: [], nested: true, deny: [] },
        hiddenMembership: 'leave-empty',
        leaving: { softDelete: 'convert', hardDelete: 'delete', outOfScope: 'convert' },
      },
    });
    expect(settingsFrom(defineConfig({ users: {}, groups: {} }))).toMatchObject({
      users: { photo: false },
      groups: { scope: { roleAssignable: false, writebackConfiguration: false } },
    });
  });

  it('[config.typed] the whole of it', () => {
    const config = defineConfig({
      users: {
        guests: true,
        filter: (user) => user.department !== 'Robots',
        groups: [id.toUpperCase()],
        nested: false,
        deny: [id],
        names: { sAMAccountName: (user) => user.employeeId ?? [] },
        fallbackSuffix: 'corp.example',
        attributes: {
          title: false,
          division: (user) => user.companyName,
          info: { from: (user) => user.city, when: 'creation', empty: 'keep' },
        },
        manager: false,
        photo: true,
        onPremisesDisable: 'follow-cloud',
        leaving: {
          softDelete: 'leavers',
          hardDelete: { deleteAfterDays: 30 },
          outOfScope: { deleteAfterDays: 1, until: 'keep' },
        },
      },
      groups: {
        roleAssignable: true,
        writebackConfiguration: true,
        kind: () => 'security',
        naming: 'display-name',
        hiddenMembership: 'write',
        leaving: { softDelete: 'empty', hardDelete: 'keep', outOfScope: 'delete' },
      },
      revision: '2',
    });
    expect(settingsFrom(config)).toMatchObject({
      users: {
        scope: { guests: true, groups: [id], nested: false, deny: [id] },
        fallbackSuffix: 'corp.example',
        manager: false,
        photo: true,
        onPremisesDisable: 'follow-cloud',
        leaving: {
          softDelete: 'leavers',
          hardDelete: { deleteAfterDays: 30, until: 'disable' },
          outOfScope: { deleteAfterDays: 1, until: 'keep' },
        },
        attributes: { info: { when: 'creation', empty: 'keep' } },
      },
      groups: {
        scope: { roleAssignable: true, writebackConfiguration: true },
        hiddenMembership: 'write',
        leaving: { softDelete: 'empty', hardDelete: 'keep', outOfScope: 'delete' },
      },
    });
  });

  it('[config.typed] either kind can be switched off', () => {
    expect(settingsFrom({ users: false })).toMatchObject({
      users: false,
      groups: { hiddenMembership: 'leave-empty' },
    });
    expect(settingsFrom({ groups: false })).toMatchObject({ groups: false, users: { manager: true } });
  });
});

describe('mistakes', () => {
  it('[config.validated] all are named at once, the path first', () => {
    expect(
      problemsOf({
        user: {},
        revision: 2,
        users: {
          geusts: true,
          guests: 'yes',
          filter: 'department',
          groups: [id, 'Sales'],
          deny: id,
          nested: 1,
          names: { sAMAcountName: () => [], cn: 'x' },
          fallbackSuffix: '@corp.example',
          onPremisesDisable: 'kep',
          leaving: { softdelete: 'keep', hardDelete: 'convert', outOfScope: { deleteAfterDays: 0 } },
          attributes: {
            Title: false,
            unicodePwd: () => 'x',
            servicePrincipalName: () => 'x',
            sidhistory: () => 'x',
            userAccountControl: () => '512',
            adminDescription: () => 'x',
            sAMAccountName: () => 'x',
            manager: () => 'x',
            'not a name': () => 'x',
            info: { when: 'once' },
            division: true,
            l: { form: () => 'x', from: 'city', empty: 'never' },
          },
        },
        groups: {
          naming: 'displayname',
          kind: 'security',
          attributes: { member: () => 'x', managedBy: () => 'x' },
        },
      }),
    ).toEqual([
      'user is not an option (did you mean users?)',
      'revision must be text, not a number',
      'users.geusts is not an option (did you mean guests?)',
      'users.names.sAMAcountName is not an option (did you mean sAMAccountName?)',
      'users.fallbackSuffix must be a DNS name such as corp.example (without @)',
      'users.filter must be a function, not text',
      'users.groups[1] must be an object id (a GUID, as Entra shows it)',
      'users.nested must be true or false, not a number',
      'users.deny must be a list of object ids, not text',
      'users.guests must be true or false, not text',
      'users.names.cn must be a function, not text',
      'users.attributes.Title is spelt title here',
      'users.attributes.unicodePwd is never written: write-back handles no passwords or keys from the cloud',
      'users.attributes.servicePrincipalName is never written: it gives rights that the cloud must not give',
      'users.attributes.sidhistory is never written: it gives rights that the cloud must not give',
      'users.attributes.userAccountControl is set by accountEnabled of the cloud user: leave it out',
      'users.attributes.adminDescription holds our mark: leave it out',
      'users.attributes.sAMAccountName is a name, not an attribute: use the option names',
      'users.attributes.manager is not a text: use the option users.manager',
      'users.attributes.not a name is not the name of an LDAP attribute',
      'users.attributes.info needs from: this attribute has no source by default',
      "users.attributes.info.when must be 'always' or 'creation'",
      'users.attributes.division must be false, a function or a record with from, when and empty, not true or false',
      'users.attributes.l.form is not an option (did you mean from?)',
      'users.attributes.l.from must be a function, not text',
      "users.attributes.l.empty must be 'clear' or 'keep'",
      "users.onPremisesDisable must be 'keep' or 'follow-cloud' (did you mean keep?)",
      'users.leaving.softdelete is not an option (did you mean softDelete?)',
      "users.leaving.hardDelete must be 'disable' or 'leavers' or 'keep' or 'delete'",
      'users.leaving.outOfScope.deleteAfterDays must be a whole number of days from 1 to 36500',
      "groups.naming must be 'name-and-id' or 'id' or 'display-name' (did you mean display-name?)",
      'groups.kind must be a function, not text',
      'groups.attributes.member is written from the membership of the cloud group: leave it out',
      'groups.attributes.managedBy refers to another entry, which a mapping cannot name',
    ]);
  });

  it.each([undefined, null, [], 'x', () => ({})])('[config.validated] %j is no configuration', (config) => {
    expect(problemsOf(config)).toEqual(['the default export must be defineConfig({ … })']);
  });

  it.each([
    ['half a day', { deleteAfterDays: 0.5 }],
    ['text', { deleteAfterDays: '30' }],
    ['nothing', {}],
    ['infinity', { deleteAfterDays: Number.POSITIVE_INFINITY }],
  ])('[config.validated] [users.leaving.delete-after] %s is no number of days', (_title, softDelete) => {
    expect(problemsOf({ users: { leaving: { softDelete } } })).toEqual([
      'users.leaving.softDelete.deleteAfterDays must be a whole number of days from 1 to 36500',
    ]);
  });

  it('[config.validated] the message says it all, without values', () => {
    const wrong = () =>
      settingsFrom({ users: { deny: ['secret'], photo: 'secret' } } as unknown as WritebackConfig);
    expect(wrong).toThrow(
      'writeback.config.ts is wrong:\n- users.deny[0] must be an object id (a GUID, as Entra shows it)\n- users.photo must be true or false, not text',
    );
  });
});

describe('[config.full-round] the hash', () => {
  const hash = (config: WritebackConfig) => settingsFrom(defineConfig(config)).hash;

  it('is the same for the same configuration', () => {
    const twice = [0, 1].map(() => hash({ users: { filter: (user) => user.city === 'Bern', deny: [id] } }));
    expect(twice[0]).toBe(twice[1]);
    expect(hash({ users: { photo: true, manager: false } })).toBe(
      hash({ users: { manager: false, photo: true } }),
    );
  });

  it('is another for any other', () => {
    const different = [
      {},
      { revision: '1' },
      { revision: '2' },
      { users: false as const },
      { groups: false as const },
      { users: { photo: true } },
      { users: { filter: (user: { city: string | null }) => user.city === 'Bern' } },
      { users: { filter: (user: { city: string | null }) => user.city === 'Basel' } },
      { users: { attributes: { info: { from: () => 'a', when: 'creation' as const } } } },
      { users: { attributes: { info: { from: () => 'b', when: 'creation' as const } } } },
      { users: { deny: [id] } },
      { users: { leaving: { softDelete: { deleteAfterDays: 1 } } } },
      { users: { leaving: { softDelete: { deleteAfterDays: 2 } } } },
      { groups: { naming: 'id' as const } },
    ].map(hash);
    expect(new Set(different).size).toBe(different.length);
  });
});
