import { beforeEach, describe, expect, it } from 'vitest';
import type { Guid, Sid } from '../../../relay/ports.ts';
import type { MemberKey } from '../../../shared/domain/member-key.ts';
import { difference, groupKey, groupPresent, idOf, slice, userKey, userPresent } from '../build-command.ts';
import { type RelayWorld, relayWorld } from '../relay-world.ts';
import { putWritten } from './list-world.ts';

let world: RelayWorld;
beforeEach(async () => {
  world = await relayWorld();
});

const membersOf = (group: string): string[] =>
  (world.see(idOf(group))?.members ?? []).map((name) => name.split('_')[0] ?? '');

/** A group born on-premises whose scope is domain local: groupType 4 with security. */
function putDomainLocalGroup(name: string): { guid: Guid; key: MemberKey } {
  const sid = world.domain.newSid();
  const { guid } = world.domain.put({
    name,
    parent: world.domain.base,
    objectClass: ['top', 'group'],
    sid,
    values: new Map([
      ['samaccountname', [name]],
      ['objectcategory', ['group']],
      ['grouptype', ['-2147483644']],
    ]),
  });
  return { guid, key: `s:${sid satisfies Sid}` as MemberKey };
}

describe('groups in groups', () => {
  beforeEach(async () => {
    for (const word of ['Anna', 'Bert']) await world.apply(userPresent(word));
    for (const word of ['One', 'Two', 'Three']) await world.apply(groupPresent(word));
  });

  it('[groups.members.cycles] may contain each other, in lists and in differences', async () => {
    await world.apply(slice('One', [groupKey('Two'), userKey('Anna')]));
    await world.apply(slice('Two', [groupKey('Three')]));
    const closing = await world.apply(difference('Three', { add: [groupKey('One'), groupKey('Two')] }));
    expect(closing).toMatchObject({ outcome: 'updated', added: 2, omitted: [] });
    expect([membersOf('One'), membersOf('Two'), membersOf('Three')]).toEqual([
      ['Anna', 'Two'],
      ['Three'],
      ['One', 'Two'],
    ]);
    await world.apply(slice('Three', [groupKey('Two')]));
    expect(membersOf('Three')).toEqual(['Two']);
  });

  it('[groups.members.cycles] a group that is listed in itself is left out and reported, the others are written', async () => {
    const result = await world.apply(slice('One', [groupKey('One'), groupKey('Two')]));
    expect(result.omitted).toEqual([{ key: groupKey('One'), code: 'member-refused' }]);
    expect(membersOf('One')).toEqual(['Two']);
  });

  it.each(['slice', 'difference'] as const)(
    '[groups.members.nesting-refused] a domain local group is left out of a universal one and reported, in a %s',
    async (type) => {
      const local = putDomainLocalGroup('local');
      const wanted = [userKey('Anna'), local.key, userKey('Bert')];
      const command = type === 'slice' ? slice('One', wanted) : difference('One', { add: wanted });
      const result = await world.apply(command);
      expect(result).toMatchObject({ outcome: 'updated', added: 2, missing: [] });
      expect(result.omitted).toEqual([{ key: local.key, code: 'member-refused' }]);
      expect(membersOf('One')).toEqual(['Anna', 'Bert']);
    },
  );

  it('[groups.members.nesting-refused] the next slices of the list are written, and the next list asks again', async () => {
    const local = putDomainLocalGroup('local');
    const first = slice('One', [groupKey('Two'), local.key], { to: 'u:', number: 0, count: 2 });
    const second = slice('One', [userKey('Anna')], { from: 'u:', to: null, number: 1, count: 2 });
    expect((await world.apply(first)).omitted).toHaveLength(1);
    expect(await world.apply(second)).toMatchObject({ added: 1, removed: 0, omitted: [] });
    expect(membersOf('One')).toEqual(['Anna', 'Two']);
    const entry = world.domain.entries.get(local.guid);
    entry?.values.set('grouptype', ['-2147483640']);
    const again = await world.apply(slice('One', [groupKey('Two'), local.key, userKey('Anna')]));
    expect(again).toMatchObject({ added: 1, omitted: [] });
    expect(membersOf('One')).toEqual(['Anna', 'Two', 'local']);
  });
});

describe('a member with two entries of ours', () => {
  let twin: Guid;
  beforeEach(async () => {
    for (const word of ['Anna', 'Bert']) await world.apply(userPresent(word));
    await world.apply(groupPresent('One'));
    await world.apply(slice('One', [userKey('Anna'), userKey('Bert')]));
    const mark = `User_${idOf('Anna')}`;
    const values = { sAMAccountName: 'twin', adminDescription: mark, 'msDS-ExternalDirectoryObjectId': mark };
    twin = world.putForeign('Twin', values).guid;
    const entry = world.domain.entries.get(twin);
    if (entry !== undefined) entry.owner = world.domain.serviceSid;
    await world.restart();
  });
  const dropTwin = () => world.domain.delete('administrator', `<GUID=${twin}>`);

  it('is left out while there are two, and comes back when one is gone', async () => {
    const add = { add: [userKey('Anna')] };
    const omitted = [{ key: userKey('Anna'), code: 'mark-ambiguous' }];
    expect(await world.apply(difference('One', add))).toMatchObject({ omitted });
    dropTwin();
    expect(await world.apply(difference('One', add))).toMatchObject({ omitted: [] });
    expect(membersOf('One')).toEqual(['Anna', 'Bert']);
  });

  it('is removed with both', async () => {
    world.entryOf(idOf('One'))?.members.add(twin);
    await world.apply(difference('One', { remove: [userKey('Anna')] }));
    expect(membersOf('One')).toEqual(['Bert']);
  });

  it('is a manager when one is gone', async () => {
    const reporting = () => world.apply(userPresent('Bert', { manager: userKey('Anna') }));
    expect((await reporting()).omitted).toEqual([{ key: userKey('Anna'), code: 'mark-ambiguous' }]);
    dropTwin();
    expect((await reporting()).omitted).toEqual([]);
    expect(world.see(idOf('Bert'))?.manager).toMatch(/^Anna/);
  });
});

describe('the same person in very many groups', () => {
  const groups = Array.from({ length: 1_600 }, (_, n) => `Group${n}`);

  it('[groups.members.thousand-groups] [groups.size.ranges] joins 1,600, and all of them are named when she leaves', async () => {
    putWritten(world, ['Anna']);
    for (const word of groups) putGroup(word);
    await world.restart();
    const joined = [];
    for (const word of groups) joined.push(await world.apply(difference(word, { add: [userKey('Anna')] })));
    expect(joined.filter(({ added }) => added === 1)).toHaveLength(1_600);
    const left = await world.apply({ ...suspension('Anna') });
    expect(left.memberOf.toSorted()).toEqual(groups.map((word) => idOf(word)).sort());
    const some = groups.slice(0, 50);
    for (const word of some) await world.apply(difference(word, { remove: [userKey('Anna')] }));
    expect(some.filter((word) => (world.entryOf(idOf(word))?.members.size ?? 0) > 0)).toEqual([]);
  });
});

/** A user who left, by the default policy. */
function suspension(word: string) {
  const { id, v, traceparent, times, cause, order } = userPresent(word);
  return {
    ...{ v, traceparent, times, cause, order, id },
    ...({
      type: 'user',
      state: 'suspended',
      account: 'disable',
      place: 'stay',
      names: 'keep',
      mayEnable: true,
    } as const),
  };
}

function putGroup(word: string): void {
  const id = idOf(word);
  world.domain.put({
    name: `${word}_${id.slice(-12)}`,
    parent: world.domain.destination,
    objectClass: ['top', 'group'],
    sid: world.domain.newSid(),
    owner: world.domain.serviceSid,
    values: new Map([
      ['samaccountname', [`g-${id.replaceAll('-', '').slice(0, 18)}`]],
      ['grouptype', ['-2147483640']],
      ['admindescription', [`Group_${id}`]],
      ['msds-externaldirectoryobjectid', [`Group_${id}`]],
    ]),
  });
}
