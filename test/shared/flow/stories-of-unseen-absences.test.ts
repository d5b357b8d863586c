import { expect, it } from 'vitest';
import { keyOfWritten } from '../../../shared/domain/member-key.ts';
import { durationMs } from '../../../shared/domain/time.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { differencesFromExpected } from './expected.ts';
import { createFlow, type Flow, seeded } from './flow.ts';
import { membersOf, runNow } from './in-scope.ts';

/*
 * Mostly a user that is deleted and restored before anybody looks at it. The users' reader finds it as it was and sends nothing; but
 * whoever read members meanwhile did not see it, and the groups' delta says nothing of either.
 */

const [ann, bob] = [idOf('user', 1), idOf('user', 2)];
const staff = idOf('group', 1);

async function company(): Promise<Flow> {
  const flow = createFlow(seeded(5));
  for (const id of [ann, bob]) flow.tenant.putUser(id);
  flow.tenant.putGroup(staff);
  for (const id of [ann, bob]) flow.tenant.addMember(staff, { id, type: 'user' });
  flow.sweep();
  await flow.drain();
  expect(differencesFromExpected(flow)).toEqual([]);
  return flow;
}

async function whileAnnIsDeleted(flow: Flow, happen: () => void | Promise<void>): Promise<void> {
  flow.tenant.remove('user', ann);
  await happen();
  await runNow(flow);
  expect(flow.state.row('user', ann)).toMatchObject({ state: 'present' });
  flow.tenant.restore('user', ann);
  flow.ring('users', { type: 'look', ids: [ann] }, { cause: 'notification' });
  await flow.drain();
}

it.each([
  [
    'the lists of a full round',
    async (flow: Flow) => {
      flow.tenant.expired.add('group');
      flow.ring('groups', { type: 'round' }, { cause: 'sweep' });
      await runNow(flow);
      flow.clock.advance(61_000);
    },
  ],
  [
    'the repetition of a list',
    (flow: Flow) => flow.ring('groups', { type: 'members', ids: [staff] }, { attempt: 1 }),
  ],
  [
    'the repetition of its memberships',
    (flow: Flow) =>
      flow.ring(
        'groups',
        { type: 'memberships', members: [{ kind: 'user', id: ann, groups: [staff] }] },
        { attempt: 1 },
      ),
  ],
])(
  '[users.returning.same-account] a user who was away while %s were read is in its groups again',
  async (_, read) => {
    const flow = await company();
    await whileAnnIsDeleted(flow, () => read(flow));
    expect(differencesFromExpected(flow)).toEqual([]);
  },
);

it('[users.leaving.soft-delete] whose deletion nobody told leaves when its memberships are read', async () => {
  const flow = await company();
  flow.tenant.remove('user', ann);
  const members = [{ kind: 'user' as const, id: ann, groups: [] }];
  flow.ring('groups', { type: 'memberships', members }, { attempt: 1 });
  await flow.drain();
  expect(flow.relay.entry('user', ann)).toMatchObject({ suspended: true, enabled: false });
  expect(differencesFromExpected(flow)).toEqual([]);
});

it('[groups.leaving] a purge that the read did not see yet is looked at once more', async () => {
  const flow = await company();
  flow.tenant.remove('group', staff);
  flow.sweep();
  await flow.drain();
  flow.tenant.purge('group', staff);
  flow.tenant.lag = { reads: () => 1, pages: () => 0 };
  flow.ring('groups', { type: 'round' }, { cause: 'sweep' });
  await runNow(flow);
  flow.tenant.lag = { reads: () => 0, pages: () => 0 };
  await flow.drain();
  expect(differencesFromExpected(flow)).toEqual([]);
});

it('[users.returning.same-account] memberships that could not be read at first are repeated like others', async () => {
  const flow = await company();
  flow.tenant.removeMember(staff, ann);
  flow.sweep();
  await flow.drain();
  flow.tenant.addMember(staff, { id: ann, type: 'user' });
  // The retry of a read: this replica knows nothing of the new membership.
  const members = [{ kind: 'user' as const, id: ann, groups: [] }];
  flow.tenant.lag = { reads: () => 1, pages: () => 0 };
  flow.ring('groups', { type: 'memberships', members }, { attempt: 2 });
  await runNow(flow);
  flow.tenant.lag = { reads: () => 0, pages: () => 0 };
  expect(flow.doorbells.groups.map(({ ring }) => [ring.want.type, ring.attempt])).toEqual([
    ['memberships', 1],
  ]);
  await flow.drain();
  expect(differencesFromExpected(flow)).toEqual([]);
});

it('[users.scope.entering-leaving] who was not readable at first, and then out of scope by an old replica, is looked at once more', async () => {
  const flow = createFlow(seeded(7));
  flow.sweep();
  await flow.drain();
  flow.tenant.putUser(bob, { userType: 'Guest' });
  flow.tenant.putUser(bob, { userType: 'Member' });
  flow.tenant.lag = { reads: () => 2, pages: () => 2 };
  flow.ring('users', { type: 'look', ids: [bob] }, { cause: 'notification' });
  await runNow(flow);
  flow.tenant.lag = { reads: () => 1, pages: () => 1 };
  flow.clock.advance(2_000);
  await runNow(flow);
  expect(flow.state.row('user', bob)?.state).toBe('outside');
  flow.tenant.lag = { reads: () => 0, pages: () => 0 };
  await flow.drain();
  expect(differencesFromExpected(flow)).toEqual([]);
});

it('[groups.members.all] a list of a full round that an old replica answered is read once more', async () => {
  const flow = await company();
  flow.tenant.removeMember(staff, bob);
  flow.sweep();
  await flow.drain();
  flow.tenant.expired.add('group');
  flow.tenant.lag = { reads: () => 1, pages: () => 0 };
  flow.sweep();
  await runNow(flow);
  flow.clock.advance(61_000);
  await runNow(flow);
  expect(membersOf(flow, staff)).toContain(keyOfWritten('user', bob));
  flow.tenant.lag = { reads: () => 0, pages: () => 0 };
  await flow.drain();
  expect(differencesFromExpected(flow)).toEqual([]);
});

it('[groups.members.all] lists of a later full round wait until replicas show what its pages knew', async () => {
  const flow = await company();
  flow.tenant.putUser(idOf('user', 7));
  flow.sweep();
  await flow.drain();
  flow.tenant.addMember(staff, { id: idOf('user', 7), type: 'user' });
  flow.tenant.expired.add('group');
  // Pages show the new member, so the delta link will never tell of it; other replicas do not show it yet.
  flow.tenant.lag = { reads: () => 1, pages: () => 0 };
  const before = flow.tenant.reads.lists;
  flow.sweep();
  await runNow(flow);
  expect(flow.tenant.reads.lists).toBe(before);
  flow.tenant.lag = { reads: () => 0, pages: () => 0 };
  await flow.drain();
  expect(differencesFromExpected(flow)).toEqual([]);
});

it('[groups.members.all] a list that is asked for where an old replica does not know its group is read later', async () => {
  const flow = await company();
  const before = flow.tenant.reads.lists;
  flow.tenant.lag = { reads: () => 99, pages: () => 0 };
  flow.ring('groups', { type: 'members', ids: [staff] }, { cause: 'again' });
  await runNow(flow);
  expect(flow.tenant.reads.lists).toBe(before);
  flow.tenant.lag = { reads: () => 0, pages: () => 0 };
  flow.clock.advance(60_000);
  await runNow(flow);
  expect(flow.tenant.reads.lists).toBe(before + 1);
});

it('[groups.members.all] early lists of a first load are read again when replicas show what its pages knew', async () => {
  const flow = createFlow(seeded(5));
  flow.tenant.putUser(ann);
  flow.tenant.putGroup(staff);
  flow.tenant.addMember(staff, { id: ann, type: 'user' });
  flow.tenant.lag = { reads: () => 1, pages: () => 0 };
  flow.sweep();
  await runNow(flow);
  expect([flow.relay.entry('group', staff)?.suspended, membersOf(flow, staff)]).toEqual([false, []]);
  flow.tenant.lag = { reads: () => 0, pages: () => 0 };
  await flow.drain();
  expect(membersOf(flow, staff)).toEqual([keyOfWritten('user', ann)]);
  // What was read later is not read twice.
  const late = createFlow(seeded(5), { secondLookMs: durationMs(0) });
  late.tenant.putGroup(staff);
  late.sweep();
  await late.drain();
  expect(late.tenant.reads.lists).toBe(1);
});

it('[users.scope.entering-leaving] who enters the scope by a page is looked at again where an old replica does not know him at all', async () => {
  const flow = createFlow(seeded(7));
  flow.tenant.putUser(bob, { userType: 'Guest' });
  flow.sweep();
  await flow.drain();
  expect(flow.state.row('user', bob)?.state).toBe('outside');
  flow.tenant.putUser(bob, { userType: 'Member' });
  flow.tenant.lag = { reads: () => 2, pages: () => 0 };
  flow.sweep();
  await runNow(flow);
  flow.tenant.lag = { reads: () => 0, pages: () => 0 };
  await flow.drain();
  expect(differencesFromExpected(flow)).toEqual([]);
});
