import { describe, expect, it } from 'vitest';
import { settingsFrom } from '../../../shared/configuration/settings-from.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { ann, bob, chosen, cid, company, group, nested, team, user } from './company.ts';
import { flowUnder, membersOf, notify, written } from './in-scope.ts';

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
