import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { guidDn } from '../../../relay/directory/codec/dn.ts';
import { accountName, newUser, upn } from './builders.ts';
import type { Subject } from './subject.ts';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Values that are not one short text: several, bytes, links; and names of several candidates. */
export function describeAttributes(subject: () => Subject): void {
  describe('several values', () => {
    test('[users.attributes.phones] on add, on replace, and none', async () => {
      const { directory } = subject();
      const phones = ['+1 555 1', '+1 555 2', '+1 555 3'];
      const user = newUser();
      const { guid } = await directory.add({
        ...user,
        attributes: { ...user.attributes, otherTelephone: phones },
      });
      const read = async () => (await directory.read(guid, ['otherTelephone', 'otherMailbox']))?.lists;
      expect([...((await read())?.['otherTelephone'] ?? [])].sort()).toEqual(phones);
      await directory.replace(guid, {
        otherTelephone: ['+1 555 4'],
        otherMailbox: ['a@x.example', 'b@x.example'],
      });
      const lists = await read();
      expect(lists?.['otherTelephone']).toEqual(['+1 555 4']);
      expect([...(lists?.['otherMailbox'] ?? [])].sort()).toEqual(['a@x.example', 'b@x.example']);
      await directory.replace(guid, { otherTelephone: [], otherMailbox: [] });
      expect(await read()).toEqual({});
    });

    test('value-refused: several for an attribute that takes one', async () => {
      const { directory } = subject();
      const { guid } = await directory.add(newUser());
      const twice = directory.replace(guid, { department: ['a', 'b'] });
      await expect(twice).rejects.toMatchObject({ code: 'value-refused' });
    });
  });

  test('[users.attributes.all] every attribute of the default mapping is written and read', async () => {
    const { directory } = subject();
    const values: Record<string, string> = {
      displayName: 'Ada Lovelace',
      givenName: 'Ada',
      sn: 'Lovelace',
      title: 'Analyst',
      department: 'Engines',
      company: 'Contoso',
      division: 'Numbers',
      employeeID: '1815',
      employeeType: 'Employee',
      physicalDeliveryOfficeName: 'London 12',
      streetAddress: '12 St James’s Square\r\nLondon',
      l: 'London',
      st: 'England',
      postalCode: 'SW1Y 4JH',
      co: 'United Kingdom',
      c: 'GB',
      countryCode: '826',
      preferredLanguage: 'en-GB',
      telephoneNumber: '+44 20 1',
      mobile: '+44 7 1',
      facsimileTelephoneNumber: '+44 20 2',
      mail: 'ada@contoso.example',
      extensionAttribute1: 'one',
      extensionAttribute15: 'fifteen',
    };
    const { guid } = await directory.add(newUser({ attributes: values }));
    expect((await directory.read(guid, Object.keys(values)))?.attributes).toEqual(values);
    const none = Object.fromEntries(Object.keys(values).map((name) => [name, []]));
    await directory.replace(guid, { ...none, countryCode: ['0'] });
    expect((await directory.read(guid, Object.keys(values)))?.attributes).toEqual({ countryCode: '0' });
  });

  describe('octet strings', () => {
    test('[users.attributes.photo] bytes are kept; reading gives their digest only', async () => {
      const { directory } = subject();
      const photo = randomBytes(50_000);
      const { guid } = await directory.add(newUser());
      await directory.replace(guid, { thumbnailPhoto: [photo] });
      const entry = await directory.read(guid, ['thumbnailPhoto', 'displayName']);
      expect(entry?.digests).toEqual({ thumbnailPhoto: sha256(photo) });
      expect(Object.keys(entry?.attributes ?? {})).toEqual(['displayName']);
      const text = Buffer.from('plain text, valid UTF-8');
      await directory.replace(guid, { thumbnailPhoto: [text] });
      expect((await directory.read(guid, ['thumbnailPhoto']))?.digests).toEqual({
        thumbnailPhoto: sha256(text),
      });
      await directory.replace(guid, { thumbnailPhoto: [] });
      expect((await directory.read(guid, ['thumbnailPhoto']))?.digests).toEqual({});
    });

    test('value-refused: a photo of more than 100 KiB', async () => {
      const { directory } = subject();
      const { guid } = await directory.add(newUser());
      await directory.replace(guid, { thumbnailPhoto: [randomBytes(102_400)] });
      const larger = directory.replace(guid, { thumbnailPhoto: [randomBytes(102_401)] });
      await expect(larger).rejects.toMatchObject({ code: 'value-refused' });
    });
  });

  describe('manager', () => {
    test('[users.attributes.manager] by GUID, on add and on replace; the back-link names the reports', async () => {
      const { directory, backstage } = subject();
      const [boss, other] = [await directory.add(newUser()), await backstage.person(accountName())];
      const ada = await directory.add(newUser({ attributes: { manager: guidDn(boss.guid) } }));
      const bert = await directory.add(newUser());
      await directory.replace(bert.guid, { manager: [guidDn(boss.guid)] });
      expect((await directory.read(ada.guid, []))?.manager).toBe(boss.guid);
      expect((await directory.reportsOf(boss.guid)).sort()).toEqual([ada.guid, bert.guid].sort());
      await directory.replace(ada.guid, { manager: [guidDn(other.guid)] });
      await directory.replace(bert.guid, { manager: [] });
      expect((await directory.read(ada.guid, []))?.manager).toBe(other.guid);
      expect((await directory.read(bert.guid, []))?.manager).toBeUndefined();
      expect(await directory.reportsOf(boss.guid)).toEqual([]);
      expect(await directory.reportsOf(other.guid)).toEqual([ada.guid]);
    });

    test('goes with the entry that it names', async () => {
      const { directory } = subject();
      const boss = await directory.add(newUser());
      const { guid } = await directory.add(newUser({ attributes: { manager: guidDn(boss.guid) } }));
      await directory.remove(boss.guid);
      expect((await directory.read(guid, []))?.manager).toBeUndefined();
    });

    test('member-missing: the manager does not exist', async () => {
      const { directory } = subject();
      const { guid } = await directory.add(newUser());
      const nobody = directory.replace(guid, { manager: [guidDn(randomUUID())] });
      await expect(nobody).rejects.toMatchObject({ code: 'member-missing' });
    });
  });

  describe('holders of several names', () => {
    test('[users.names.uniqueness] one search tells who holds which candidate', async () => {
      const { directory, backstage } = subject();
      const { domain } = await directory.describe();
      const name = accountName();
      const person = await backstage.person(name);
      const user = newUser();
      const added = await directory.add(user);
      const { sAMAccountName = '', userPrincipalName = '' } = user.attributes;
      const found = await directory.holders({
        sAMAccountName: [accountName(), name.toUpperCase(), accountName()],
        userPrincipalName: [upn(), userPrincipalName, `${accountName()}@${domain}`],
      });
      expect(found.map(({ guid }) => guid).sort()).toEqual([person.guid, added.guid].sort());
      expect(found.find(({ guid }) => guid === added.guid)?.names).toEqual({
        sAMAccountName,
        userPrincipalName,
      });
      expect(found.find(({ guid }) => guid === person.guid)?.names?.sAMAccountName).toBe(name);
    });

    test('no candidate, no holder', async () => {
      expect(await subject().directory.holders({ sAMAccountName: [], userPrincipalName: [] })).toEqual([]);
    });

    test('[users.names.uniqueness] a candidate with diacritics meets the plain name', async () => {
      const { directory, backstage } = subject();
      const name = accountName();
      const person = await backstage.person(name);
      const found = await directory.holders({ sAMAccountName: name.replace('p-', 'ṕ-') });
      expect(found.map(({ guid }) => guid)).toEqual([person.guid]);
    });

    test('[users.names.swap] a name that was cleared is free at once', async () => {
      const { directory } = subject();
      const [one, other] = [newUser(), newUser()];
      const [first, second] = [await directory.add(one), await directory.add(other)];
      const wanted = one.attributes['userPrincipalName'] ?? '';
      await directory.replace(first.guid, { userPrincipalName: [], title: ['Boss'] });
      await directory.replace(first.guid, { userPrincipalName: [] });
      expect((await directory.read(first.guid, ['userPrincipalName', 'title']))?.attributes).toEqual({
        title: 'Boss',
      });
      expect(await directory.holders({ userPrincipalName: wanted })).toEqual([]);
      await directory.replace(second.guid, { userPrincipalName: [wanted] });
      const [holder] = await directory.holders({ userPrincipalName: wanted });
      expect(holder?.guid).toBe(second.guid);
    });
  });
}
