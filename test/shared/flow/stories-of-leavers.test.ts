import { describe, expect, it } from 'vitest';
import { keyOfWritten } from '../../../shared/domain/member-key.ts';
import type { LeaveCause } from '../../../shared/domain/settings.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { differencesFromExpected } from './expected.ts';
import { createFlow, type Flow, seeded } from './flow.ts';
import { membersOf, runNow } from './in-scope.ts';
import { defaultGroups, defaultUsers, settingsWith } from './settings-with.ts';
import { keyOfMember } from './small-directory.ts';

const [ann, bob, boss] = [idOf('user', 1), idOf('user', 2), idOf('user', 3)];
const [staff, team] = [idOf('group', 1), idOf('group', 2)];
const dayMs = 86_400_000;

/** Ann reports to the boss, Bob to Ann; both are in a group. */
async function company(settings = settingsWith({})): Promise<Flow> {
  const flow = createFlow(seeded(5));
  flow.configure(settings);
  for (const id of [ann, bob, boss]) flow.tenant.putUser(id);
  for (const id of [staff, team]) flow.tenant.putGroup(id);
  flow.tenant.setManager(ann, boss);
  flow.tenant.setManager(bob, ann);
  for (const id of [ann, bob]) flow.tenant.addMember(staff, { id, type: 'user' });
  flow.tenant.addMember(staff, { id: team, type: 'group' });
  flow.tenant.addMember(team, { id: ann, type: 'user' });
  flow.sweep();
  await flow.drain();
  expect(differencesFromExpected(flow)).toEqual([]);
  return flow;
}

const usersLeaving = (cause: LeaveCause, policy: (typeof defaultUsers.leaving)['softDelete']) =>
  settingsWith({ users: { leaving: { ...defaultUsers.leaving, [cause]: policy } } });
const groupsLeaving = (cause: LeaveCause, policy: (typeof defaultGroups.leaving)['softDelete']) =>
  settingsWith({ groups: { leaving: { ...defaultGroups.leaving, [cause]: policy } } });
const look = (flow: Flow, id: typeof ann): void => flow.ring('users', { type: 'look', ids: [id] });
const managerOf = (flow: Flow, id: typeof ann): string | undefined => {
  const manager = flow.relay.entry('user', id)?.manager;
  return manager && keyOfMember(manager);
};

describe('users', () => {
  it('[users.leaving.soft-delete] disabled, in no group, nobody’s manager, before any time passes', async () => {
    const flow = await company();
    flow.tenant.remove('user', ann);
    look(flow, ann);
    await runNow(flow);
    expect(flow.relay.entry('user', ann)).toMatchObject({ suspended: true, enabled: false });
    expect(membersOf(flow, staff)).not.toContain(keyOfWritten('user', ann));
    expect(membersOf(flow, team)).toEqual([]);
    expect(managerOf(flow, bob)).toBeUndefined();
  });

  it('[users.returning.same-account] the same entry, enabled, with its groups, its manager and its reports', async () => {
    const flow = await company();
    const { guid, sid } = flow.relay.entry('user', ann) ?? {};
    flow.tenant.remove('user', ann);
    look(flow, ann);
    await flow.drain();
    flow.tenant.restore('user', ann);
    look(flow, ann);
    await runNow(flow);
    expect(flow.relay.entry('user', ann)).toMatchObject({ guid, sid, enabled: true, suspended: false });
    expect(differencesFromExpected(flow)).toEqual([]);
    expect(managerOf(flow, bob)).toBe(keyOfWritten('user', ann));
  });

  it('[users.leaving.leavers-ou] [users.returning.same-account] moved, and back in its place', async () => {
    const flow = await company(usersLeaving('softDelete', 'leavers'));
    flow.tenant.remove('user', ann);
    look(flow, ann);
    await flow.drain();
    expect(flow.relay.entry('user', ann)).toMatchObject({ place: 'leavers', enabled: false });
    flow.tenant.restore('user', ann);
    look(flow, ann);
    await flow.drain();
    expect(flow.relay.entry('user', ann)).toMatchObject({ place: 'destination', enabled: true });
    expect(differencesFromExpected(flow)).toEqual([]);
  });

  it('[users.leaving.keep] the account stays as it is, but in no group', async () => {
    const flow = await company(usersLeaving('softDelete', 'keep'));
    flow.tenant.remove('user', ann);
    look(flow, ann);
    await flow.drain();
    expect(flow.relay.entry('user', ann)).toMatchObject({ enabled: true, place: 'destination' });
    expect(membersOf(flow, team)).toEqual([]);
  });

  it('[users.leaving.hard-delete] purged: no entry and no row; with another policy the entry stays', async () => {
    for (const policy of ['delete', 'disable'] as const) {
      const flow = await company(usersLeaving('hardDelete', policy));
      flow.tenant.remove('user', ann);
      look(flow, ann);
      await flow.drain();
      flow.tenant.purge('user', ann);
      look(flow, ann);
      await flow.drain();
      const row = flow.state.row('user', ann);
      if (policy === 'delete') expect([flow.relay.entry('user', ann), row]).toEqual([undefined, undefined]);
      else expect([flow.relay.entry('user', ann)?.enabled, row?.leftFor]).toEqual([false, 'hardDelete']);
    }
  });

  it('[users.leaving.delete-after] disabled for N days, then deleted; the row remembers the SID', async () => {
    const flow = await company(usersLeaving('softDelete', { deleteAfterDays: 20, until: 'disable' }));
    const sid = flow.relay.entry('user', ann)?.sid;
    flow.tenant.remove('user', ann);
    look(flow, ann);
    await runNow(flow);
    flow.clock.advance(20 * dayMs - 1_000);
    await runNow(flow);
    expect(flow.relay.entry('user', ann)).toMatchObject({ enabled: false });
    flow.clock.advance(3_000);
    await runNow(flow);
    expect(flow.relay.entry('user', ann)).toBeUndefined();
    expect(flow.state.row('user', ann)).toMatchObject({ state: 'absent', objectGuid: '', formerSid: sid });
  });

  it('[users.leaving.delete-after] where the ring was lost, the next full round sees to it', async () => {
    const flow = await company(usersLeaving('softDelete', { deleteAfterDays: 20, until: 'disable' }));
    flow.tenant.remove('user', ann);
    look(flow, ann);
    await runNow(flow);
    flow.doorbells.users = flow.doorbells.users.filter(({ ring }) => ring.cause !== 'leave');
    flow.clock.advance(25 * dayMs);
    flow.tenant.expired.add('user');
    flow.sweep();
    await runNow(flow);
    expect(flow.relay.entry('user', ann)).toBeUndefined();
  });

  it('[users.leaving.delete-after] [users.leaving.out-of-scope] who left before the owner gave a number of days is deleted as well', async () => {
    const flow = await company();
    flow.tenant.putUser(ann, { userType: 'Guest' });
    look(flow, ann);
    await flow.drain();
    flow.configure(usersLeaving('outOfScope', { deleteAfterDays: 30, until: 'disable' }));
    flow.clock.advance(2 * dayMs);
    flow.sweep();
    await runNow(flow);
    expect(flow.doorbells.users.filter(({ ring }) => ring.cause === 'leave')).toHaveLength(1);
    expect(flow.relay.entry('user', ann)?.enabled).toBe(false);
    await flow.drain();
    expect(flow.relay.entry('user', ann)).toBeUndefined();
  });

  it('[users.leaving.delete-after] the ring for that day is as old as that day', async () => {
    const flow = await company(usersLeaving('softDelete', { deleteAfterDays: 20, until: 'disable' }));
    flow.tenant.remove('user', ann);
    look(flow, ann);
    await runNow(flow);
    const leave = flow.doorbells.users.find(({ ring }) => ring.cause === 'leave');
    expect(leave?.ring.times).toEqual({ ring: leave?.dueAt });
    expect(leave?.dueAt).toBeGreaterThanOrEqual(flow.clock.now() + 20 * dayMs);
  });

  it('[users.returning.new-sid] deleted and back without a recycle bin: a new account in all its groups, and the log says so', async () => {
    const flow = await company(usersLeaving('softDelete', 'delete'));
    const sid = flow.relay.entry('user', ann)?.sid;
    flow.tenant.remove('user', ann);
    look(flow, ann);
    await flow.drain();
    expect(flow.relay.entry('user', ann)).toBeUndefined();
    flow.tenant.restore('user', ann);
    look(flow, ann);
    await flow.drain();
    expect(flow.relay.entry('user', ann)?.sid).not.toBe(sid);
    expect(flow.state.row('user', ann)).toMatchObject({
      outcome: 'created',
      notices: 'sid-new',
      formerSid: '',
    });
    expect(flow.state.log.findLast(({ id }) => id === ann)?.notices).toEqual(['sid-new']);
    expect(differencesFromExpected(flow)).toEqual([]);
  });

  it('[users.returning.recycle-bin] with one: the same account again', async () => {
    const flow = await company(usersLeaving('softDelete', 'delete'));
    flow.relay.directory.hasRecycleBin = true;
    const { guid, sid } = flow.relay.entry('user', ann) ?? {};
    flow.tenant.remove('user', ann);
    look(flow, ann);
    await flow.drain();
    flow.tenant.restore('user', ann);
    look(flow, ann);
    await flow.drain();
    expect(flow.relay.entry('user', ann)).toMatchObject({ guid, sid, enabled: true });
    expect(flow.state.row('user', ann)?.notices).toBe('restored-from-recycle-bin');
    expect(differencesFromExpected(flow)).toEqual([]);
  });

  it('[users.returning.new-sid] also where it returns while the deletion is on its way', async () => {
    const flow = await company(usersLeaving('softDelete', 'delete'));
    flow.tenant.remove('user', ann);
    look(flow, ann);
    // The reader sends the deletion; nothing else has happened yet.
    while (!flow.relay.busyLanes().length) await flow.step();
    flow.tenant.restore('user', ann);
    look(flow, ann);
    await flow.drain();
    expect(flow.relay.entry('user', ann)).toMatchObject({ enabled: true });
    expect(differencesFromExpected(flow)).toEqual([]);
  });

  it('[users.leaving.hard-delete] the row of a deleted leaver goes when the user is purged', async () => {
    const flow = await company(usersLeaving('softDelete', 'delete'));
    flow.tenant.remove('user', ann);
    look(flow, ann);
    await flow.drain();
    expect(flow.state.row('user', ann)).toMatchObject({ state: 'absent', outcome: 'deleted' });
    flow.tenant.purge('user', ann);
    flow.sweep();
    await flow.drain();
    expect(flow.state.row('user', ann)).toBeUndefined();
  });

  it('[users.leaving.hard-delete] also where delta lost the purge with its link', async () => {
    const flow = await company(usersLeaving('softDelete', 'delete'));
    flow.tenant.remove('user', ann);
    look(flow, ann);
    await flow.drain();
    flow.tenant.purge('user', ann);
    flow.tenant.expired.add('user');
    flow.sweep();
    await flow.drain();
    expect(flow.state.row('user', ann)).toBeUndefined();
  });

  it('[users.leaving.out-of-scope] [users.scope.entering-leaving] a member that becomes a guest leaves by its own policy, and returns', async () => {
    const flow = await company(usersLeaving('outOfScope', 'leavers'));
    const guid = flow.relay.entry('user', ann)?.guid;
    flow.tenant.putUser(ann, { userType: 'Guest' });
    look(flow, ann);
    await flow.drain();
    expect(flow.relay.entry('user', ann)).toMatchObject({ place: 'leavers', enabled: false });
    expect(differencesFromExpected(flow)).toEqual([]);
    flow.tenant.putUser(ann, { userType: 'Member' });
    look(flow, ann);
    await flow.drain();
    expect(flow.relay.entry('user', ann)).toMatchObject({ guid, place: 'destination', enabled: true });
    expect(differencesFromExpected(flow)).toEqual([]);
  });

  it('[users.synced] a written user that becomes synced is let go, whatever the policies say', async () => {
    const flow = await company(usersLeaving('outOfScope', 'delete'));
    const sid = 'S-1-5-21-1-2-3-1103';
    flow.tenant.putUser(ann, { onPremisesSyncEnabled: true, onPremisesSecurityIdentifier: sid });
    look(flow, ann);
    await flow.drain();
    expect(flow.relay.applied.findLast(({ id }) => id === ann)).toMatchObject({ state: 'released' });
    expect(flow.state.row('user', ann)).toMatchObject({ state: 'released', objectGuid: '' });
  });
});

describe('groups', () => {
  const lookAt = (flow: Flow, id: typeof staff): void => flow.ring('groups', { type: 'look', ids: [id] });

  it('[groups.leaving] by default a distribution group without rights, in no group, its members as they were', async () => {
    const flow = await company();
    flow.tenant.remove('group', team);
    lookAt(flow, team);
    await flow.drain();
    expect(flow.relay.entry('group', team)).toMatchObject({ security: false, suspended: true });
    expect(membersOf(flow, team)).toEqual([keyOfWritten('user', ann)]);
    expect(membersOf(flow, staff)).not.toContain(keyOfWritten('group', team));
  });

  it('[groups.leaving] emptied or deleted where the policy says so', async () => {
    for (const policy of ['empty', 'delete'] as const) {
      const flow = await company(groupsLeaving('softDelete', policy));
      flow.tenant.remove('group', team);
      lookAt(flow, team);
      await flow.drain();
      if (policy === 'empty') expect(membersOf(flow, team)).toEqual([]);
      else expect(flow.relay.entry('group', team)).toBeUndefined();
    }
  });

  it.each(['convert', 'empty', 'delete'] as const)(
    '[groups.returning] after %s: members and memberships as the cloud lists them',
    async (policy) => {
      const flow = await company(groupsLeaving('softDelete', policy));
      const sid = flow.relay.entry('group', team)?.sid;
      flow.tenant.remove('group', team);
      lookAt(flow, team);
      await flow.drain();
      flow.tenant.addMember(team, { id: bob, type: 'user' });
      flow.tenant.restore('group', team);
      lookAt(flow, team);
      await flow.drain();
      expect(differencesFromExpected(flow)).toEqual([]);
      expect(flow.relay.entry('group', team)?.sid === sid).toBe(policy !== 'delete');
    },
  );
});
