import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { sameDn } from '../../../relay/directory/codec/dn.ts';
import type { EntrySummary, Guid } from '../../../relay/ports.ts';
import { accountName, newGroup, newUser } from './builders.ts';
import type { Subject } from './subject.ts';

/** Members: differences, what is there already, what is refused alone, and groups too large for one answer. */
export function describeMembers(subject: () => Subject): void {
  const add = async (kind: 'user' | 'group'): Promise<EntrySummary> =>
    subject().directory.add(kind === 'user' ? newUser() : newGroup());
  const memberGuids = async (group: Guid): Promise<Guid[]> =>
    (await subject().directory.members(group)).map(({ guid }) => guid).sort();
  const edit = (group: Guid, addition: Guid[], removal: Guid[] = []) =>
    subject().directory.editMembers(group, { add: addition, remove: removal });

  describe('editMembers', () => {
    test('adds and removes users, groups and people from outside the destination', async () => {
      const group = await add('group');
      const [user, nested] = [await add('user'), await add('group')];
      const person = await subject().backstage.person(accountName());
      expect(await edit(group.guid, [user.guid, nested.guid])).toEqual({ added: 2, removed: 0, refused: [] });
      expect(await edit(group.guid, [person.guid], [user.guid])).toEqual({
        added: 1,
        removed: 1,
        refused: [],
      });
      expect(await memberGuids(group.guid)).toEqual([nested.guid, person.guid].sort());
    });

    test('a member already there or already gone is success, and spoils nothing', async () => {
      const group = await add('group');
      const [first, second, third] = [await add('user'), await add('user'), await add('user')];
      await edit(group.guid, [first.guid]);
      const outcome = await edit(group.guid, [first.guid, second.guid], [third.guid]);
      expect(outcome.refused).toEqual([]);
      expect(await memberGuids(group.guid)).toEqual([first.guid, second.guid].sort());
    });

    test('[groups.members.all] one that has the group as its primary group is in it already, and is not counted as added', async () => {
      const group = await add('group');
      const person = await subject().backstage.person(accountName());
      await edit(group.guid, [person.guid]);
      const rid = (group.sid ?? '').split('-').at(-1) ?? '';
      await subject().backstage.set(person.guid, 'primaryGroupID', [rid]);
      expect(await memberGuids(group.guid)).toEqual([]);
      const user = await add('user');
      expect(await edit(group.guid, [person.guid])).toEqual({ added: 0, removed: 0, refused: [] });
      expect(await edit(group.guid, [user.guid, person.guid])).toEqual({ added: 1, removed: 0, refused: [] });
      expect(await memberGuids(group.guid)).toEqual([user.guid]);
    });

    test('applied twice equals once', async () => {
      const group = await add('group');
      const [stays, goes] = [await add('user'), await add('user')];
      await edit(group.guid, [goes.guid]);
      const once = await edit(group.guid, [stays.guid], [goes.guid]);
      const twice = await edit(group.guid, [stays.guid], [goes.guid]);
      expect(once).toEqual({ added: 1, removed: 1, refused: [] });
      expect(twice).toEqual(once);
      expect(await memberGuids(group.guid)).toEqual([stays.guid]);
    });

    test('member-missing: one that does not exist is named, the others are added', async () => {
      const group = await add('group');
      const [before, gone, after] = [await add('user'), await add('user'), await add('user')];
      await subject().directory.remove(gone.guid);
      const never = randomUUID() as Guid;
      const outcome = await edit(group.guid, [before.guid, gone.guid, after.guid, never]);
      expect(outcome).toMatchObject({ added: 2, removed: 0 });
      expect(outcome.refused).toHaveLength(2);
      expect(outcome.refused).toContainEqual({ guid: gone.guid, code: 'member-missing' });
      expect(outcome.refused).toContainEqual({ guid: never, code: 'member-missing' });
      expect(await memberGuids(group.guid)).toEqual([before.guid, after.guid].sort());
    });

    test('removing one that does not exist any more is success', async () => {
      const group = await add('group');
      const [stays, gone] = [await add('user'), await add('user')];
      await edit(group.guid, [stays.guid, gone.guid]);
      await subject().directory.remove(gone.guid);
      expect(await edit(group.guid, [], [gone.guid])).toEqual({ added: 0, removed: 1, refused: [] });
      expect(await memberGuids(group.guid)).toEqual([stays.guid]);
    });

    test('the same member twice in one edit counts once', async () => {
      const group = await add('group');
      const user = await add('user');
      expect(await edit(group.guid, [user.guid, user.guid])).toMatchObject({ refused: [] });
      expect(await memberGuids(group.guid)).toEqual([user.guid]);
    });

    test('nothing to do is success', async () => {
      const group = await add('group');
      expect(await edit(group.guid, [])).toEqual({ added: 0, removed: 0, refused: [] });
    });

    test('follows a member that somebody renamed', async () => {
      const group = await add('group');
      const user = await add('user');
      await subject().backstage.rename(user.guid, accountName());
      await edit(group.guid, [user.guid]);
      expect(await memberGuids(group.guid)).toEqual([user.guid]);
    });

    test('entry-missing: the group is gone', async () => {
      const group = await add('group');
      const user = await add('user');
      await subject().directory.remove(group.guid);
      await expect(edit(group.guid, [user.guid])).rejects.toMatchObject({ code: 'entry-missing' });
    });
  });

  describe('members', () => {
    test('tells GUID, SID and DN of each, whatever it is', async () => {
      const group = await add('group');
      const [user, nested] = [await add('user'), await add('group')];
      const person = await subject().backstage.person(accountName());
      const contact = await subject().backstage.contact(accountName());
      await edit(group.guid, [user.guid, nested.guid, person.guid, contact]);
      const members = await subject().directory.members(group.guid);
      const seen = members.map(({ guid, sid }) => ({ guid, sid }));
      expect(seen).toHaveLength(4);
      expect(seen).toEqual(
        expect.arrayContaining([
          { guid: user.guid, sid: user.sid },
          { guid: nested.guid, sid: nested.sid },
          { guid: person.guid, sid: person.sid },
          { guid: contact, sid: 'S-1-0-0' },
        ]),
      );
      expect(sameDn(members.find(({ guid }) => guid === user.guid)?.dn ?? '', user.dn)).toBe(true);
    });

    test('an empty group has none', async () => {
      expect(await memberGuids((await add('group')).guid)).toEqual([]);
    });

    test('more than one answer and more than one modify can carry: 2,100 members', async () => {
      const group = await add('group');
      const crowd = await subject().backstage.crowd(`c${randomUUID().slice(0, 6)}-`, 2_100);
      expect(await edit(group.guid, crowd)).toEqual({ added: 2_100, removed: 0, refused: [] });
      expect(await memberGuids(group.guid)).toEqual([...crowd].sort());
      expect(await edit(group.guid, [], crowd.slice(10))).toEqual({ added: 0, removed: 2_090, refused: [] });
      expect(await memberGuids(group.guid)).toEqual(crowd.slice(0, 10).sort());
    });

    test('entry-missing: the group is gone', async () => {
      const group = await add('group');
      await subject().directory.remove(group.guid);
      await expect(subject().directory.members(group.guid)).rejects.toMatchObject({ code: 'entry-missing' });
    });
  });

  describe('memberOf', () => {
    test('names every group that lists the entry', async () => {
      const [one, other] = [await add('group'), await add('group')];
      const user = await add('user');
      await edit(one.guid, [user.guid]);
      await edit(other.guid, [user.guid]);
      expect((await subject().directory.memberOf(user.guid)).sort()).toEqual([one.guid, other.guid].sort());
      expect(await subject().directory.memberOf(one.guid)).toEqual([]);
    });
  });
}
