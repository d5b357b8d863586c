import { expect, it } from 'vitest';
import type { Sid } from '../../../relay/ports.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { differencesFromExpected } from './expected.ts';
import { createFlowWith, type Flow, seeded } from './flow.ts';
import { flowUnder, membersOf, notify } from './in-scope.ts';
import { windowsRelay } from './windows-relay.ts';

/* An object of the cloud becomes one that is synced from AD, or the other way round: another entry stands for it from then on. */

const [ann, bob] = [idOf('user', 1), idOf('user', 2)];
const [staff, team] = [idOf('group', 1), idOf('group', 2)];
const sid = 'S-1-5-21-1-2-3-1103';

/** Ann and the team are in the staff, and Bob reports to Ann. */
async function company(annIs: Parameters<Flow['tenant']['putUser']>[1] = {}): Promise<Flow> {
  const flow = await flowUnder({});
  flow.tenant.putUser(ann, annIs);
  flow.tenant.putUser(bob);
  for (const id of [staff, team]) flow.tenant.putGroup(id);
  flow.tenant.addMember(staff, { id: ann, type: 'user' });
  flow.tenant.addMember(staff, { id: team, type: 'group' });
  flow.tenant.setManager(bob, ann);
  flow.sweep();
  await flow.drain();
  expect(differencesFromExpected(flow)).toEqual([]);
  return flow;
}

const isSynced = (as: string) => ({ onPremisesSyncEnabled: true, onPremisesSecurityIdentifier: as });

it('[users.synced] [users.attributes.manager] a user that is synced as another entry is a member and a manager as that', async () => {
  const flow = await company();
  flow.tenant.putUser(ann, isSynced(sid));
  await notify(flow, 'user', ann);
  await flow.drain();
  expect(membersOf(flow, staff)).toEqual([`g:${team}`, `s:${sid}`]);
  expect(differencesFromExpected(flow)).toEqual([]);
});

it('[users.synced] so it is in a domain as strict as Windows', async () => {
  const clock = fakeClock();
  const relay = await windowsRelay(clock);
  const person = relay.world.putOnPremises('ann there', { sid: sid as Sid });
  const flow = createFlowWith(relay, { random: seeded(7), clock });
  for (const id of [ann, bob]) flow.tenant.putUser(id);
  flow.tenant.putGroup(staff);
  flow.tenant.addMember(staff, { id: ann, type: 'user' });
  flow.tenant.setManager(bob, ann);
  flow.sweep();
  await flow.drain();
  const before = relay.world.entryOf(ann)?.guid;
  const named = () => [[...(relay.world.entryOf(staff)?.members ?? [])], relay.world.entryOf(bob)?.manager];
  expect(named()).toEqual([[before], before]);
  flow.tenant.putUser(ann, isSynced(sid));
  flow.ring('users', { type: 'look', ids: [ann] });
  await flow.drain();
  expect(named()).toEqual([[person.guid], person.guid]);
});

it('[users.synced] so is one that was out of scope, and in no group, until then', async () => {
  const flow = await company();
  flow.tenant.putUser(ann, { userType: 'Guest' });
  await notify(flow, 'user', ann);
  await flow.drain();
  expect(membersOf(flow, staff)).toEqual([`g:${team}`]);
  flow.tenant.putUser(ann, isSynced(sid));
  await notify(flow, 'user', ann);
  await flow.drain();
  expect(differencesFromExpected(flow)).toEqual([]);
});

it('[groups.synced] so is a group', async () => {
  const flow = await company();
  flow.tenant.putGroup(team, isSynced(sid));
  await notify(flow, 'group', team);
  await flow.drain();
  expect(membersOf(flow, staff)).toEqual([`s:${sid}`, `u:${ann}`]);
  expect(differencesFromExpected(flow)).toEqual([]);
});

it('[users.synced] one that is synced as the entry which was ours stays what it was, without a list that is read', async () => {
  const flow = await company();
  const before = flow.tenant.reads.lists;
  flow.tenant.putUser(ann, isSynced(flow.relay.entry('user', ann)?.sid ?? ''));
  await notify(flow, 'user', ann);
  await flow.drain();
  expect(flow.tenant.reads.lists).toBe(before);
  expect(membersOf(flow, staff)).toHaveLength(2);
});

const seenByFullRound = async (flow: Flow): Promise<void> => {
  flow.tenant.expired.add('user');
  flow.sweep();
  await flow.drain();
};

it('[users.scope.entering-leaving] [users.attributes.manager] nor does one that was released before, where only a full round of users sees it', async () => {
  const flow = await company();
  flow.tenant.putUser(ann, isSynced(sid));
  await notify(flow, 'user', ann);
  await flow.drain();
  flow.tenant.putUser(ann, { onPremisesSyncEnabled: null });
  await seenByFullRound(flow);
  expect(differencesFromExpected(flow)).toEqual([]);
});

it('[users.scope.entering-leaving] [groups.members.all] nor does one that only a list of members knew', async () => {
  const flow = await company();
  const cid = idOf('user', 3);
  flow.tenant.putUser(cid, isSynced(sid));
  flow.tenant.addMember(staff, { id: cid, type: 'user' });
  await notify(flow, 'group', staff);
  expect(membersOf(flow, staff)).toContain(`s:${sid}`);
  flow.tenant.putUser(cid, { onPremisesSyncEnabled: null });
  await seenByFullRound(flow);
  expect(differencesFromExpected(flow)).toEqual([]);
});

it('[users.scope.entering-leaving] [users.attributes.manager] one that is born in the cloud, but out of scope, is nobody’s member and nobody’s manager', async () => {
  const flow = await company(isSynced(sid));
  flow.tenant.putUser(ann, { onPremisesSyncEnabled: null, userType: 'Guest' });
  await notify(flow, 'user', ann);
  await flow.drain();
  expect(membersOf(flow, staff)).toEqual([`g:${team}`]);
  expect(differencesFromExpected(flow)).toEqual([]);
});

it('[groups.members.all] a synced user that was deleted and is restored is a member again, though a list was read meanwhile', async () => {
  const flow = await company(isSynced(sid));
  flow.tenant.remove('user', ann);
  await notify(flow, 'user', ann);
  flow.ring('groups', { type: 'members', ids: [staff] }, { attempt: 1 });
  await flow.drain();
  expect(membersOf(flow, staff)).toEqual([`g:${team}`]);
  flow.tenant.restore('user', ann);
  await notify(flow, 'user', ann);
  expect(membersOf(flow, staff)).toContain(`s:${sid}`);
  await flow.drain();
  expect(differencesFromExpected(flow)).toEqual([]);
});

it('[users.scope.entering-leaving] [groups.members.all] a synced user that is born in the cloud now leaves nobody behind', async () => {
  const flow = await company(isSynced(sid));
  flow.tenant.putUser(ann, { onPremisesSyncEnabled: null });
  await notify(flow, 'user', ann);
  await flow.drain();
  expect(membersOf(flow, staff)).toEqual([`g:${team}`, `u:${ann}`]);
  expect(differencesFromExpected(flow)).toEqual([]);
});

it('[users.synced] [groups.members.all] nor is a guest left out who is synced now, where only a full round of users sees it', async () => {
  const flow = await company({ userType: 'Guest' });
  flow.tenant.putUser(ann, isSynced(sid));
  await seenByFullRound(flow);
  expect(membersOf(flow, staff)).toEqual([`g:${team}`, `s:${sid}`]);
  expect(differencesFromExpected(flow)).toEqual([]);
});

it.each(['notification', 'full round'])(
  '[users.synced] [groups.members.all] [users.attributes.manager] a synced user that has another SID now (moved to another domain) is listed by that (%s)',
  async (seenBy) => {
    const flow = await company(isSynced('S-1-5-21-1-2-3-1108'));
    flow.tenant.putUser(ann, isSynced(sid));
    if (seenBy === 'notification') await notify(flow, 'user', ann);
    await seenByFullRound(flow);
    // The other one is the same entry, gone, or taken out by the next complete list.
    expect(membersOf(flow, staff)).toContain(`s:${sid}`);
    expect(flow.relay.entry('user', bob)?.manager).toBe(`s:${sid}`);
    flow.ring('groups', { type: 'members', ids: [staff] });
    await flow.drain();
    expect(differencesFromExpected(flow)).toEqual([]);
  },
);
