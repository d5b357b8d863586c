import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { guidDn } from '../../../relay/directory/codec/dn.ts';
import { passwordBytes } from '../../../relay/directory/codec/password-codec.ts';
import { connectDirectory } from '../../../relay/directory/connect-directory.ts';
import type { DurationMs } from '../../../shared/domain/time.ts';
import { fakeDirectory } from '../../fakes/directory.ts';
import { entry } from './windows-entries.ts';

const password = passwordBytes('Long-enough-1');

/** What Windows refuses and Samba does not (reference/ad-ldap.md I), by its row: the fake stands in for Windows here. */
describe('values and names that Windows refuses', () => {
  test('[windows.1] [users.names.limits] sAMAccountName of a user has at most 20 characters, of a group 256', async () => {
    const { directory } = fakeDirectory();
    const named = (kind: 'user' | 'group', length: number) =>
      directory.add(entry(kind, { attributes: { sAMAccountName: 'x'.repeat(length) } }));
    await expect(named('user', 21)).rejects.toMatchObject({ code: 'value-refused' });
    await expect(named('user', 20)).resolves.toMatchObject({ kind: 'user' });
    await expect(named('group', 257)).rejects.toMatchObject({ code: 'value-refused' });
    await expect(named('group', 256)).resolves.toMatchObject({ kind: 'group' });
  });

  test('[windows.1] a changed sAMAccountName keeps to the same limit', async () => {
    const { directory } = fakeDirectory();
    const { guid } = await directory.add(entry('user'));
    const longer = directory.replace(guid, { sAMAccountName: ['x'.repeat(21)] });
    await expect(longer).rejects.toMatchObject({ code: 'value-refused' });
  });

  test('[windows.2] [users.names.limits] cn has at most 64 UTF-16 units', async () => {
    const { directory } = fakeDirectory();
    await expect(directory.add(entry('user', { cn: 'x'.repeat(65) }))).rejects.toMatchObject({
      code: 'value-refused',
    });
    const { guid } = await directory.add(entry('user', { cn: 'x'.repeat(64) }));
    const moving = directory.move(guid, { cn: '😀'.repeat(33), place: 'destination' });
    await expect(moving).rejects.toMatchObject({ code: 'value-refused' });
  });

  test('[windows.3] [users.names.uniqueness] cn and sAMAccountName that differ only by diacritics clash', async () => {
    const { directory } = fakeDirectory();
    await directory.add(entry('user', { cn: 'José Meißner', attributes: { sAMAccountName: 'müller' } }));
    await expect(directory.add(entry('user', { cn: 'Jose Meissner' }))).rejects.toMatchObject({
      code: 'name-taken',
    });
    const twin = entry('group', { attributes: { sAMAccountName: 'MULLER' } });
    await expect(directory.add(twin)).rejects.toMatchObject({ code: 'name-taken' });
  });

  test('[windows.3] userPrincipalNames that differ only by diacritics clash, and the holder is found', async () => {
    const { directory } = fakeDirectory();
    const userPrincipalName = 'müller@contoso.example';
    const { guid } = await directory.add(entry('user', { attributes: { userPrincipalName } }));
    const twin = entry('user', { attributes: { userPrincipalName: 'MULLER@contoso.example' } });
    await expect(directory.add(twin)).rejects.toMatchObject({ code: 'upn-taken' });
    const holders = await directory.holders({ userPrincipalName: 'MULLER@contoso.example' });
    expect(holders.map((holder) => holder.guid)).toEqual([guid]);
  });

  test('[windows.4] two spellings of one proxyAddress clash', async () => {
    const { directory } = fakeDirectory();
    const { guid } = await directory.add(entry('user'));
    const twice = directory.replace(guid, { proxyAddresses: ['SMTP:a@b.example', 'smtp:A@B.example'] });
    await expect(twice).rejects.toMatchObject({ code: 'value-refused' });
  });

  test('[windows.5] [users.account.half-created] an account without a password cannot be enabled', async () => {
    const { directory } = fakeDirectory();
    const { guid } = await directory.add(entry('user'));
    const enable = () => directory.replace(guid, { userAccountControl: ['512'] });
    await expect(enable()).rejects.toMatchObject({ code: 'password-refused' });
    await directory.replace(guid, { unicodePwd: [password], userAccountControl: ['512'] });
    expect(await directory.read(guid, [])).toMatchObject({ userAccountControl: 512, passwordSet: true });
  });

  test('[windows.5] nor be created enabled', async () => {
    const { directory } = fakeDirectory();
    const enabled = directory.add(entry('user', { attributes: { userAccountControl: '512' } }));
    await expect(enabled).rejects.toMatchObject({ code: 'password-refused' });
  });

  test('[windows.9] one code of ours for what Windows and Samba number differently', async () => {
    const { directory } = fakeDirectory();
    const { guid } = await directory.add(entry('user'));
    const weak = directory.replace(guid, { unicodePwd: [passwordBytes('short')] });
    await expect(weak).rejects.toMatchObject({ code: 'password-refused', resultCode: 53 });
    const long = directory.replace(guid, { department: ['x'.repeat(65)] });
    await expect(long).rejects.toMatchObject({ code: 'value-refused', resultCode: 19 });
  });

  test('[windows.11] a password is sent over an encrypted connection only', async () => {
    const { directory, domain } = fakeDirectory();
    const { guid } = await directory.add(entry('user'));
    domain.isEncrypted = false;
    const sent = directory.replace(guid, { unicodePwd: [password] });
    await expect(sent).rejects.toMatchObject({ code: 'directory-refused' });
    const clear = connectDirectory({
      url: 'ldap://127.0.0.1',
      bindName: 'svc@wb.example',
      password: 'x',
      destination: domain.destination,
      timeoutMs: 1_000 as DurationMs,
      connections: 1,
    });
    await expect(clear.describe()).rejects.toMatchObject({ code: 'directory-untrusted' });
  });

  test('[windows.12] names that differ in their spaces are different names', async () => {
    const { directory } = fakeDirectory();
    const named = (sAMAccountName: string) =>
      directory.add(entry('group', { cn: sAMAccountName, attributes: { sAMAccountName } }));
    const [one, other] = [await named('all staff'), await named('all  staff')];
    const holders = await directory.holders({ sAMAccountName: 'all staff' });
    expect(holders.map(({ guid }) => guid)).toEqual([one.guid]);
    expect((await directory.findByCn('all  staff', 'destination'))?.guid).toBe(other.guid);
  });

  test('[windows.17] [users.names.uniqueness] an implied userPrincipalName excludes an explicit one, both ways', async () => {
    const { directory, domain } = fakeDirectory();
    const implied = entry('user', { attributes: { sAMAccountName: 'p1' } });
    const { guid } = await directory.add(implied);
    const userPrincipalName = `P1@${domain.name}`;
    const explicit = entry('user', { attributes: { userPrincipalName } });
    await expect(directory.add(explicit)).rejects.toMatchObject({ code: 'upn-taken' });
    const holders = await directory.holders({ userPrincipalName });
    expect(holders.map((holder) => holder.guid)).toEqual([guid]);
    await directory.add(entry('user', { attributes: { userPrincipalName: `p2@${domain.name}` } }));
    const sam = entry('user', { attributes: { sAMAccountName: 'p2' } });
    await expect(directory.add(sam)).rejects.toMatchObject({ code: 'upn-taken' });
    expect(await directory.holders({ sAMAccountName: 'p2' })).toHaveLength(1);
  });

  test('[windows.18] one description only, on add and later', async () => {
    const { directory } = fakeDirectory();
    const twice = entry('group', { attributes: { description: ['a', 'b'] } });
    await expect(directory.add(twice)).rejects.toMatchObject({ code: 'value-refused' });
    const { guid } = await directory.add(entry('group'));
    await expect(directory.replace(guid, { description: ['a', 'b'] })).rejects.toMatchObject({
      code: 'value-refused',
    });
  });

  test('[windows.19] [users.account.bits] three bits take an extended right; what an administrator set may stay', async () => {
    const { directory, domain } = fakeDirectory();
    const { guid } = await directory.add(entry('user'));
    await directory.replace(guid, { unicodePwd: [password], userAccountControl: ['512'] });
    const neverExpires = { userAccountControl: [`${512 + 0x10000}`] };
    await expect(directory.replace(guid, neverExpires)).rejects.toMatchObject({ code: 'rights-missing' });
    const set = { operation: 'replace', attribute: 'userAccountControl', values: ['66048'] } as const;
    domain.modify('administrator', guidDn(guid), [{ ...set, values: [...set.values] }], {
      permissive: false,
    });
    await directory.replace(guid, { userAccountControl: ['66050'] });
    expect((await directory.read(guid, []))?.userAccountControl).toBe(66050);
  });
});

describe('memberships that Windows refuses', () => {
  test('[windows.6] [groups.members.nesting-refused] a member against the scope rules is refused alone', async () => {
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

  test('[windows.6] an OU is no member', async () => {
    const { directory, domain } = fakeDirectory();
    const group = await directory.add(entry('group'));
    const { guid } = domain.find(domain.destination);
    const outcome = await directory.editMembers(group.guid, { add: [guid], remove: [] });
    expect(outcome.refused).toEqual([{ guid, code: 'member-refused' }]);
  });

  test('[windows.6] [groups.kinds.change] a change of scope may not leave an illegal nesting behind', async () => {
    const { directory } = fakeDirectory();
    const [outer, inner] = [await directory.add(entry('group')), await directory.add(entry('group'))];
    await directory.editMembers(outer.guid, { add: [inner.guid], remove: [] });
    const toLocal = directory.replace(inner.guid, { groupType: ['-2147483644'] });
    await expect(toLocal).rejects.toMatchObject({ code: 'directory-refused' });
    await directory.replace(inner.guid, { groupType: ['8'] });
    expect((await directory.read(inner.guid, []))?.groupType).toBe(8);
  });

  test('[groups.kinds.change] the primary group of an account neither loses its rights nor goes', async () => {
    const { directory, domain } = fakeDirectory();
    const group = await directory.add(entry('group'));
    const user = await directory.add(entry('user'));
    const rid = group.sid.split('-').at(-1) ?? '';
    domain.entries.get(user.guid)?.values.set('primarygroupid', [rid]);
    const convert = () => directory.replace(group.guid, { groupType: ['8'] });
    await expect(convert()).rejects.toMatchObject({ code: 'group-is-primary' });
    await expect(directory.remove(group.guid)).rejects.toMatchObject({ code: 'group-is-primary' });
    expect((await directory.read(group.guid, []))?.groupType).toBe(-2_147_483_640);
    domain.entries.get(user.guid)?.values.set('primarygroupid', ['513']);
    await convert();
    expect((await directory.read(group.guid, []))?.groupType).toBe(8);
    await directory.remove(group.guid);
  });

  test('[windows.7] no modify carries more than 5,000 values', async () => {
    const { directory, domain } = fakeDirectory();
    const objectClass = ['top', 'person', 'organizationalPerson', 'user'];
    const guids = Array.from(
      { length: 5_001 },
      (_, index) =>
        domain.put({ name: `u${index}`, parent: domain.base, objectClass, sid: domain.newSid() }).guid,
    );
    const group = await directory.add(entry('group'));
    const edit = { operation: 'add' as const, attribute: 'member', values: guids.map(guidDn) };
    const atOnce = () => domain.modify('administrator', guidDn(group.guid), [edit], { permissive: true });
    expect(atOnce).toThrow(/00002024/);
    const outcome = await directory.editMembers(group.guid, { add: guids, remove: [] });
    expect(outcome).toEqual({ added: 5_001, removed: 0, refused: [] });
    expect(await directory.members(group.guid)).toHaveLength(5_001);
  });

  test('[windows.10] one already there, or already gone, is success', async () => {
    const { directory } = fakeDirectory();
    const group = await directory.add(entry('group'));
    const [one, other, gone] = [
      await directory.add(entry('user')),
      await directory.add(entry('user')),
      await directory.add(entry('user')),
    ];
    await directory.editMembers(group.guid, { add: [one.guid], remove: [] });
    const outcome = await directory.editMembers(group.guid, {
      add: [one.guid, other.guid],
      remove: [gone.guid],
    });
    expect(outcome).toEqual({ added: 2, removed: 1, refused: [] });
    expect(await directory.members(group.guid)).toHaveLength(2);
  });
});

describe('an account that may not see deleted entries', () => {
  test('[users.returning.new-sid] finds none, and that is no error', async () => {
    const { directory } = fakeDirectory({ mayRestore: false });
    const { guid } = await directory.add(entry('user'));
    await directory.remove(guid);
    expect(await directory.findDeleted(guid)).toBeUndefined();
    await expect(directory.restore(guid, randomUUID())).rejects.toMatchObject({ code: 'entry-missing' });
  });
});

describe('what Windows does not take away', () => {
  test('[groups.members.nesting-refused] a member whose removal is refused is named, the others are removed', async () => {
    const { directory, domain } = fakeDirectory();
    const add = async (kind: 'user' | 'group') => (await directory.add(entry(kind))).guid;
    const group = await add('group');
    const [kept, ...others] = [await add('user'), await add('user'), await add('user')];
    const stranger = await add('user');
    await directory.editMembers(group, { add: [kept, ...others], remove: [] });
    domain.irremovable.add(kept);
    const outcome = await directory.editMembers(group, { add: [], remove: [kept, stranger, ...others] });
    expect(outcome).toEqual({ added: 0, removed: 3, refused: [{ guid: kept, code: 'member-refused' }] });
    expect([...(domain.entries.get(group)?.members ?? [])]).toEqual([kept]);
  });

  test('[users.leaving.hard-delete] an entry with objects below it says so, and all of it stays', async () => {
    const { directory, domain } = fakeDirectory();
    const { guid, dn } = await directory.add(entry('user'));
    const devices = domain.put({
      name: 'ExchangeActiveSyncDevices',
      parent: dn,
      objectClass: ['top', 'msExchActiveSyncDevices'],
    });
    await expect(directory.remove(guid)).rejects.toMatchObject({ code: 'entry-has-children' });
    expect([domain.entries.has(guid), domain.entries.has(devices.guid)]).toEqual([true, true]);
    domain.entries.delete(devices.guid);
    await directory.remove(guid);
    expect(domain.entries.has(guid)).toBe(false);
  });
});
