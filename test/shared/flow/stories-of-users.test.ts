import { beforeEach, describe, expect, test } from 'vitest';
import { keyOfWritten } from '../../../shared/domain/member-key.ts';
import { createDeadLetterHandler } from '../../../shared/recording/record-dead-letters.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { differencesFromExpected } from './expected.ts';
import { createFlow, type Flow, seeded, settings } from './flow.ts';
import { keyOfMember } from './small-directory.ts';

const [ann, bob, cid] = [idOf('user', 1), idOf('user', 2), idOf('user', 3)];
const staff = idOf('group', 1);

let flow: Flow;
beforeEach(async () => {
  flow = createFlow(seeded(7));
  flow.sweep();
  await flow.drain();
});

const membersOf = (id = staff): string[] =>
  [...(flow.relay.entry('group', id)?.members ?? [])].map(keyOfMember).sort();
const look = (kind: 'user' | 'group', id = ann): void =>
  flow.ring(kind === 'user' ? 'users' : 'groups', { type: 'look', ids: [id] });
/** Runs what is due now, without letting time pass. */
async function runNow(): Promise<void> {
  while (await flow.step());
}

describe('users', () => {
  test('a notified user has an entry before any time passes', async () => {
    flow.tenant.putUser(ann, { displayName: 'Ann' });
    look('user');
    await runNow();
    expect(differencesFromExpected(flow)).toEqual([]);
    expect(flow.state.row('user', ann)).toMatchObject({ state: 'present', outcome: 'created' });
  });

  test('an unchanged user costs a read and no command', async () => {
    flow.tenant.putUser(ann);
    look('user');
    await flow.drain();
    const applied = flow.relay.applied.length;
    look('user');
    flow.sweep();
    await flow.drain();
    expect(flow.relay.applied).toHaveLength(applied);
  });

  test('soft-deleted, restored, purged: the same entry suspended, back, gone with its row', async () => {
    flow.tenant.putUser(ann);
    look('user');
    await flow.drain();
    const guid = flow.relay.entry('user', ann)?.guid;
    flow.tenant.remove('user', ann);
    look('user');
    await runNow();
    expect(flow.relay.entry('user', ann)).toMatchObject({ guid, suspended: true });
    flow.tenant.restore('user', ann);
    look('user');
    await runNow();
    expect(flow.relay.entry('user', ann)).toMatchObject({ guid, suspended: false });
    flow.tenant.purge('user', ann);
    flow.sweep();
    await flow.drain();
    expect(flow.relay.entry('user', ann)).toBeUndefined();
    expect(flow.state.row('user', ann)).toBeUndefined();
  });

  test('a purge that delta knows already is done before any time passes', async () => {
    flow.tenant.putUser(ann);
    look('user');
    await flow.drain();
    flow.tenant.purge('user', ann);
    look('user');
    await runNow();
    expect(flow.relay.entry('user', ann)).toBeUndefined();
  });

  test('one missing read deletes nothing while delta does not know; a second one a minute later does', async () => {
    flow.tenant.putUser(ann);
    look('user');
    await flow.drain();
    flow.tenant.purge('user', ann);
    flow.tenant.lag.pages = () => 1;
    look('user');
    await runNow();
    flow.clock.advance(59_000);
    await runNow();
    expect(flow.relay.entry('user', ann)).toBeDefined();
    flow.clock.advance(1_000);
    await runNow();
    expect(flow.relay.entry('user', ann)).toBeUndefined();
  });

  test('a guest and a synced user are never written; a written one that becomes synced is released', async () => {
    flow.tenant.putUser(ann, { userType: 'Guest' });
    flow.tenant.putUser(bob, {
      onPremisesSyncEnabled: true,
      onPremisesSecurityIdentifier: 'S-1-5-21-1-2-3-1102',
    });
    flow.tenant.putUser(cid);
    flow.sweep();
    await flow.drain();
    expect(flow.relay.entries().map(({ id }) => id)).toEqual([cid]);
    expect(flow.state.row('user', bob)).toMatchObject({ state: 'synced', sid: 'S-1-5-21-1-2-3-1102' });
    flow.tenant.putUser(cid, {
      onPremisesSyncEnabled: true,
      onPremisesSecurityIdentifier: 'S-1-5-21-1-2-3-1103',
    });
    flow.sweep();
    await flow.drain();
    expect(flow.relay.applied.at(-1)).toMatchObject({ id: cid, state: 'released' });
    expect(flow.state.row('user', cid)).toMatchObject({ state: 'released', objectGuid: '' });
  });

  test('a guest that was a member before is suspended and leaves its groups', async () => {
    flow.tenant.putUser(ann);
    flow.tenant.putGroup(staff);
    flow.tenant.addMember(staff, { id: ann, type: 'user' });
    flow.sweep();
    await flow.drain();
    expect(membersOf()).toEqual([keyOfWritten('user', ann)]);
    flow.tenant.putUser(ann, { userType: 'Guest' });
    flow.sweep();
    await flow.drain();
    expect(flow.relay.entry('user', ann)?.suspended).toBe(true);
    expect(membersOf()).toEqual([]);
  });

  test('a fresh user that is not readable yet is looked at on a schedule', async () => {
    flow.tenant.putUser(ann);
    flow.tenant.lag.reads = () => 100;
    look('user');
    await runNow();
    expect(flow.relay.entry('user', ann)).toBeUndefined();
    flow.tenant.lag.reads = () => 0;
    flow.clock.advance(2_000);
    await runNow();
    expect(flow.relay.entry('user', ann)).toBeDefined();
  });
});

describe('parking', () => {
  test('a rejected user is parked, rung on its schedule, and clean after success', async () => {
    flow.tenant.putUser(ann);
    flow.relay.rejections = 2;
    look('user');
    await runNow();
    expect(flow.state.row('user', ann)).toMatchObject({
      outcome: 'rejected',
      code: 'directory-refused',
      attempts: 1,
      ringAt: flow.clock.now() + 60_000,
    });
    await flow.drain();
    expect(flow.state.row('user', ann)).toMatchObject({ outcome: 'created', code: '', ringAt: null });
    expect(differencesFromExpected(flow)).toEqual([]);
  });

  test('an object that fails for a day has one series of rings', async () => {
    flow.tenant.putUser(ann);
    flow.relay.rejections = 1_000;
    look('user');
    const until = flow.clock.now() + 86_400_000;
    for (let n = 0; flow.clock.now() < until; n++) {
      if (n % 50 === 0) flow.sweep();
      if (!(await flow.step())) flow.clock.advance(60_000);
    }
    // 60 s, 300 s, then every hour: 25 times in a day.
    expect(1_000 - flow.relay.rejections).toBeLessThan(30);
    expect(1_000 - flow.relay.rejections).toBeGreaterThan(20);
  });

  test('a dead-lettered command parks its object, and the object is sent anew', async () => {
    flow.tenant.putUser(ann);
    look('user');
    await flow.step();
    const dead = flow.relay.discard(flow.relay.busyLanes()[0] ?? '');
    const handler = createDeadLetterHandler({
      ...flow,
      settings,
      randomHex: (bytes) => 'b'.repeat(bytes * 2),
    });
    for await (const step of handler([dead], new AbortController().signal)) {
      for (const one of step.messages) {
        if (one.to === 'users') flow.doorbells.users.push({ ring: one.message, dueAt: one.dueAt ?? 0 });
      }
      await step.commit?.();
    }
    expect(flow.state.row('user', ann)).toMatchObject({ outcome: 'dead-lettered', code: 'dead-lettered' });
    await flow.drain();
    expect(flow.state.row('user', ann)).toMatchObject({ code: '', ringAt: null });
    expect(differencesFromExpected(flow)).toEqual([]);
  });
});
