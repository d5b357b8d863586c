import { beforeEach, describe, expect, it } from 'vitest';
import { currentMembers } from '../../../relay/apply/current-members.ts';
import type { Guid } from '../../../relay/ports.ts';
import type { MemberKey } from '../../../shared/domain/member-key.ts';
import { difference, groupPresent, idOf, slice, userBare, userKey, userPresent } from '../build-command.ts';
import { type RelayWorld, relayWorld } from '../relay-world.ts';
import { countedRelay, listInSlices, listOf, peopleIn, putWritten, sum, words } from './list-world.ts';

let world: RelayWorld;
beforeEach(async () => {
  world = await relayWorld();
  await world.apply(groupPresent('Team'));
});

const guidOf = (word: string): Guid => world.entryOf(idOf(word))?.guid ?? ('none' as Guid);
const membersOfTeam = () => world.entryOf(idOf('Team'))?.members ?? new Set<Guid>();

describe('a complete list in slices', () => {
  it('[groups.size.5000] [groups.size.ranges] fills a group of 5,000, of which a read gives 1,500 at a time; again it changes nothing', async () => {
    const people = words(5_000);
    putWritten(world, people);
    const relay = countedRelay(world.workplace);
    const filled = await relay.apply(listOf('Team', people.map(userKey)));
    expect(filled.map(({ outcome }) => outcome)).toEqual(Array(5).fill('updated'));
    expect(peopleIn(world, 'Team')).toEqual(people.toSorted());
    expect((await currentMembers(guidOf('Team'), world.workplace)).size).toBe(5_000);
    const again = await relay.apply(listOf('Team', people.map(userKey)));
    expect(again.map(({ outcome }) => outcome)).toEqual(Array(5).fill('unchanged'));
    expect(relay.cost.groupsRead).toBe(2);
  });

  it('[groups.size.20000] replaces 200 of 20,000 and reads the group once', { timeout: 60_000 }, async () => {
    const people = words(20_200);
    const guids = putWritten(world, people);
    const members = membersOfTeam();
    for (const guid of [...guids.values()].slice(0, 20_000)) members.add(guid);
    const relay = countedRelay(world.workplace);
    const results = await relay.apply(listOf('Team', people.slice(200).map(userKey)));
    expect(sum(results.map(({ added }) => added))).toBe(200);
    expect(sum(results.map(({ removed }) => removed))).toBe(200);
    expect(peopleIn(world, 'Team')).toEqual(people.slice(200).sort());
    expect(relay.cost.groupsRead).toBe(1);
  });

  it('removes with each slice whom that slice covers and does not name', async () => {
    const people = words(30);
    putWritten(world, people);
    for (const word of people) membersOfTeam().add(guidOf(word));
    const relay = countedRelay(world.workplace);
    await relay.apply(listInSlices('Team', people.slice(0, 20), 4));
    expect(peopleIn(world, 'Team')).toEqual(people.slice(0, 20).sort());
    expect(relay.cost.groupsRead).toBe(1);
  });

  it('that on-premises edits overtake is put right by the next list', async () => {
    const people = words(40);
    putWritten(world, people);
    const relay = countedRelay(world.workplace);
    const [first, second, ...rest] = listInSlices('Team', people, 4);
    if (first === undefined || second === undefined) throw new Error('no slices');
    await relay.apply([first, second]);
    const stranger = world.putOnPremises('stranger');
    membersOfTeam().add(stranger.guid);
    const early = world.workplace.index.byMark(`User_${first.members[0]?.slice(2)}`)[0];
    membersOfTeam().delete(early?.guid as Guid);
    await relay.apply(rest);
    expect(peopleIn(world, 'Team')).toHaveLength(40);
    const repaired = await relay.apply(listInSlices('Team', people, 4));
    expect(peopleIn(world, 'Team')).toEqual(people.toSorted());
    expect([sum(repaired.map(({ added }) => added)), sum(repaired.map(({ removed }) => removed))]).toEqual([
      1, 1,
    ]);
  });

  it('survives that somebody on-premises did already what a slice wants', async () => {
    const people = words(20);
    putWritten(world, people);
    membersOfTeam().add(guidOf('p0'));
    const relay = countedRelay(world.workplace);
    const [first, second] = listInSlices('Team', people.slice(1), 2);
    if (first === undefined || second === undefined) throw new Error('no slices');
    await relay.apply([first]);
    for (const word of people.slice(1)) membersOfTeam().add(guidOf(word));
    membersOfTeam().delete(guidOf('p0'));
    const [result] = await relay.apply([second]);
    expect(result).toMatchObject({ omitted: [], missing: [] });
    expect(peopleIn(world, 'Team')).toEqual(people.slice(1).sort());
  });

  it('that two relays share comes out the same', async () => {
    const people = words(60);
    putWritten(world, people);
    for (const word of people.slice(50)) membersOfTeam().add(guidOf(word));
    const first = countedRelay(world.workplace);
    await world.restart();
    const second = countedRelay(world.workplace);
    for (const [at, part] of listInSlices('Team', people.slice(0, 50), 6).entries())
      await (at % 3 === 1 ? second : first).apply([part]);
    expect(peopleIn(world, 'Team')).toEqual(people.slice(0, 50).sort());
  });

  it('has the group read anew after another command for it, and after a slice that failed', async () => {
    const people = words(40);
    putWritten(world, people);
    const relay = countedRelay(world.workplace);
    const [one, two, three, four] = listInSlices('Team', people, 4);
    if (one === undefined || two === undefined || three === undefined || four === undefined)
      throw new Error('no slices');
    await relay.apply([one, difference('Team', { remove: [userKey('p1')] }), two]);
    expect(relay.cost.groupsRead).toBe(2);
    relay.faults.lockIsLost = true;
    await expect(relay.apply([three])).rejects.toMatchObject({ code: 'lock-lost' });
    await relay.apply([three, four]);
    expect(relay.cost.groupsRead).toBe(3);
    expect(peopleIn(world, 'Team').filter((word) => word !== 'p1')).toEqual(
      people.filter((word) => word !== 'p1').sort(),
    );
  });

  it('whose members have no entry yet reads everything once, and names all of them', async () => {
    const people = words(3_000);
    putWritten(world, people.slice(0, 100));
    const relay = countedRelay(world.workplace);
    const results = await relay.apply(listOf('Team', people.map(userKey)));
    expect(results.flatMap(({ missing }) => missing).sort()).toEqual(people.slice(100).map(userKey).sort());
    expect(peopleIn(world, 'Team')).toEqual(people.slice(0, 100).sort());
    expect(relay.cost).toEqual({ groupsRead: 1, everythingRead: 1, searches: 0 });
  });

  it('learns of members that another relay created', async () => {
    putWritten(world, words(2_000));
    const behind = countedRelay(world.workplace);
    await world.restart();
    putWritten(world, words(100, 2_000));
    await behind.apply(listInSlices('Team', words(2_100), 3));
    expect(peopleIn(world, 'Team')).toEqual(words(2_100).sort());
    await world.apply(userPresent('Dora'));
    const [result] = await behind.apply(listInSlices('Team', ['Dora'], 1));
    expect(result).toMatchObject({ added: 1, removed: 2_100, missing: [] });
  });

  it.each(['kept in memory', 'read for each slice'])(
    'keeps a member that another relay released, in a group that is %s',
    async (how) => {
      const relay = await world.another();
      for (const word of ['Anna', 'Bert']) await world.apply(userPresent(word));
      const anna = world.entryOf(idOf('Anna'));
      const sid = `s:${anna?.sid}` as MemberKey;
      await relay(slice('Team', [userKey('Anna'), userKey('Bert')]));
      await world.apply(userBare('Anna', 'released'));
      const first = slice('Team', [sid], { to: 'u:', number: 0, count: 2 });
      const second = slice('Team', [userKey('Bert')], { from: 'u:', number: 1, count: 2 });
      await relay(first);
      const last =
        how === 'kept in memory' ? second : { ...second, order: { epoch: 1, sequence: 1_000_000 } };
      expect(await relay(last)).toMatchObject({ removed: 0 });
      expect([...membersOfTeam()].sort()).toEqual([anna?.guid, guidOf('Bert')].sort());
      expect(await relay(slice('Team', [userKey('Bert')]))).toMatchObject({ removed: 1 });
    },
  );

  it('removes a member of ours that was moved away with the next list at the latest', async () => {
    await world.apply(userPresent('Anna'));
    await world.apply(slice('Team', [userKey('Anna')]));
    const anna = world.entryOf(idOf('Anna'));
    if (anna === undefined) throw new Error('no entry');
    anna.parent = world.domain.base;
    for (const _ of ['this list', 'the next']) {
      await world.apply(slice('Team', [], { to: 'u:', number: 0, count: 2 }));
      await world.apply(slice('Team', [], { from: 'u:', number: 1, count: 2 }));
    }
    expect(membersOfTeam().size).toBe(0);
  });
});
