import { beforeEach, describe, expect, it } from 'vitest';
import { settingsFrom } from '../../../shared/configuration/settings-from.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import type { Flow } from './flow.ts';
import { flowUnder, membersOf, notify, runNow, written } from './in-scope.ts';

const [ann, bob, cid] = [idOf('user', 1), idOf('user', 2), idOf('user', 3)];
const [chosen, nested, team] = [idOf('group', 1), idOf('group', 2), idOf('group', 3)];
const user = (id: typeof ann) => ({ id, type: 'user' as const });
const group = (id: typeof ann) => ({ id, type: 'group' as const });

/** Ann and Bob exist, and groups that nobody is in. */
async function company(config: Parameters<typeof flowUnder>[0]): Promise<Flow> {
  const flow = await flowUnder(config);
  for (const id of [ann, bob]) flow.tenant.putUser(id);
  for (const id of [chosen, nested, team]) flow.tenant.putGroup(id);
  flow.sweep();
  await flow.drain();
  return flow;
}

describe('members of a chosen group', () => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await company({ users: { groups: [chosen] } });
  });

  it('[users.scope.groups] [users.scope.entering-leaving] a user is written with the change that puts it there, and leaves with the one that takes it out', async () => {
    expect(written(flow, 'user')).toEqual([]);
    flow.tenant.addMember(chosen, user(ann));
    await notify(flow, 'group', chosen);
    expect(written(flow, 'user')).toEqual([ann]);
    expect(flow.relay.entry('user', ann)?.enabled).toBe(true);
    flow.tenant.removeMember(chosen, ann);
    await notify(flow, 'group', chosen);
    expect(written(flow, 'user')).toEqual([]);
    expect(flow.relay.entry('user', ann)?.enabled).toBe(false);
  });

  it('[users.scope.entering-leaving] who leaves the scope leaves our groups, and has them again with its return', async () => {
    for (const id of [chosen, team]) flow.tenant.addMember(id, user(ann));
    flow.sweep();
    await flow.drain();
    const guid = flow.relay.entry('user', ann)?.guid;
    expect(membersOf(flow, team)).toEqual([`u:${ann}`]);
    flow.tenant.removeMember(chosen, ann);
    await notify(flow, 'group', chosen);
    await flow.drain();
    expect(membersOf(flow, team)).toEqual([]);
    flow.tenant.addMember(chosen, user(ann));
    await notify(flow, 'group', chosen);
    await flow.drain();
    expect(membersOf(flow, team)).toEqual([`u:${ann}`]);
    expect(flow.relay.entry('user', ann)?.guid).toBe(guid);
  });

  it('[users.scope.groups] a member of a group in it counts, also when that group is put there with its members', async () => {
    flow.tenant.addMember(nested, user(ann));
    await notify(flow, 'group', nested);
    expect(written(flow, 'user')).toEqual([]);
    flow.tenant.addMember(chosen, group(nested));
    await notify(flow, 'group', chosen);
    expect(written(flow, 'user')).toEqual([ann]);
    flow.tenant.addMember(nested, user(bob));
    await notify(flow, 'group', nested);
    expect(written(flow, 'user')).toEqual([ann, bob]);
    flow.tenant.removeMember(chosen, nested);
    await notify(flow, 'group', chosen);
    expect(written(flow, 'user')).toEqual([]);
  });

  it('[users.scope.entering-leaving] a chosen group that is deleted takes its members along, and brings them back', async () => {
    flow.tenant.addMember(chosen, user(ann));
    await notify(flow, 'group', chosen);
    flow.tenant.remove('group', chosen);
    await notify(flow, 'group', chosen);
    expect(written(flow, 'user')).toEqual([]);
    flow.tenant.restore('group', chosen);
    await notify(flow, 'group', chosen);
    expect(written(flow, 'user')).toEqual([ann]);
  });

  it('[users.scope.entering-leaving] so does a group in it', async () => {
    flow.tenant.addMember(chosen, group(nested));
    flow.tenant.addMember(nested, user(ann));
    await notify(flow, 'group', nested);
    expect(written(flow, 'user')).toEqual([ann]);
    flow.tenant.remove('group', nested);
    await notify(flow, 'group', nested);
    expect(written(flow, 'user')).toEqual([]);
    flow.tenant.restore('group', nested);
    await notify(flow, 'group', nested);
    expect(written(flow, 'user')).toEqual([ann]);
  });

  it('[users.scope.entering-leaving] a group that is taken out and emptied at once leaves nobody behind', async () => {
    flow.tenant.addMember(chosen, group(nested));
    flow.tenant.addMember(nested, user(ann));
    flow.sweep();
    await flow.drain();
    expect(written(flow, 'user')).toEqual([ann]);
    flow.tenant.removeMember(chosen, nested);
    flow.tenant.removeMember(nested, ann);
    flow.sweep();
    await flow.drain();
    expect(written(flow, 'user')).toEqual([]);
  });

  it('[users.scope.groups] a lost notification is made good by the next round', async () => {
    flow.tenant.addMember(chosen, user(ann));
    flow.sweep();
    await flow.drain();
    expect(written(flow, 'user')).toEqual([ann]);
  });

  it('[users.scope.groups] what delta lost with its link, the full round of groups finds', async () => {
    flow.tenant.addMember(chosen, user(ann));
    flow.tenant.expired.add('group');
    flow.sweep();
    await flow.drain();
    expect(written(flow, 'user')).toEqual([ann]);
  });

  it('[users.scope.groups] a replica that lags behind the change is asked again', async () => {
    flow.tenant.addMember(chosen, user(ann));
    flow.tenant.lag.reads = () => 1;
    await notify(flow, 'group', chosen);
    expect(written(flow, 'user')).toEqual([]);
    flow.tenant.lag.reads = () => 0;
    await flow.drain();
    expect(written(flow, 'user')).toEqual([ann]);
  });
});

it('[users.scope.groups] the groups that choose need not be written themselves', async () => {
  const flow = await company({ users: { groups: [chosen] }, groups: false });
  flow.tenant.addMember(chosen, user(ann));
  await notify(flow, 'group', chosen);
  expect([written(flow, 'user'), written(flow, 'group')]).toEqual([[ann], []]);
  flow.tenant.remove('group', chosen);
  await notify(flow, 'group', chosen);
  expect(written(flow, 'user')).toEqual([]);
});

it('[users.scope.groups] a round that lags behind the change of such a group is asked for again', async () => {
  const flow = await company({ users: { groups: [chosen] }, groups: false });
  flow.clock.advance(10_000);
  flow.tenant.lag.pages = () => 1;
  flow.tenant.addMember(chosen, user(ann));
  await notify(flow, 'group', chosen);
  expect(written(flow, 'user')).toEqual([]);
  flow.tenant.lag.pages = () => 0;
  flow.clock.advance(2_000);
  await runNow(flow);
  expect(written(flow, 'user')).toEqual([ann]);
});

it('[users.scope.deny] who gets into a denied group leaves; who gets out of it is written', async () => {
  const flow = await company({ users: { deny: [chosen, bob] } });
  expect(written(flow, 'user')).toEqual([ann]);
  flow.tenant.addMember(chosen, user(ann));
  await notify(flow, 'group', chosen);
  expect(written(flow, 'user')).toEqual([]);
  flow.tenant.removeMember(chosen, ann);
  await notify(flow, 'group', chosen);
  expect(written(flow, 'user')).toEqual([ann]);
});

it('[users.scope.filter] [users.scope.entering-leaving] a user enters and leaves with the property that the filter reads', async () => {
  const flow = await company({ users: { filter: ({ department }) => department !== 'Robots' } });
  flow.tenant.addMember(team, user(ann));
  flow.sweep();
  await flow.drain();
  flow.tenant.putUser(ann, { department: 'Robots' });
  await notify(flow, 'user', ann);
  expect([written(flow, 'user'), membersOf(flow, team)]).toEqual([[bob], []]);
  // Lists of the group leave it out as well: its row tells.
  flow.ring('groups', { type: 'members', ids: [team] }, { cause: 'admin' });
  await flow.drain();
  expect(membersOf(flow, team)).toEqual([]);
  flow.tenant.putUser(ann, { department: 'IT' });
  await notify(flow, 'user', ann);
  expect([written(flow, 'user'), membersOf(flow, team)]).toEqual([[ann, bob], [`u:${ann}`]]);
});

it('[config.full-round] [groups.members.moves] a wider configuration brings users into groups that its full round listed before them', async () => {
  const flow = await company({ users: { filter: ({ id }) => id === bob } });
  flow.tenant.addMember(team, user(ann));
  flow.sweep();
  await flow.drain();
  expect([written(flow, 'user'), membersOf(flow, team)]).toEqual([[bob], []]);
  flow.configure(settingsFrom({ users: { filter: () => true } }));
  // The groups' round comes first.
  flow.ring('groups', { type: 'round' }, { cause: 'sweep' });
  await flow.drain();
  flow.ring('users', { type: 'round' }, { cause: 'sweep' });
  await flow.drain();
  expect([written(flow, 'user'), membersOf(flow, team)]).toEqual([[ann, bob], [`u:${ann}`]]);
});

it('[users.scope.guests] guests are members where they are taken in, and only there', async () => {
  for (const guests of [false, true]) {
    const flow = await company({ users: { guests } });
    flow.tenant.putUser(cid, { userType: 'Guest' });
    flow.tenant.addMember(team, user(cid));
    flow.sweep();
    await flow.drain();
    expect(membersOf(flow, team)).toEqual(guests ? [`u:${cid}`] : []);
  }
});

describe('groups', () => {
  it('[groups.scope.rules] a group enters with its members when it is put into the chosen one, and leaves it converted', async () => {
    const flow = await company({ groups: { groups: [chosen] } });
    expect(written(flow, 'group')).toEqual([]);
    flow.tenant.addMember(team, user(ann));
    flow.tenant.addMember(chosen, group(team));
    await notify(flow, 'group', chosen);
    expect([written(flow, 'group'), membersOf(flow, team)]).toEqual([[team], [`u:${ann}`]]);
    flow.tenant.removeMember(chosen, team);
    await notify(flow, 'group', chosen);
    expect(written(flow, 'group')).toEqual([]);
    expect(flow.relay.entry('group', team)?.security).toBe(false);
  });

  it('[groups.scope.rules] groups in a group that is put there enter as well', async () => {
    const flow = await company({ groups: { groups: [chosen] } });
    flow.tenant.addMember(nested, group(team));
    await notify(flow, 'group', nested);
    flow.tenant.addMember(chosen, group(nested));
    await notify(flow, 'group', chosen);
    expect(written(flow, 'group')).toEqual([nested, team]);
  });

  it('[groups.scope.rules] a member group that the filter refuses is left out, and comes in with its property', async () => {
    const flow = await company({ groups: { filter: ({ description }) => description !== 'private' } });
    flow.tenant.putGroup(nested, { description: 'private' });
    flow.tenant.addMember(team, group(nested));
    flow.sweep();
    await flow.drain();
    expect([written(flow, 'group'), membersOf(flow, team)]).toEqual([[chosen, team], []]);
    flow.tenant.putGroup(nested, { description: 'open' });
    await notify(flow, 'group', nested);
    await flow.drain();
    expect([written(flow, 'group'), membersOf(flow, team)]).toEqual([
      [chosen, nested, team],
      [`g:${nested}`],
    ]);
  });

  it('[groups.scope.writeback-configuration] a group that its owner switched off is not written and no member', async () => {
    const flow = await company({ groups: { writebackConfiguration: true } });
    flow.tenant.addMember(team, group(nested));
    flow.tenant.putGroup(nested, { writeback: { isEnabled: false, onPremisesGroupType: null } });
    flow.sweep();
    await flow.drain();
    expect([written(flow, 'group'), membersOf(flow, team)]).toEqual([[chosen, team], []]);
  });

  it('[groups.kinds.role-assignable] a role-assignable group is neither written nor a member, unless it is taken in', async () => {
    for (const roleAssignable of [false, true]) {
      const flow = await flowUnder({ groups: { roleAssignable } });
      for (const id of [team, nested]) flow.tenant.putGroup(id, { isAssignableToRole: id === nested });
      flow.tenant.addMember(team, group(nested));
      flow.sweep();
      await flow.drain();
      expect(written(flow, 'group')).toEqual(roleAssignable ? [nested, team] : [team]);
      expect(membersOf(flow, team)).toEqual(roleAssignable ? [`g:${nested}`] : []);
    }
  });
});

describe('members', () => {
  const sid = 'S-1-5-21-1-2-3-1107';

  it('[groups.members.on-premises-only] with users switched off a group lists its on-premises members only', async () => {
    const flow = await company({ users: false });
    flow.tenant.putUser(cid, { onPremisesSyncEnabled: true, onPremisesSecurityIdentifier: sid });
    for (const id of [ann, cid]) flow.tenant.addMember(team, user(id));
    await notify(flow, 'group', team);
    expect([written(flow, 'user'), membersOf(flow, team)]).toEqual([[], [`s:${sid}`]]);
    flow.ring('groups', { type: 'members', ids: [team] }, { cause: 'admin' });
    await flow.drain();
    expect(membersOf(flow, team)).toEqual([`s:${sid}`]);
  });

  it('[groups.members.on-premises-only] users that were written before leave the groups with the full round', async () => {
    const flow = await company({});
    flow.tenant.addMember(team, user(ann));
    flow.sweep();
    await flow.drain();
    expect(membersOf(flow, team)).toEqual([`u:${ann}`]);
    flow.configure(settingsFrom({ users: false }));
    flow.sweep();
    await flow.drain();
    expect([written(flow, 'user'), membersOf(flow, team)]).toEqual([[], []]);
  });

  it('[groups.members.hidden] a group with hidden membership is written without members, however they change', async () => {
    const flow = await company({});
    flow.tenant.addMember(team, user(ann));
    flow.tenant.putGroup(team, {
      visibility: 'HiddenMembership',
      groupTypes: ['Unified'],
      mailEnabled: true,
    });
    flow.sweep();
    await flow.drain();
    flow.tenant.addMember(team, user(bob));
    await notify(flow, 'group', team);
    flow.tenant.putUser(cid);
    flow.tenant.addMember(team, user(cid));
    await notify(flow, 'user', cid);
    await flow.drain();
    expect([written(flow, 'group').includes(team), membersOf(flow, team)]).toEqual([true, []]);
    flow.tenant.expired.add('group');
    flow.sweep();
    await flow.drain();
    expect(membersOf(flow, team)).toEqual([]);
  });

  it('[groups.members.hidden] the owner’s change of mind is a full round: the members appear, and disappear', async () => {
    const flow = await company({});
    flow.tenant.putGroup(team, { visibility: 'HiddenMembership' });
    flow.tenant.addMember(team, user(ann));
    for (const [hiddenMembership, members] of [
      ['write', [`u:${ann}`]],
      ['leave-empty', []],
    ] as const) {
      flow.configure(settingsFrom({ groups: { hiddenMembership } }));
      flow.sweep();
      await flow.drain();
      expect(membersOf(flow, team)).toEqual(members);
    }
  });

  it('[groups.members.moves] a member that is restored, released or moved in scope is where the cloud lists it', async () => {
    const flow = await company({ users: { groups: [chosen] } });
    for (const id of [chosen, team]) flow.tenant.addMember(id, user(ann));
    flow.sweep();
    await flow.drain();
    flow.tenant.remove('user', ann);
    await notify(flow, 'user', ann);
    expect(membersOf(flow, team)).toEqual([]);
    flow.tenant.restore('user', ann);
    await notify(flow, 'user', ann);
    expect(membersOf(flow, team)).toEqual([`u:${ann}`]);
    flow.tenant.putUser(ann, { onPremisesSyncEnabled: true, onPremisesSecurityIdentifier: sid });
    flow.tenant.expired.add('group');
    flow.sweep();
    await flow.drain();
    expect(membersOf(flow, team)).toEqual([`s:${sid}`]);
  });

  it('[groups.members.cycles] groups may contain each other, themselves too, also where they choose', async () => {
    const flow = await company({ users: { groups: [chosen] } });
    for (const [outer, inner] of [
      [chosen, nested],
      [nested, team],
      [team, chosen],
      [team, team],
    ] as const) {
      flow.tenant.addMember(outer, group(inner));
    }
    flow.tenant.addMember(team, user(ann));
    flow.sweep();
    await flow.drain();
    expect(written(flow, 'user')).toEqual([ann]);
    expect(membersOf(flow, team)).toEqual([`g:${chosen}`, `g:${team}`, `u:${ann}`].sort());
  });

  it('[groups.members.thousand-groups] one person in 1,000 groups is in all of them, and leaves them all', async () => {
    const flow = await flowUnder({});
    const ids = Array.from({ length: 1_000 }, (_, n) => idOf('group', 100 + n));
    flow.tenant.pageSize = 500;
    for (const id of ids) flow.tenant.putGroup(id);
    flow.sweep();
    await flow.drain();
    flow.tenant.putUser(cid);
    await notify(flow, 'user', cid);
    const { members } = flow.tenant.world();
    for (const id of ids) members.set(id, new Map([[cid, 'user']]));
    flow.ring(
      'groups',
      { type: 'memberships', members: [{ kind: 'user', id: cid, groups: [] }] },
      { cause: 'completion' },
    );
    await flow.drain();
    const inHow = () => ids.filter((id) => membersOf(flow, id).length === 1).length;
    expect(inHow()).toBe(1_000);
    flow.tenant.remove('user', cid);
    flow.sweep();
    await flow.drain();
    expect(inHow()).toBe(0);
  }, 60_000);
});
