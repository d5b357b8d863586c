import { beforeEach, describe, expect, test } from 'vitest';
import { keyOfWritten } from '../../../shared/domain/member-key.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { differencesFromExpected } from './expected.ts';
import { createFlow, type Flow, seeded } from './flow.ts';
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
  test('[flow.latency] a notified user has an entry before any time passes', async () => {
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
