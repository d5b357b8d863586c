import { describe, expect, it } from 'vitest';
import { settingsFrom } from '../../../shared/configuration/settings-from.ts';
import { ann, bob, chosen, cid, company, group, nested, team, user } from './company.ts';
import { flowUnder, membersOf, notify, written } from './in-scope.ts';

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
