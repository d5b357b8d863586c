import { describe, expect, test } from 'vitest';
import type { Guid, Sid, WantedNames } from '../../../relay/ports.ts';
import { accountName, newGroup, newUser, upn } from './builders.ts';
import type { Subject } from './subject.ts';

/** Who has a name or a SID, ours or not, anywhere in the domain. */
export function describeHolders(subject: () => Subject): void {
  describe('findByCn', () => {
    test.each([
      'Doe, Jane',
      'a+b=c',
      '#tag "x" <y>; \\z',
      'trailing\\',
      ' leading and trailing ',
      'Жанна 名前',
    ])('finds the child named %j', async (name) => {
      const { directory } = subject();
      const cn = `${name}`;
      const added = await directory.add(newUser({ cn }));
      expect(await directory.findByCn(cn, 'destination')).toEqual(added);
      expect((await directory.read(added.guid, []))?.cn).toBe(cn);
      await directory.remove(added.guid);
    });

    test('finds without regard to case, and nothing where there is nothing', async () => {
      const { directory } = subject();
      const user = newUser();
      const added = await directory.add(user);
      expect(await directory.findByCn(user.cn.toUpperCase(), 'destination')).toEqual(added);
      expect(await directory.findByCn(accountName(), 'destination')).toBeUndefined();
    });

    test('shows a contact that has the name, never as one of ours', async () => {
      const { directory, backstage } = subject();
      const cn = accountName();
      const guid = await backstage.contact(cn);
      await backstage.set(guid, 'adminDescription', [newUser().mark]);
      expect(await directory.findByCn(cn, 'destination')).toMatchObject({ guid, mark: undefined });
    });
  });

  describe('holders', () => {
    test('finds who has the name, anywhere in the domain', async () => {
      const { directory, backstage } = subject();
      const name = accountName();
      const person = await backstage.person(name);
      const user = newUser();
      const added = await directory.add(user);
      const userPrincipalName = user.attributes['userPrincipalName'] ?? '';
      expect(await guidsOf(directory.holders({ sAMAccountName: name.toUpperCase() }))).toEqual([person.guid]);
      expect(await guidsOf(directory.holders({ userPrincipalName }))).toEqual([added.guid]);
      const both = await guidsOf(directory.holders({ userPrincipalName, sAMAccountName: name }));
      expect(both.sort()).toEqual([person.guid, added.guid].sort());
    });

    test('counts the implicit userPrincipalName of an account', async () => {
      const { directory, backstage } = subject();
      const { domain } = await directory.describe();
      const name = accountName();
      const person = await backstage.person(name);
      expect(await guidsOf(directory.holders({ userPrincipalName: `${name}@${domain}` }))).toEqual([
        person.guid,
      ]);
    });

    test('gives everybody the own answer where many ask at once, implicit names included', async () => {
      const { directory } = subject();
      const { domain } = await directory.describe();
      const users = Array.from({ length: 60 }, () => newUser());
      const added = await Promise.all(users.slice(0, 20).map((user) => directory.add(user)));
      const guids = added.map(({ guid }) => guid);
      const ask = (names: WantedNames) => guidsOf(directory.holders(names));
      const wanted = users.map(({ attributes }) => attributes['sAMAccountName'] ?? '');
      const [byAccountName, byImplied] = await Promise.all([
        Promise.all(wanted.map((name) => ask({ sAMAccountName: name.toUpperCase() }))),
        Promise.all(wanted.map((name) => ask({ userPrincipalName: `${name}@${domain}` }))),
      ]);
      expect(byAccountName).toEqual(users.map((_, at) => guids.slice(at, at + 1)));
      expect(byImplied).toEqual(byAccountName);
    });

    test('finds nobody where the name is free', async () => {
      expect(
        await subject().directory.holders({ userPrincipalName: upn(), sAMAccountName: accountName() }),
      ).toEqual([]);
    });
  });

  describe('findBySid', () => {
    test('finds users and groups of the domain, and leaves unknown ones out', async () => {
      const { directory, backstage } = subject();
      const person = await backstage.person(accountName());
      const group = await directory.add(newGroup());
      const unknown = person.sid.replace(/\d+$/, '999999999') as Sid;
      const found = await directory.findBySid([person.sid, group.sid, unknown]);
      expect([...found.keys()].sort()).toEqual([person.sid, group.sid].sort());
      expect(found.get(person.sid)).toMatchObject({ guid: person.guid, kind: 'user', adminCount: 0 });
      expect(found.get(group.sid)).toMatchObject({ guid: group.guid, kind: 'group' });
    });

    test('shows who is protected', async () => {
      const { directory, backstage } = subject();
      const person = await backstage.person(accountName());
      await backstage.set(person.guid, 'adminCount', ['1']);
      expect((await directory.findBySid([person.sid])).get(person.sid)?.adminCount).toBe(1);
    });
  });
}

const guidsOf = async (found: Promise<{ guid: Guid }[]>): Promise<Guid[]> =>
  (await found).map(({ guid }) => guid);
