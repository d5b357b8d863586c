import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { sameDn } from '../../../relay/directory/codec/dn.ts';
import type { EntrySummary, Guid } from '../../../relay/ports.ts';
import { accountName, newGroup, newUser } from './builders.ts';
import type { Subject } from './subject.ts';

/** Reading entries of ours: what is found, by which anchor, and what is not. */
export function describeLookups(subject: () => Subject): void {
  describe('describe', () => {
    test('names account, domain and destination', async () => {
      const { account, domain, destination, hasExternalId } = await subject().directory.describe();
      expect(account).toMatch(/^S-1-5-21-\d+-\d+-\d+-\d+$/);
      expect(
        sameDn(
          destination
            .split(/,(?=DC=)/i)
            .slice(1)
            .join(','),
          `DC=${domain.split('.').join(',DC=')}`,
        ),
      ).toBe(true);
      expect(hasExternalId).toBe(true);
    });
  });

  describe('entries', () => {
    test('lists users and groups under the destination with mark and owner', async () => {
      const { directory } = subject();
      const user = newUser();
      const group = newGroup();
      const added = [await directory.add(user), await directory.add(group)];
      const { account } = await directory.describe();
      const listed = await list(subject());
      for (const entry of added) expect(listed).toContainEqual(entry);
      expect(added.map(({ mark, kind, owner }) => ({ mark, kind, owner }))).toEqual([
        { mark: user.mark, kind: 'user', owner: account },
        { mark: group.mark, kind: 'group', owner: account },
      ]);
    });

    test('leaves out what is neither user nor group, and what lies elsewhere', async () => {
      const { backstage } = subject();
      const contact = await backstage.contact(accountName());
      const person = await backstage.person(accountName());
      const guids = (await list(subject())).map(({ guid }) => guid);
      expect(guids).not.toContain(contact);
      expect(guids).not.toContain(person.guid);
    });

    test('tells who created an entry that is not ours', async () => {
      const { directory, backstage } = subject();
      const name = accountName();
      const stranger = await backstage.stranger(name, {
        sAMAccountName: name,
        adminDescription: newUser().mark,
      });
      const entry = (await list(subject())).find(({ guid }) => guid === stranger.guid);
      expect(entry?.owner).toBeDefined();
      expect(entry?.owner).not.toBe((await directory.describe()).account);
    });

    test('gives every entry although there are more than fit on a page', async () => {
      const { directory } = subject();
      const added = new Set<Guid>();
      // 16 lanes at a time, as the relay has them.
      await inParallel(16, 1_010, async () => {
        added.add((await directory.add(newGroup())).guid);
      });
      const listed = (await list(subject())).map(({ guid }) => guid);
      expect(new Set(listed).size).toBe(listed.length);
      expect([...added].filter((guid) => !listed.includes(guid))).toEqual([]);
    });
  });

  describe('findByMark', () => {
    test('finds the entry that carries the mark', async () => {
      const { directory } = subject();
      const user = newUser();
      const added = await directory.add(user);
      expect(await directory.findByMark(user.mark)).toEqual([added]);
    });

    test('finds nothing for a mark that nobody carries', async () => {
      expect(await subject().directory.findByMark(newUser().mark)).toEqual([]);
    });

    test('does not believe msDS-ExternalDirectoryObjectId, which an account may write on itself', async () => {
      const { directory, backstage } = subject();
      const victim = newUser();
      const attacker = await directory.add(newUser());
      await backstage.set(attacker.guid, 'msDS-ExternalDirectoryObjectId', [victim.mark]);
      expect(await directory.findByMark(victim.mark)).toEqual([]);
    });

    test('finds all that carry the mark', async () => {
      const { directory, backstage } = subject();
      const user = newUser();
      await directory.add(user);
      const name = accountName();
      const attributes = { adminDescription: user.mark, 'msDS-ExternalDirectoryObjectId': user.mark };
      await backstage.stranger(name, { sAMAccountName: name, ...attributes });
      expect(await directory.findByMark(user.mark)).toHaveLength(2);
    });

    test('gives everybody the own answer where many ask at once', async () => {
      const { directory } = subject();
      const users = Array.from({ length: 120 }, () => newUser());
      const added = await Promise.all(users.slice(0, 20).map((user) => directory.add(user)));
      const found = await Promise.all(users.map(({ mark }) => directory.findByMark(mark)));
      expect(found).toEqual(users.map((_, at) => added.slice(at, at + 1)));
    });
  });

  describe('read', () => {
    test('gives the asked attributes that are there, and the state of the account', async () => {
      const { directory } = subject();
      const user = newUser({ attributes: { displayName: 'Zoë (Ørsted) \\ *', title: 'Ingénieur' } });
      const { guid, sid } = await directory.add(user);
      const entry = await directory.read(guid, ['displayName', 'title', 'mobile']);
      expect(entry).toMatchObject({
        guid,
        sid,
        kind: 'user',
        cn: user.cn,
        mark: user.mark,
        attributes: { displayName: 'Zoë (Ørsted) \\ *', title: 'Ingénieur' },
        userAccountControl: 514,
        groupType: undefined,
        passwordSet: false,
        adminCount: 0,
      });
      expect(Object.keys(entry?.attributes ?? {})).toEqual(['displayName', 'title']);
    });

    test('gives the kind of a group as a signed number', async () => {
      const { directory } = subject();
      const { guid } = await directory.add(newGroup());
      expect(await directory.read(guid, [])).toMatchObject({
        kind: 'group',
        groupType: -2147483640,
        userAccountControl: undefined,
        passwordSet: undefined,
      });
    });

    test('follows an entry that somebody renamed', async () => {
      const { directory, backstage } = subject();
      const { guid } = await directory.add(newUser());
      const cn = `Renamed ${accountName()}`;
      await backstage.rename(guid, cn);
      expect(await directory.read(guid, [])).toMatchObject({ guid, cn });
    });

    test('does not see an entry that left the destination', async () => {
      const { directory, backstage } = subject();
      const { guid } = await directory.add(newUser());
      await backstage.moveOut(guid);
      expect(await directory.read(guid, [])).toBeUndefined();
    });

    test('does not see an entry that is gone', async () => {
      const { directory } = subject();
      const { guid } = await directory.add(newUser());
      await directory.remove(guid);
      expect(await directory.read(guid, [])).toBeUndefined();
    });
  });

  describe('markElsewhere', () => {
    test('is the mark of an entry that was moved out, and of no other', async () => {
      const { directory, backstage } = subject();
      const mark = `User_${randomUUID()}`;
      const { guid } = await directory.add(newUser({ attributes: { adminDescription: mark } }));
      expect(await directory.markElsewhere(guid)).toBeUndefined();
      await backstage.moveOut(guid);
      expect(await directory.markElsewhere(guid)).toBe(mark);
      const person = await backstage.person(accountName());
      expect(await directory.markElsewhere(person.guid)).toBeUndefined();
      expect(await directory.markElsewhere(randomUUID() as Guid)).toBeUndefined();
    });
  });
}

async function list({ directory }: Subject): Promise<EntrySummary[]> {
  const all: EntrySummary[] = [];
  for await (const page of directory.entries()) {
    expect(page.length).toBeLessThanOrEqual(1_000);
    all.push(...page);
  }
  return all;
}

async function inParallel(width: number, count: number, act: () => Promise<void>): Promise<void> {
  let left = count;
  const lane = async () => {
    while (left-- > 0) await act();
  };
  await Promise.all(Array.from({ length: width }, lane));
}
