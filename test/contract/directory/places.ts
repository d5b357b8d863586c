import { describe, expect, test } from 'vitest';
import { isUnder, sameDn } from '../../../relay/directory/codec/dn.ts';
import type { EntrySummary } from '../../../relay/ports.ts';
import { accountName, newGroup, newUser } from './builders.ts';
import type { Subject } from './subject.ts';

/** Two OUs: what lies in which, and how an entry gets from one to the other. */
export function describePlaces(subject: () => Subject): void {
  describe('describe', () => {
    test("names the leavers' OU", async () => {
      const { destination, leavers } = await subject().directory.describe();
      expect(leavers).toBeDefined();
      expect(sameDn(leavers ?? '', destination)).toBe(false);
    });

    test('[users.names.suffix] knows the suffixes of the forest, in lower case', async () => {
      const { domain, upnSuffixes } = await subject().directory.describe();
      expect(upnSuffixes).toContain(domain);
      expect(upnSuffixes).toContain(subject().upnSuffix);
      expect(upnSuffixes).not.toContain('elsewhere.example');
    });

    test('[users.attributes.extension] knows which extension attributes the schema has', async () => {
      const { optionalAttributes } = await subject().directory.describe();
      const all = Array.from({ length: 15 }, (_, index) => `extensionAttribute${index + 1}`);
      expect([...optionalAttributes].sort()).toEqual(all.sort());
    });
  });

  describe('move', () => {
    test('[users.leaving.leavers-ou] [groups.members.moves] there and back: the same entry, SID and memberships', async () => {
      const { directory } = subject();
      const { leavers, destination } = await directory.describe();
      const user = newUser({ attributes: { title: 'Clerk' } });
      const added = await directory.add(user);
      const group = await directory.add(newGroup());
      await directory.editMembers(group.guid, { add: [added.guid], remove: [] });

      const dn = await directory.move(added.guid, { cn: user.cn, place: 'leavers' });
      expect(isUnder(dn, leavers ?? '')).toBe(true);
      expect(await directory.read(added.guid, ['title'])).toMatchObject({
        ...added,
        dn,
        place: 'leavers',
        attributes: { title: 'Clerk' },
      });
      expect(await directory.memberOf(added.guid)).toEqual([group.guid]);

      const back = await directory.move(added.guid, { cn: user.cn, place: 'destination' });
      expect(isUnder(back, destination)).toBe(true);
      expect(await directory.read(added.guid, [])).toMatchObject(added);
      expect(await directory.memberOf(added.guid)).toEqual([group.guid]);
    });

    test('takes a new cn along, escapes and all', async () => {
      const { directory } = subject();
      const { guid } = await directory.add(newUser());
      const cn = `Doe, Jane \\ ${accountName()} #1 `;
      await directory.move(guid, { cn, place: 'leavers' });
      expect(await directory.read(guid, [])).toMatchObject({ cn, place: 'leavers' });
      expect((await directory.findByCn(cn, 'leavers'))?.guid).toBe(guid);
      expect(await directory.findByCn(cn, 'destination')).toBeUndefined();
    });

    test('is done once: again changes nothing', async () => {
      const { directory } = subject();
      const user = newUser();
      const { guid } = await directory.add(user);
      const to = { cn: user.cn, place: 'leavers' } as const;
      expect(sameDn(await directory.move(guid, to), await directory.move(guid, to))).toBe(true);
    });

    test('renames in the place where it is', async () => {
      const { directory } = subject();
      const user = newUser();
      const { guid } = await directory.add(user);
      await directory.move(guid, { cn: user.cn, place: 'leavers' });
      const cn = accountName();
      await directory.move(guid, { cn, place: 'leavers' });
      expect(await directory.read(guid, [])).toMatchObject({ cn, place: 'leavers' });
    });

    test('name-taken: another entry has the cn there; it stays where it was', async () => {
      const { directory } = subject();
      const first = newUser();
      const there = await directory.add(first);
      await directory.move(there.guid, { cn: first.cn, place: 'leavers' });
      const { guid } = await directory.add(newUser({ cn: first.cn }));
      const moving = directory.move(guid, { cn: first.cn, place: 'leavers' });
      await expect(moving).rejects.toMatchObject({ code: 'name-taken' });
      expect((await directory.read(guid, []))?.place).toBe('destination');
    });

    test('follows an entry that somebody renamed', async () => {
      const { directory, backstage } = subject();
      const user = newUser();
      const { guid } = await directory.add(user);
      await backstage.rename(guid, accountName());
      await directory.move(guid, { cn: user.cn, place: 'leavers' });
      expect(await directory.read(guid, [])).toMatchObject({ cn: user.cn, place: 'leavers' });
    });
  });

  describe('both places', () => {
    test('entries lists each entry once, with its place', async () => {
      const { directory } = subject();
      const [stays, leaves] = [await directory.add(newUser()), await directory.add(newUser())];
      await directory.move(leaves.guid, { cn: accountName(), place: 'leavers' });
      const listed = await list(subject());
      const seen = (guid: string) => listed.filter((entry) => entry.guid === guid).map(({ place }) => place);
      expect(seen(stays.guid)).toEqual(['destination']);
      expect(seen(leaves.guid)).toEqual(['leavers']);
    });

    test('findByMark finds in either, once', async () => {
      const { directory } = subject();
      const user = newUser();
      const { guid } = await directory.add(user);
      await directory.move(guid, { cn: user.cn, place: 'leavers' });
      expect((await directory.findByMark(user.mark)).map(({ place }) => place)).toEqual(['leavers']);
    });

    test('a leaver can be written to, and removed', async () => {
      const { directory } = subject();
      const user = newUser();
      const { guid } = await directory.add(user);
      await directory.move(guid, { cn: user.cn, place: 'leavers' });
      await directory.replace(guid, { title: ['Former'] });
      expect((await directory.read(guid, ['title']))?.attributes).toEqual({ title: 'Former' });
      await directory.remove(guid);
      expect(await directory.read(guid, [])).toBeUndefined();
    });
  });
}

async function list({ directory }: Subject): Promise<EntrySummary[]> {
  const all: EntrySummary[] = [];
  for await (const page of directory.entries()) all.push(...page);
  return all;
}
