import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { guidDn } from '../../../relay/directory/codec/dn.ts';
import type { EntrySummary, Guid, Sid } from '../../../relay/ports.ts';
import { type FakeDirectory, fakeDirectory } from '../../fakes/directory.ts';
import { entry } from './windows-entries.ts';

const userClass = ['top', 'person', 'organizationalPerson', 'user'];

/** What Windows answers, and is, otherwise than Samba (reference/ad-ldap.md I), by its row. */
describe('answers as Windows gives them', () => {
  test('[windows.8] [groups.size.ranges] 1,500 memberships at a time', async () => {
    const { directory, domain } = fakeDirectory();
    const user = await directory.add(entry('user'));
    const groups = manyGroups(domain, 3_001, new Set([user.guid]));
    expect((await directory.memberOf(user.guid)).sort()).toEqual([...groups].sort());
  });

  test.each([0, 1, 1_499, 1_500, 1_501, 3_000, 4_200])(
    '[windows.8] [groups.size.ranges] %i members, 1,500 in an answer',
    async (count) => {
      const { directory, domain } = fakeDirectory();
      const group = await directory.add(entry('group'));
      const members = new Set(manyGroups(domain, count, new Set()));
      domain.entries.set(group.guid, { ...domain.find(guidDn(group.guid)), members });
      const found = (await directory.members(group.guid)).map(({ guid }) => guid);
      expect(found.sort()).toEqual([...members].sort());
    },
  );

  test('[windows.8] reports of a manager of more than 1,500', async () => {
    const { directory, domain } = fakeDirectory();
    const boss = await directory.add(entry('user'));
    for (let index = 0; index < 1_600; index++)
      domain.put({ name: `r${index}`, parent: domain.base, objectClass: userClass, manager: boss.guid });
    expect(await directory.reportsOf(boss.guid)).toHaveLength(1_600);
  });

  test('[windows.13] a referral is an error with a code, never a success', async () => {
    const { directory, domain } = fakeDirectory();
    const { guid } = await directory.add(entry('user'));
    domain.isReadOnly = true;
    const referred = { code: 'directory-refused', resultCode: 10 };
    await expect(directory.replace(guid, { title: ['x'] })).rejects.toMatchObject(referred);
    await expect(directory.add(entry('user'))).rejects.toMatchObject(referred);
    await expect(directory.remove(guid)).rejects.toMatchObject(referred);
    await expect(directory.move(guid, { cn: 'x', place: 'leavers' })).rejects.toMatchObject(referred);
    const edit = directory.editMembers(guid, { add: [guid], remove: [] });
    await expect(edit).rejects.toMatchObject(referred);
  });

  test('[windows.13] a member of another domain is there, but found by no SID', async () => {
    const { directory, domain } = fakeDirectory();
    const group = await directory.add(entry('group'));
    const abroad = { ...domain.put({ name: 'x', parent: domain.base, objectClass: userClass }) };
    domain.entries.delete(abroad.guid);
    domain.abroad.set(abroad.guid, { ...abroad, sid: domain.newSid() });
    domain.find(guidDn(group.guid)).members.add(abroad.guid);
    const [member] = await directory.members(group.guid);
    expect(member?.guid).toBe(abroad.guid);
    expect(await directory.findBySid([member?.sid ?? ('' as Sid)])).toEqual(new Map());
  });

  test('[windows.14] without msDS-ExternalDirectoryObjectId, the mark is found in adminDescription', async () => {
    const { directory } = fakeDirectory({ hasExternalId: false });
    const { guid } = await directory.add(entry('user', { attributes: { adminDescription: 'User_x' } }));
    expect((await directory.describe()).hasExternalId).toBe(false);
    expect((await directory.findByMark('User_x')).map((found) => found.guid)).toEqual([guid]);
    const written = directory.replace(guid, { 'msDS-ExternalDirectoryObjectId': ['User_x'] });
    await expect(written).rejects.toMatchObject({ code: 'schema-missing' });
  });

  test('[windows.14] [users.attributes.extension] a forest that Exchange was not in has no extension attributes', async () => {
    const { directory } = fakeDirectory({ hasExchange: false });
    expect((await directory.describe()).optionalAttributes.size).toBe(0);
    const { guid } = await directory.add(entry('user'));
    const written = directory.replace(guid, { extensionAttribute1: ['x'] });
    await expect(written).rejects.toMatchObject({ code: 'schema-missing' });
    expect((await fakeDirectory().directory.describe()).optionalAttributes.size).toBe(15);
  });

  test('[windows.15] GUIDs and SIDs are found by their bytes', async () => {
    const { directory, domain } = fakeDirectory();
    const sid = domain.newSid();
    const { guid } = domain.put({ name: 'x', parent: domain.base, objectClass: ['top', 'group'], sid });
    expect((await directory.findBySid([sid])).get(sid)?.guid).toBe(guid);
    const group = await directory.add(entry('group'));
    await directory.editMembers(group.guid, { add: [guid], remove: [] });
    expect(await directory.members(group.guid)).toEqual([expect.objectContaining({ guid, sid })]);
    const user = await directory.add(entry('user'));
    await directory.remove(user.guid);
    expect((await directory.findDeleted(user.guid))?.guid).toBe(user.guid);
  });

  test("[windows.16] leavers-missing: the leavers' OU is gone; the entry stays where it was", async () => {
    const { directory, domain } = fakeDirectory();
    await directory.describe();
    const { guid } = await directory.add(entry('user'));
    domain.entries.delete(domain.find(domain.leavers ?? '').guid);
    const moving = directory.move(guid, { cn: 'x', place: 'leavers' });
    await expect(moving).rejects.toMatchObject({ code: 'leavers-missing' });
    expect((await directory.read(guid, []))?.place).toBe('destination');
  });

  test("[windows.16] leavers-missing: no leavers' OU is configured", async () => {
    const { directory } = fakeDirectory({ leavers: false });
    expect((await directory.describe()).leavers).toBeUndefined();
    const { guid } = await directory.add(entry('user'));
    const moving = directory.move(guid, { cn: 'x', place: 'leavers' });
    await expect(moving).rejects.toMatchObject({ code: 'leavers-missing' });
    expect(await directory.findByCn('x', 'leavers')).toBeUndefined();
  });

  test('[windows.20] the twin that replication makes of a name clash is never taken for ours', async () => {
    const { directory, domain } = fakeDirectory();
    const mark = 'User_5a4b5f51-1c52-4c3a-9d7b-0a4f9d3c2b11';
    const attributes = { adminDescription: mark, 'msDS-ExternalDirectoryObjectId': mark };
    const survivor = await directory.add(entry('user', { cn: 'Ada', attributes }));
    const live = domain.find(guidDn(survivor.guid));
    const guid = randomUUID() as Guid;
    domain.put({
      ...live,
      guid,
      sid: domain.newSid(),
      name: `Ada\nCNF:${guid}`,
      values: new Map(live.values),
    });
    expect((await directory.findByMark(mark)).map((found) => found.guid)).toEqual([survivor.guid]);
    expect(await directory.read(guid, [])).toMatchObject({ guid, mark: undefined });
    const listed = (await listOf(directory)).filter((each) => each.mark === mark);
    expect(listed.map((each) => each.guid)).toEqual([survivor.guid]);
  });

  test('a page without entries is not the end', async () => {
    const { directory, domain } = fakeDirectory();
    // The fake puts an empty page with a cookie between any two.
    manyGroups(domain, 2_500, new Set());
    expect(new Set((await listOf(directory)).map(({ guid }) => guid)).size).toBe(2_500);
  });
});

function manyGroups(domain: FakeDirectory['domain'], count: number, members: Set<Guid>): Guid[] {
  return Array.from({ length: count }, (_, index) => {
    const parent = domain.destination;
    const objectClass = ['top', 'group'];
    return domain.put({ name: `g${index}`, parent, objectClass, members, sid: domain.newSid() }).guid;
  });
}

async function listOf(directory: FakeDirectory['directory']): Promise<EntrySummary[]> {
  const all: EntrySummary[] = [];
  for await (const page of directory.entries()) all.push(...page);
  return all;
}
