import { beforeEach, describe, expect, it } from 'vitest';
import {
  groupBare,
  groupKey,
  groupPresent,
  groupSuspended,
  idOf,
  slice,
  userBare,
  userKey,
  userPresent,
  userSuspended,
} from '../build-command.ts';
import { type RelayWorld, relayWorld } from '../relay-world.ts';

let world: RelayWorld;
beforeEach(async () => {
  world = await relayWorld();
});

const anna = idOf('Anna');
const team = idOf('Team');
const marks = ['admindescription', 'msds-externaldirectoryobjectid'];
const leavers = () => world.domain.leavers ?? '';
const destination = () => world.domain.destination;

describe('a user that left', () => {
  beforeEach(async () => {
    await world.apply(userPresent('Anna'));
  });

  it('[users.leaving.soft-delete] is disabled where it is, with names and attributes as last written', async () => {
    const before = world.see(anna);
    const result = await world.apply(userSuspended('Anna'));
    expect(result).toMatchObject({
      outcome: 'suspended',
      changed: ['userAccountControl'],
      account: 'disabled',
    });
    expect(world.see(anna)).toEqual({ ...before, enabled: false });
  });

  it('[users.account.on-premises-disable] that somebody on-premises had disabled before is told apart', async () => {
    const leave = (mayEnable: boolean) => world.apply(userSuspended('Anna', { mayEnable }));
    expect(await leave(false)).toMatchObject({ account: 'disabled' });
    expect(await leave(false)).toMatchObject({ changed: [], account: 'disabled-on-premises' });
    expect(await leave(true)).toMatchObject({ changed: [], account: 'disabled' });
  });

  it('[users.leaving.keep] [users.leaving.out-of-scope] is as it was where the policy keeps it', async () => {
    const before = world.see(anna);
    const result = await world.apply(userSuspended('Anna', { account: 'keep' }));
    expect(result).toMatchObject({ outcome: 'suspended', changed: [] });
    expect(world.see(anna)).toEqual(before);
  });

  it("[users.leaving.leavers-ou] is disabled in the leavers' OU, and comes back from there as the same account", async () => {
    const before = world.see(anna);
    const { objectGuid, objectSid } = await world.apply(userSuspended('Anna', { place: 'leavers' }));
    expect(world.see(anna)).toEqual({ ...before, enabled: false, parent: leavers() });
    expect(await world.apply(userSuspended('Anna', { place: 'leavers' }))).toMatchObject({ changed: [] });
    await world.restart();
    const back = await world.apply(userPresent('Anna', { objectGuid: objectGuid ?? '' }));
    expect(back).toMatchObject({ outcome: 'updated', objectGuid, objectSid, account: 'enabled' });
    expect(world.see(anna)).toEqual(before);
  });

  it("[users.leaving.leavers-ou] stays in the leavers' OU where its policy becomes another one", async () => {
    await world.apply(userSuspended('Anna', { place: 'leavers' }));
    await world.apply(userSuspended('Anna', { place: 'stay' }));
    expect(world.see(anna)?.parent).toBe(leavers());
    await world.apply(userBare('Anna', 'absent'));
    expect(world.entryOf(anna)).toBeUndefined();
  });

  it("[users.leaving.leavers-ou] [parking.code] is disabled all the same where the relay has no leavers' OU", async () => {
    world = await relayWorld({ leavers: false });
    await world.apply(userPresent('Anna'));
    expect(await world.apply(userSuspended('Anna', { place: 'leavers' }))).toMatchObject({
      outcome: 'rejected',
      code: 'leavers-missing',
      changed: ['userAccountControl'],
      account: 'disabled',
    });
    expect(world.see(anna)).toMatchObject({ enabled: false, parent: destination() });
  });

  it("[users.leaving.leavers-ou] gets another cn where somebody in the leavers' OU has its own", async () => {
    await world.apply(userPresent('Bert', { names: { ...userPresent('Bert').names, cn: ['Bert'] } }));
    const stranger = world.putForeign('Bert', {});
    world.domain.put({ ...stranger, parent: world.domain.leavers ?? stranger.parent });
    expect((await world.apply(userSuspended('Bert', { place: 'leavers' }))).outcome).toBe('suspended');
    expect(world.see(idOf('Bert'))).toMatchObject({
      cn: `Bert_${idOf('Bert').slice(-12)}`,
      parent: leavers(),
      enabled: false,
    });
    expect((await world.apply(userSuspended('Bert', { place: 'leavers' }))).changed).toEqual([]);
  });

  it('[users.leaving.hard-delete] [users.leaving.delete-after] is gone where the policy deletes it', async () => {
    await world.apply(userSuspended('Anna', { place: 'leavers' }));
    expect(await world.apply(userBare('Anna', 'absent'))).toMatchObject({ outcome: 'deleted' });
    expect(world.entryOf(anna)).toBeUndefined();
  });

  it('is reported with the groups that list it and the users that report to it', async () => {
    await world.apply(userPresent('Bert', { manager: userKey('Anna') }));
    await world.apply(userPresent('Cleo', { manager: userKey('Bert') }));
    await world.apply(groupPresent('Team'));
    await world.apply(slice('Team', [userKey('Anna')]));
    const stranger = world.putOnPremises('stranger');
    world.domain.put({ ...stranger, manager: world.entryOf(anna)?.guid });
    expect(await world.apply(userSuspended('Anna'))).toMatchObject({
      memberOf: [team],
      reports: [idOf('Bert')],
    });
  });

  it('[users.synced] loses our marks and nothing else where it became synced', async () => {
    await world.apply(groupPresent('Team'));
    await world.apply(slice('Team', [userKey('Anna')]));
    await world.apply(userPresent('Bert', { manager: userKey('Anna') }));
    const before = structuredClone(world.entryOf(anna));
    // Who names it is told: they may have to name another entry from now on.
    expect(await world.apply(userBare('Anna', 'released'))).toMatchObject({
      ...{ outcome: 'released', memberOf: [team], reports: [idOf('Bert')] },
    });
    for (const mark of marks) before?.values.delete(mark);
    const guid = before?.guid ?? ('' as never);
    expect(world.domain.entries.get(guid)).toEqual(before);
    expect([...(world.entryOf(team)?.members ?? [])]).toEqual([guid]);
  });
});

describe('a group that left', () => {
  beforeEach(async () => {
    await world.apply(userPresent('Anna'));
    await world.apply(groupPresent('Team'));
    await world.apply(groupPresent('Other'));
    await world.apply(slice('Team', [userKey('Anna'), groupKey('Other')]));
  });

  it('[groups.leaving] has no rights any more, and its SID, name and members as before', async () => {
    const before = world.see(team);
    const { objectSid } = await world.apply(groupSuspended('Team'));
    expect(world.see(team)).toEqual({ ...before, groupType: '8' });
    expect((await world.apply(groupPresent('Team'))).objectSid).toBe(objectSid);
    expect(world.see(team)).toEqual(before);
  });

  it('[groups.leaving] [parking.code] is rejected with a reason to act on where it is the primary group of an account', async () => {
    const before = world.see(team);
    const rid = world.entryOf(team)?.sid?.split('-').at(-1) ?? '';
    world.putOnPremises('clerk').values.set('primarygroupid', [rid]);
    for (const command of [groupSuspended('Team'), groupBare('Team', 'absent')]) {
      const result = await world.apply(command);
      expect(result).toMatchObject({ outcome: 'rejected', code: 'group-is-primary' });
      expect(result.reason).toContain('give those accounts another primary group');
    }
    expect(world.see(team)).toEqual(before);
  });

  it('[groups.leaving] is as it was where the policy keeps it', async () => {
    const before = world.see(team);
    expect(await world.apply(groupSuspended('Team', { kind: 'keep' }))).toMatchObject({
      outcome: 'suspended',
      changed: [],
    });
    expect(world.see(team)).toEqual(before);
  });

  it('[groups.leaving] has no members where the policy empties it, strangers included', async () => {
    world.entryOf(team)?.members.add(world.putOnPremises('stranger').guid);
    const before = world.see(team);
    expect(await world.apply(groupSuspended('Team', { members: 'empty' }))).toMatchObject({ removed: 3 });
    expect(world.see(team)).toEqual({ ...before, groupType: '8', members: [] });
    expect(await world.apply(groupSuspended('Team', { members: 'empty' }))).toMatchObject({ changed: [] });
  });

  it('[groups.leaving] is reported with the groups that list it', async () => {
    expect((await world.apply(groupSuspended('Other'))).memberOf).toEqual([team]);
  });

  it('[groups.synced] loses our marks and nothing else where it became synced: members and memberships stay', async () => {
    await world.apply(groupPresent('Whole'));
    await world.apply(slice('Whole', [groupKey('Team')]));
    const before = structuredClone(world.entryOf(team));
    expect(before?.members.size).toBe(2);
    expect(await world.apply(groupBare('Team', 'released'))).toMatchObject({ outcome: 'released' });
    for (const mark of marks) before?.values.delete(mark);
    const guid = before?.guid ?? ('' as never);
    expect(world.domain.entries.get(guid)).toEqual(before);
    expect([...(world.entryOf(idOf('Whole'))?.members ?? [])]).toEqual([guid]);
  });

  it('[groups.leaving] [groups.returning] comes back with the SID it had, also after a restart', async () => {
    const before = await world.apply(groupPresent('Team'));
    await world.apply(groupSuspended('Team', { members: 'empty' }));
    await world.restart();
    expect(await world.apply(groupPresent('Team'))).toMatchObject({
      outcome: 'updated',
      objectGuid: before.objectGuid,
      objectSid: before.objectSid,
    });
  });
});

describe('a group', () => {
  it.each([
    [true, false],
    [false, true],
  ])(
    '[groups.kinds.change] changes its kind with its SID and members (security %s → %s)',
    async (from, to) => {
      await world.apply(userPresent('Anna'));
      const created = await world.apply(groupPresent('Team', { security: from }));
      await world.apply(slice('Team', [userKey('Anna')]));
      const before = world.see(team);
      const changed = await world.apply(groupPresent('Team', { security: to }));
      expect(changed).toMatchObject({ changed: ['groupType'], objectSid: created.objectSid });
      expect(world.see(team)).toEqual({ ...before, groupType: to ? '-2147483640' : '8' });
    },
  );
});

describe('the result', () => {
  it.each([
    [userSuspended('Anna'), 'account disable, place stay, names keep'],
    [
      userSuspended('Anna', { place: 'leavers', names: 'let-go' }),
      'account disable, place leavers, names let-go',
    ],
    [userSuspended('Anna', { account: 'keep' }), 'account keep, place stay, names keep'],
    [groupSuspended('Team'), 'kind distribution, members keep'],
    [groupSuspended('Team', { kind: 'keep', members: 'empty' }), 'kind keep, members empty'],
  ])('[parking.log] says which suspension was asked for %#', async (command, asked) => {
    await world.apply(command.type === 'user' ? userPresent('Anna') : groupPresent('Team'));
    expect(await world.apply(command)).toMatchObject({ outcome: 'suspended', asked });
  });

  it('[parking.log] says so where the suspension is rejected, and says nothing of another state', async () => {
    expect(await world.apply(userPresent('Anna'))).not.toHaveProperty('asked');
    world.entryOf(anna)?.values.set('admincount', ['1']);
    expect(await world.apply(userSuspended('Anna'))).toMatchObject({
      outcome: 'rejected',
      asked: 'account disable, place stay, names keep',
    });
  });
});
