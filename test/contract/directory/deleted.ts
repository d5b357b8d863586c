import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { guidDn } from '../../../relay/directory/codec/dn.ts';
import { passwordBytes } from '../../../relay/directory/codec/password-codec.ts';
import type { Guid } from '../../../relay/ports.ts';
import { accountName, newGroup, newUser } from './builders.ts';
import type { Subject } from './subject.ts';

/** Deleted entries: found by GUID, brought back as who they were. */
export function describeDeleted(subject: () => Subject): void {
  describe('findDeleted', () => {
    test('finds what was deleted, with SID and owner, and with the mark where that is kept', async () => {
      const { directory, recycleBin } = subject();
      for (const built of [newUser(), newGroup()]) {
        const { guid, sid } = await directory.add(built);
        await directory.remove(guid);
        const deleted = await directory.findDeleted(guid);
        const mark = recycleBin ? built.mark : undefined;
        const owner = (await directory.describe()).account;
        expect(deleted).toEqual({
          ...{ guid, sid, owner, mark, adminCount: 0 },
          ...{ kind: built.kind, restorable: recycleBin },
        });
      }
    });

    test('finds nothing that lives or never was', async () => {
      const { directory } = subject();
      const { guid } = await directory.add(newUser());
      expect(await directory.findDeleted(guid)).toBeUndefined();
      expect(await directory.findDeleted(randomUUID() as Guid)).toBeUndefined();
    });
  });

  describe('restore', () => {
    test('[users.returning.recycle-bin] the same GUID and SID, as a child of the destination', async () => {
      const { directory } = subject();
      const user = newUser();
      const { guid, sid } = await directory.add(user);
      await directory.remove(guid);
      const cn = `Back ${accountName()}`;
      const restored = await directory.restore(guid, cn);
      expect(restored).toMatchObject({ guid, sid, kind: 'user', place: 'destination' });
      expect(restored.owner).toBe((await directory.describe()).account);
      const entry = await directory.read(guid, ['sAMAccountName']);
      expect(entry).toMatchObject({ guid, sid, cn });
      expect(entry?.attributes['sAMAccountName']).toBe(user.attributes['sAMAccountName']);
      expect(await directory.findDeleted(guid)).toBeUndefined();
    });

    test('[groups.returning] a group keeps its kind', async () => {
      const { directory } = subject();
      const group = newGroup();
      const { guid, sid } = await directory.add(group);
      await directory.remove(guid);
      await directory.restore(guid, group.cn);
      expect(await directory.read(guid, [])).toMatchObject({
        guid,
        sid,
        kind: 'group',
        groupType: -2147483640,
      });
    });

    test('with a recycle bin everything comes back, links too; without, it can be written anew', async () => {
      const { directory, recycleBin } = subject();
      const boss = await directory.add(newUser());
      const user = newUser({ attributes: { title: 'Clerk', manager: guidDn(boss.guid) } });
      const { guid } = await directory.add(user);
      const group = await directory.add(newGroup());
      await directory.editMembers(group.guid, { add: [guid], remove: [] });
      await directory.replace(guid, { unicodePwd: [passwordBytes(`Pä1-${randomUUID()}`)] });
      await directory.remove(guid);
      expect(await directory.members(group.guid)).toEqual([]);
      const { mark } = await directory.restore(guid, user.cn);
      const entry = await directory.read(guid, ['title']);
      expect({ mark, title: entry?.attributes['title'], manager: entry?.manager }).toEqual(
        recycleBin
          ? { mark: user.mark, title: 'Clerk', manager: boss.guid }
          : { mark: undefined, title: undefined, manager: undefined },
      );
      expect(await directory.memberOf(guid)).toEqual(recycleBin ? [group.guid] : []);
      await directory.replace(guid, {
        adminDescription: [user.mark],
        title: ['Boss'],
        userAccountControl: ['514'],
      });
      expect(await directory.read(guid, ['title'])).toMatchObject({
        mark: user.mark,
        attributes: { title: 'Boss' },
      });
    });

    test('name-taken: somebody has the cn meanwhile', async () => {
      const { directory } = subject();
      const user = newUser();
      const { guid } = await directory.add(user);
      await directory.remove(guid);
      await directory.add(newUser({ cn: user.cn }));
      await expect(directory.restore(guid, user.cn)).rejects.toMatchObject({ code: 'name-taken' });
      expect(await directory.restore(guid, accountName())).toMatchObject({ guid });
    });

    test('entry-missing: nothing of that GUID was deleted', async () => {
      const { directory } = subject();
      const { guid } = await directory.add(newUser());
      await expect(directory.restore(guid, accountName())).rejects.toMatchObject({ code: 'entry-missing' });
    });
  });
}
