import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { passwordBytes } from '../../../relay/directory/codec/password-codec.ts';
import { accountName, newGroup, newUser } from './builders.ts';
import type { Subject } from './subject.ts';

/** Writing entries: what is done, and by which code what is refused. */
export function describeWrites(subject: () => Subject): void {
  describe('add', () => {
    test('answers what the directory made of it', async () => {
      const { directory } = subject();
      const user = newUser();
      const added = await directory.add(user);
      expect(added).toMatchObject({
        kind: 'user',
        mark: user.mark,
        owner: (await directory.describe()).account,
      });
      expect(await directory.read(added.guid, ['sAMAccountName'])).toMatchObject({
        ...added,
        attributes: { sAMAccountName: user.attributes['sAMAccountName'] },
      });
    });

    test('[users.account.half-created] creates a disabled account without a password where nobody says more', async () => {
      const { directory } = subject();
      const user = newUser();
      delete user.attributes['userAccountControl'];
      const { guid } = await directory.add(user);
      const bare = { userAccountControl: 546, passwordSet: false };
      expect(await directory.read(guid, [])).toMatchObject(bare);
      await directory.replace(guid, {
        unicodePwd: [passwordBytes(`Pä1-${randomUUID()}`)],
        userAccountControl: ['512'],
      });
      expect(await directory.read(guid, [])).toMatchObject({ userAccountControl: 512, passwordSet: true });
    });

    test('name-taken: a sibling has the cn, in whatever case', async () => {
      const { directory } = subject();
      const user = newUser();
      await directory.add(user);
      await expect(directory.add(newUser({ cn: user.cn.toUpperCase() }))).rejects.toMatchObject({
        code: 'name-taken',
      });
    });

    test('name-taken: somebody in the domain has the sAMAccountName, be it a user or a group', async () => {
      const { directory, backstage } = subject();
      const name = accountName();
      await backstage.person(name);
      const attributes = { sAMAccountName: name.toUpperCase() };
      await expect(directory.add(newUser({ attributes }))).rejects.toMatchObject({ code: 'name-taken' });
      await expect(directory.add(newGroup({ attributes }))).rejects.toMatchObject({ code: 'name-taken' });
    });

    test('upn-taken: somebody has the userPrincipalName', async () => {
      const { directory } = subject();
      const { attributes } = newUser();
      await directory.add(
        newUser({ attributes: { userPrincipalName: attributes['userPrincipalName'] ?? '' } }),
      );
      const second = newUser({ attributes: { userPrincipalName: attributes['userPrincipalName'] ?? '' } });
      await expect(directory.add(second)).rejects.toMatchObject({ code: 'upn-taken' });
    });

    test('value-refused: a value is longer than the schema allows', async () => {
      const attributes = { givenName: 'x'.repeat(65) };
      await expect(subject().directory.add(newUser({ attributes }))).rejects.toMatchObject({
        code: 'value-refused',
      });
    });

    test('schema-missing: no such attribute', async () => {
      const attributes = { extensionAttribute99: 'x' };
      await expect(subject().directory.add(newUser({ attributes }))).rejects.toMatchObject({
        code: 'schema-missing',
      });
    });

    test('errors hold no value', async () => {
      const { directory } = subject();
      const user = newUser({ attributes: { displayName: 'Secret Name' } });
      const sAMAccountName = user.attributes['sAMAccountName'] ?? '';
      await directory.add(user);
      const taken = [newUser({ cn: user.cn }), newUser({ attributes: { sAMAccountName } })];
      for (const entry of taken) {
        const error: unknown = await directory.add(entry).catch((thrown: unknown) => thrown);
        expect(inspect(error, { depth: 9 })).toContain('name-taken');
        expect(inspect(error, { depth: 9 })).not.toMatch(
          new RegExp(`${user.cn}|${sAMAccountName}|Secret|OU=`, 'i'),
        );
      }
    });
  });

  describe('replace', () => {
    test('sets, changes and clears in one modify', async () => {
      const { directory } = subject();
      const { guid } = await directory.add(newUser({ attributes: { title: 'Clerk', department: 'Sales' } }));
      await directory.replace(guid, {
        title: ['Boss'],
        department: [],
        company: ['Contoso & Söhne'],
        mobile: [],
      });
      const entry = await directory.read(guid, ['title', 'department', 'company', 'mobile']);
      expect(entry?.attributes).toEqual({ title: 'Boss', company: 'Contoso & Söhne' });
    });

    test('applied twice equals once', async () => {
      const { directory } = subject();
      const { guid } = await directory.add(newUser());
      await directory.replace(guid, { title: ['Boss'], department: [] });
      await directory.replace(guid, { title: ['Boss'], department: [] });
      expect((await directory.read(guid, ['title', 'department']))?.attributes).toEqual({ title: 'Boss' });
    });

    test('sets a password and enables the account', async () => {
      const { directory } = subject();
      const { guid } = await directory.add(newUser());
      await directory.replace(guid, { unicodePwd: [passwordBytes(`Pä1-${randomUUID()}`)] });
      await directory.replace(guid, { userAccountControl: ['512'] });
      expect(await directory.read(guid, [])).toMatchObject({ userAccountControl: 512, passwordSet: true });
    });

    test('password-refused: the policy refuses the password', async () => {
      const { directory } = subject();
      const { guid } = await directory.add(newUser());
      const weak = directory.replace(guid, { unicodePwd: [passwordBytes('abc')] });
      await expect(weak).rejects.toMatchObject({ code: 'password-refused' });
    });

    test('changes a sAMAccountName, and refuses one that is taken', async () => {
      const { directory } = subject();
      const other = newUser();
      await directory.add(other);
      const { guid } = await directory.add(newUser());
      const free = accountName();
      await directory.replace(guid, { sAMAccountName: [free] });
      expect((await directory.read(guid, ['sAMAccountName']))?.attributes).toEqual({ sAMAccountName: free });
      const taken = directory.replace(guid, { sAMAccountName: [other.attributes['sAMAccountName'] ?? ''] });
      await expect(taken).rejects.toMatchObject({ code: 'name-taken' });
    });

    test('upn-taken: somebody has the userPrincipalName', async () => {
      const { directory } = subject();
      const other = newUser();
      await directory.add(other);
      const { guid } = await directory.add(newUser());
      const taken = directory.replace(guid, {
        userPrincipalName: [other.attributes['userPrincipalName'] ?? ''],
      });
      await expect(taken).rejects.toMatchObject({ code: 'upn-taken' });
    });

    test('turns a security group into a distribution group and back, keeping its SID', async () => {
      const { directory } = subject();
      const { guid, sid } = await directory.add(newGroup());
      await directory.replace(guid, { groupType: ['8'] });
      expect(await directory.read(guid, [])).toMatchObject({ sid, groupType: 8 });
      await directory.replace(guid, { groupType: ['-2147483640'] });
      expect(await directory.read(guid, [])).toMatchObject({ sid, groupType: -2147483640 });
    });

    test('is all or nothing', async () => {
      const { directory } = subject();
      const { guid } = await directory.add(newUser());
      const refused = directory.replace(guid, { title: ['Boss'], givenName: ['x'.repeat(65)] });
      await expect(refused).rejects.toMatchObject({ code: 'value-refused' });
      expect((await directory.read(guid, ['title']))?.attributes).toEqual({});
    });

    test('entry-missing: the entry is gone', async () => {
      const { directory } = subject();
      const { guid } = await directory.add(newUser());
      await directory.remove(guid);
      await expect(directory.replace(guid, { title: ['Boss'] })).rejects.toMatchObject({
        code: 'entry-missing',
      });
    });

    test('rights-missing: the entry lies outside the destination', async () => {
      const { directory, backstage } = subject();
      const { guid } = await backstage.person(accountName());
      await expect(directory.replace(guid, { title: ['Boss'] })).rejects.toMatchObject({
        code: 'rights-missing',
      });
    });
  });

  describe('move', () => {
    test.each(['Doe, Jane', 'ends with \\', '"quoted" + plus = equals'])(
      'keeps entry and parent: %j',
      async (cn) => {
        const { directory } = subject();
        const added = await directory.add(newUser());
        const dn = await directory.move(added.guid, { cn: cn, place: 'destination' });
        expect(await directory.read(added.guid, [])).toMatchObject({
          guid: added.guid,
          sid: added.sid,
          cn,
          dn,
        });
        expect((await directory.findByCn(cn, 'destination'))?.guid).toBe(added.guid);
        await directory.remove(added.guid);
      },
    );

    test('changes nothing but the case', async () => {
      const { directory } = subject();
      const user = newUser();
      const { guid } = await directory.add(user);
      await directory.move(guid, { cn: user.cn.toUpperCase(), place: 'destination' });
      expect((await directory.read(guid, []))?.cn).toBe(user.cn.toUpperCase());
    });

    test('name-taken: a sibling has the cn', async () => {
      const { directory } = subject();
      const sibling = newUser();
      await directory.add(sibling);
      const { guid } = await directory.add(newUser());
      await expect(directory.move(guid, { cn: sibling.cn, place: 'destination' })).rejects.toMatchObject({
        code: 'name-taken',
      });
    });

    test('entry-missing: the entry is gone', async () => {
      const { directory } = subject();
      const { guid } = await directory.add(newUser());
      await directory.remove(guid);
      await expect(directory.move(guid, { cn: accountName(), place: 'destination' })).rejects.toMatchObject({
        code: 'entry-missing',
      });
    });
  });

  describe('remove', () => {
    test('deletes the entry; again is success', async () => {
      const { directory } = subject();
      const user = newUser();
      const { guid } = await directory.add(user);
      await directory.remove(guid);
      await directory.remove(guid);
      expect(await directory.findByMark(user.mark)).toEqual([]);
      expect(await directory.findByCn(user.cn, 'destination')).toBeUndefined();
    });

    test('frees the names for another entry', async () => {
      const { directory } = subject();
      const user = newUser();
      const first = await directory.add(user);
      await directory.remove(first.guid);
      const second = await directory.add(user);
      expect(second.guid).not.toBe(first.guid);
      expect(second.sid).not.toBe(first.sid);
    });

    test('rights-missing: the entry lies outside the destination', async () => {
      const { directory, backstage } = subject();
      const { guid } = await backstage.person(accountName());
      await expect(directory.remove(guid)).rejects.toMatchObject({ code: 'rights-missing' });
    });
  });

  describe('ping', () => {
    test('resolves while the directory is there', async () => {
      await expect(subject().directory.ping()).resolves.toBeUndefined();
    });
  });
}
