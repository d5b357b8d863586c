import { beforeEach, describe, expect, it } from 'vitest';
import type { Sid } from '../../../relay/ports.ts';
import type { MemberKey } from '../../../shared/domain/member-key.ts';
import {
  difference,
  groupBare,
  groupKey,
  groupPresent,
  groupSuspended,
  idOf,
  slice,
  userKey,
  userPresent,
  userSuspended,
} from '../build-command.ts';
import { type RelayWorld, relayWorld } from '../relay-world.ts';

let world: RelayWorld;
beforeEach(async () => {
  world = await relayWorld();
});

const team = idOf('Team');
const cn = (word: string) => `${word}_${idOf(word).slice(-12)}`;
const sidKey = (sid: string | undefined) => `s:${sid}` as MemberKey;

describe('a live group', () => {
  it.each([
    [true, '-2147483640'],
    [false, '8'],
  ])('is universal, and security where that is %s', async (security, groupType) => {
    const result = await world.apply(groupPresent('Team', { security }));
    expect(result.outcome).toBe('created');
    expect(world.see(team)).toMatchObject({
      cn: cn('Team'),
      groupType,
      values: {
        samaccountname: `g-${team.replaceAll('-', '').slice(0, 18)}`,
        admindescription: `Group_${team}`,
      },
    });
  });

  it('is universal distribution after a soft delete, with name, attributes and members as last written', async () => {
    await world.apply(userPresent('Anna'));
    await world.apply(groupPresent('Team'));
    await world.apply(slice('Team', [userKey('Anna')]));
    const before = world.see(team);
    expect((await world.apply(groupSuspended('Team'))).outcome).toBe('suspended');
    expect(world.see(team)).toEqual({ ...before, groupType: '8' });
    await world.apply(groupPresent('Team'));
    expect(world.see(team)).toEqual(before);
  });

  it('that is a Microsoft 365 group stays as it is after a soft delete', async () => {
    await world.apply(groupPresent('Team', { security: false }));
    const before = world.see(team);
    expect(await world.apply(groupSuspended('Team'))).toMatchObject({
      outcome: 'suspended',
      changed: [],
    });
    expect(world.see(team)).toEqual(before);
  });

  it('is gone where it is purged', async () => {
    await world.apply(groupPresent('Team'));
    await world.apply(groupBare('Team', 'absent'));
    expect(world.seeAll()).toEqual([]);
  });
});

describe('members', () => {
  beforeEach(async () => {
    for (const word of ['Anna', 'Bert', 'Cleo']) await world.apply(userPresent(word));
    for (const word of ['Team', 'Other']) await world.apply(groupPresent(word));
  });

  it('are what a difference adds and removes', async () => {
    await world.apply(difference('Team', { add: [userKey('Anna'), userKey('Bert'), groupKey('Other')] }));
    expect(world.see(team)?.members).toEqual([cn('Anna'), cn('Bert'), cn('Other')].sort());
    const result = await world.apply(
      difference('Team', { add: [userKey('Cleo')], remove: [userKey('Anna')] }),
    );
    expect(result).toMatchObject({ outcome: 'updated', changed: ['member'], added: 1, removed: 1 });
    expect(world.see(team)?.members).toEqual([cn('Bert'), cn('Cleo'), cn('Other')].sort());
  });

  it('are exactly those of a slice over everything; what was added on-premises is removed', async () => {
    const stranger = world.putOnPremises('stranger');
    world.entryOf(team)?.members.add(stranger.guid);
    const result = await world.apply(slice('Team', [userKey('Anna')]));
    expect(result).toMatchObject({ added: 1, removed: 1 });
    expect(world.see(team)?.members).toEqual([cn('Anna')]);
  });

  it('outside the range of a slice are left alone', async () => {
    const keys = ['Anna', 'Bert', 'Cleo'].map(userKey).sort();
    await world.apply(slice('Team', keys));
    const [, middle = ''] = keys;
    const result = await world.apply(slice('Team', [], { from: middle, to: null }));
    expect(result).toMatchObject({ removed: 2 });
    expect(world.see(team)?.members).toHaveLength(1);
  });

  it('without an entry are missing, and come with the next difference', async () => {
    const result = await world.apply(difference('Team', { add: [userKey('Anna'), userKey('Dora')] }));
    expect(result).toMatchObject({ outcome: 'updated', added: 1, missing: [userKey('Dora')] });
    await world.apply(userPresent('Dora'));
    await world.apply(difference('Team', { add: [userKey('Dora')] }));
    expect(world.see(team)?.members).toEqual([cn('Anna'), cn('Dora')]);
  });

  it('synced from AD are found by SID', async () => {
    const synced = world.putOnPremises('synced');
    await world.apply(slice('Team', [sidKey(synced.sid)]));
    expect(world.see(team)?.members).toEqual(['synced']);
    await world.apply(difference('Team', { remove: [sidKey(synced.sid)] }));
    expect(world.see(team)?.members).toEqual([]);
  });

  it('[relay.protected] that AD does not know, that are privileged or built in are left out and named', async () => {
    const domainSid = world.domain.serviceSid.split('-').slice(0, -1).join('-');
    const privileged = sidKey(world.putOnPremises('chief', { adminCount: 1 }).sid);
    const builtIn = sidKey(world.putOnPremises('Administrator', { sid: `${domainSid}-500` as Sid }).sid);
    const unknown = sidKey(`${domainSid}-99999`);
    const result = await world.apply(slice('Team', [privileged, builtIn, unknown, userKey('Anna')]));
    expect(world.see(team)?.members).toEqual([cn('Anna')]);
    expect(new Set(result.omitted.map(({ key, code }) => `${key} ${code}`))).toEqual(
      new Set([`${privileged} member-protected`, `${builtIn} member-protected`, `${unknown} member-missing`]),
    );
  });

  it('are not put into a group that is privileged or not ours', async () => {
    world.entryOf(team)?.values.set('admincount', ['1']);
    expect(await world.apply(difference('Team', { add: [userKey('Anna')] }))).toMatchObject({
      code: 'entry-protected',
    });
    expect(await world.apply(difference('Nothing', { add: [userKey('Anna')] }))).toMatchObject({
      outcome: 'rejected',
      code: 'entry-missing',
    });
    expect(world.see(team)?.members).toEqual([]);
  });

  it('that were deleted behind our back are missing, not a failure', async () => {
    world.domain.delete('administrator', `<GUID=${world.entryOf(idOf('Bert'))?.guid}>`);
    const result = await world.apply(difference('Team', { add: [userKey('Anna'), userKey('Bert')] }));
    expect(result).toMatchObject({ outcome: 'updated', added: 1, missing: [userKey('Bert')] });
    expect(world.see(team)?.members).toEqual([cn('Anna')]);
  });

  it('created by another relay are known by their mark, not taken for strangers', async () => {
    await world.apply(slice('Team', [userKey('Anna')]));
    world.workplace.index.forget(world.entryOf(idOf('Anna'))?.guid ?? ('' as never));
    const result = await world.apply(slice('Team', [], { from: 's:', to: 't:' }));
    expect(result).toMatchObject({ outcome: 'unchanged', removed: 0 });
    expect(world.see(team)?.members).toEqual([cn('Anna')]);
  });

  it('who are suspended are reported with the groups of ours that still list them', async () => {
    await world.apply(slice('Team', [userKey('Anna')]));
    await world.apply(slice('Other', [userKey('Anna')]));
    const result = await world.apply(userSuspended('Anna'));
    expect(new Set(result.memberOf)).toEqual(new Set([team, idOf('Other')]));
  });
});
