import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { guidDn } from '../../../relay/directory/codec/dn.ts';
import { passwordBytes } from '../../../relay/directory/codec/password-codec.ts';
import type { Guid, NewEntry } from '../../../relay/ports.ts';
import { fakeDirectory } from '../../fakes/directory.ts';

const entry = (
  kind: 'user' | 'group',
  overrides: { cn?: string; attributes?: Record<string, string> } = {},
): NewEntry => ({
  kind,
  cn: overrides.cn ?? randomUUID(),
  attributes: {
    sAMAccountName: randomUUID().replaceAll('-', '').slice(0, 20),
    ...(kind === 'group' ? { groupType: '-2147483640' } : {}),
    ...overrides.attributes,
  },
});

/** What Windows refuses and Samba does not (reference/ad-ldap.md I), by its row: the fake stands in for Windows here. */
describe('where a green Samba test proves nothing', () => {
  test('row 1: sAMAccountName of a user has at most 20 characters, of a group 256', async () => {
    const { directory } = fakeDirectory();
    const long = { sAMAccountName: 'x'.repeat(21) };
    await expect(directory.add(entry('user', { attributes: long }))).rejects.toMatchObject({
      code: 'value-refused',
    });
    await expect(directory.add(entry('group', { attributes: long }))).resolves.toMatchObject({
      kind: 'group',
    });
  });

  test('row 2: cn has at most 64 UTF-16 units', async () => {
    const { directory } = fakeDirectory();
    await expect(directory.add(entry('user', { cn: 'x'.repeat(65) }))).rejects.toMatchObject({
      code: 'value-refused',
    });
    const { guid } = await directory.add(entry('user', { cn: 'x'.repeat(64) }));
    await expect(directory.move(guid, { cn: '😀'.repeat(33), place: 'destination' })).rejects.toMatchObject({
      code: 'value-refused',
    });
  });

  test('row 3: names that differ only by diacritics clash', async () => {
    const { directory } = fakeDirectory();
    await directory.add(entry('user', { cn: 'José Meißner', attributes: { sAMAccountName: 'müller' } }));
    await expect(directory.add(entry('user', { cn: 'Jose Meissner' }))).rejects.toMatchObject({
      code: 'name-taken',
    });
    const twin = entry('group', { attributes: { sAMAccountName: 'MULLER' } });
    await expect(directory.add(twin)).rejects.toMatchObject({ code: 'name-taken' });
  });

  test('row 4: two spellings of one proxyAddress clash', async () => {
    const { directory } = fakeDirectory();
    const { guid } = await directory.add(entry('user'));
    const twice = directory.replace(guid, { proxyAddresses: ['SMTP:a@b.example', 'smtp:A@B.example'] });
    await expect(twice).rejects.toMatchObject({ code: 'value-refused' });
  });

  test('rows 5 and 9: an account without an acceptable password cannot be enabled', async () => {
    const { directory } = fakeDirectory();
    const { guid } = await directory.add(entry('user'));
    const enable = () => directory.replace(guid, { userAccountControl: ['512'] });
    await expect(enable()).rejects.toMatchObject({ code: 'password-refused' });
    const weak = directory.replace(guid, { unicodePwd: [passwordBytes('short')] });
    await expect(weak).rejects.toMatchObject({ code: 'password-refused' });
    await directory.replace(guid, {
      unicodePwd: [passwordBytes('Long-enough-1')],
      userAccountControl: ['512'],
    });
    expect(await directory.read(guid, [])).toMatchObject({ userAccountControl: 512, passwordSet: true });
  });

  test('row 6: a member against the scope rules is refused alone', async () => {
    const { directory } = fakeDirectory();
    const universal = await directory.add(entry('group'));
    const local = await directory.add(entry('group', { attributes: { groupType: '-2147483644' } }));
    const global = await directory.add(entry('group', { attributes: { groupType: '-2147483646' } }));
    const user = await directory.add(entry('user'));
    const add = [local, global, user, universal].map(({ guid }) => guid);
    const outcome = await directory.editMembers(universal.guid, { add, remove: [] });
    expect(outcome).toEqual({
      added: 2,
      removed: 0,
      refused: [
        { guid: local.guid, code: 'member-refused' },
        { guid: universal.guid, code: 'member-refused' },
      ],
    });
    const members = (await directory.members(universal.guid)).map(({ guid }) => guid);
    expect(members.sort()).toEqual([global.guid, user.guid].sort());
  });

  test('row 6: an OU is no member', async () => {
    const { directory, domain } = fakeDirectory();
    const group = await directory.add(entry('group'));
    const { guid } = domain.find(domain.destination);
    const outcome = await directory.editMembers(group.guid, { add: [guid], remove: [] });
    expect(outcome.refused).toEqual([{ guid, code: 'member-refused' }]);
  });

  test('row 8: 1,500 members at a time, and memberships likewise', async () => {
    const { directory, domain } = fakeDirectory();
    const user = await directory.add(entry('user'));
    const groups = Array.from({ length: 3_001 }, (_, index) =>
      domain.put({
        name: `g${index}`,
        parent: domain.destination,
        objectClass: ['top', 'group'],
        members: new Set([user.guid]),
      }),
    );
    expect((await directory.memberOf(user.guid)).sort()).toEqual(groups.map(({ guid }) => guid).sort());
    const group = await directory.add(entry('group'));
    const members = new Set(groups.slice(0, 1_500).map(({ guid }) => guid));
    domain.entries.set(group.guid, { ...domain.find(guidDn(group.guid)), members });
    expect(await directory.members(group.guid)).toHaveLength(1_500);
  });

  test('row 15: GUIDs and SIDs are found by their bytes', async () => {
    const { directory, domain } = fakeDirectory();
    const sid = domain.newSid();
    const { guid } = domain.put({ name: 'x', parent: domain.base, objectClass: ['top', 'group'], sid });
    expect((await directory.findBySid([sid])).get(sid)?.guid).toBe(guid);
    const group = await directory.add(entry('group'));
    await directory.editMembers(group.guid, { add: [guid], remove: [] });
    expect(await directory.members(group.guid)).toEqual([expect.objectContaining({ guid, kind: 'group' })]);
  });

  test('row 18: one description only', async () => {
    const { directory } = fakeDirectory();
    const { guid } = await directory.add(entry('group'));
    await expect(directory.replace(guid, { description: ['a', 'b'] })).rejects.toMatchObject({
      code: 'value-refused',
    });
  });

  test('a page without entries is not the end', async () => {
    const { directory, domain } = fakeDirectory();
    // The fake puts an empty page with a cookie between any two.
    for (let index = 0; index < 2_500; index++) {
      domain.put({
        name: `g${index}`,
        parent: domain.destination,
        objectClass: ['top', 'group'],
        sid: domain.newSid(),
      });
    }
    const found = new Set<Guid>();
    for await (const page of directory.entries()) for (const { guid } of page) found.add(guid);
    expect(found.size).toBe(2_500);
  });

  test('without msDS-ExternalDirectoryObjectId in the schema, the mark is found in adminDescription', async () => {
    const { directory } = fakeDirectory({ hasExternalId: false });
    const { guid } = await directory.add(entry('user', { attributes: { adminDescription: 'User_x' } }));
    expect((await directory.describe()).hasExternalId).toBe(false);
    expect((await directory.findByMark('User_x')).map((found) => found.guid)).toEqual([guid]);
  });
});
