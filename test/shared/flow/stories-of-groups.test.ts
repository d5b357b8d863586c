import { beforeEach, describe, expect, test } from 'vitest';
import { sliceSchema } from '../../../shared/contracts/command.ts';
import { keyOfWritten } from '../../../shared/domain/member-key.ts';
import { durationMs } from '../../../shared/domain/time.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { differencesFromExpected } from './expected.ts';
import { createFlow, type Flow, seeded } from './flow.ts';
import { keyOfMember } from './small-directory.ts';

const [ann, bob, cid] = [idOf('user', 1), idOf('user', 2), idOf('user', 3)];
const [staff, team] = [idOf('group', 1), idOf('group', 2)];

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

describe('groups', () => {
  beforeEach(async () => {
    for (const id of [ann, bob]) flow.tenant.putUser(id);
    flow.tenant.putGroup(staff);
    flow.tenant.putGroup(team);
    flow.sweep();
    await flow.drain();
  });

  test('who joined before a group was removed and restored unseen is a member', async () => {
    flow.tenant.addMember(staff, { id: ann, type: 'user' });
    flow.tenant.remove('group', staff);
    flow.tenant.restore('group', staff);
    // The page ends before the restoration, the direct read does not.
    flow.tenant.lag = { reads: () => 0, pages: () => 1 };
    flow.sweep();
    await runNow();
    flow.tenant.lag = { reads: () => 0, pages: () => 0 };
    await flow.drain();
    expect(membersOf()).toEqual([keyOfWritten('user', ann)]);
  });

  test('a member comes and goes by a difference, not by a list', async () => {
    const lists = flow.tenant.reads.lists;
    flow.tenant.addMember(staff, { id: ann, type: 'user' });
    look('group', staff);
    await runNow();
    expect(membersOf()).toEqual([keyOfWritten('user', ann)]);
    flow.tenant.removeMember(staff, ann);
    look('group', staff);
    await runNow();
    expect(membersOf()).toEqual([]);
    expect(flow.tenant.reads.lists).toBe(lists);
  });

  test('a member that gets its entry later appears in the group', async () => {
    flow.tenant.putUser(cid);
    flow.tenant.addMember(staff, { id: cid, type: 'user' });
    look('group', staff);
    await runNow();
    expect(membersOf()).toEqual([]);
    expect(flow.state.row('user', cid)?.awaited).toBe(true);
    look('user', cid);
    await runNow();
    expect(membersOf()).toEqual([keyOfWritten('user', cid)]);
    expect(flow.state.row('user', cid)?.awaited).toBe(false);
  });

  test('a synced member is listed by its SID and removed by it after it is gone', async () => {
    const sid = 'S-1-5-21-1-2-3-1107';
    flow.tenant.putUser(cid, { onPremisesSyncEnabled: true, onPremisesSecurityIdentifier: sid });
    flow.tenant.addMember(staff, { id: cid, type: 'user' });
    look('group', staff);
    await runNow();
    expect(membersOf()).toEqual([`s:${sid}`]);
    flow.tenant.removeMember(staff, cid);
    flow.tenant.purge('user', cid);
    look('group', staff);
    await runNow();
    expect(membersOf()).toEqual([]);
  });

  test('devices, guests and role-assignable groups are left out', async () => {
    flow.tenant.putUser(cid, { userType: 'Guest' });
    flow.tenant.putGroup(idOf('group', 5), { isAssignableToRole: true });
    flow.tenant.addMember(staff, { id: cid, type: 'user' });
    flow.tenant.addMember(staff, { id: idOf('group', 5), type: 'group' });
    flow.tenant.addMember(staff, { id: idOf('other', 1), type: 'other' });
    flow.tenant.addMember(staff, { id: team, type: 'group' });
    flow.sweep();
    await flow.drain();
    expect(membersOf()).toEqual([keyOfWritten('group', team)]);
  });

  test('a rung group that delta shows late is rung again until it is shown', async () => {
    flow.clock.advance(10_000);
    flow.tenant.lag.pages = () => 1;
    flow.tenant.addMember(staff, { id: ann, type: 'user' });
    look('group', staff);
    await runNow();
    expect(membersOf()).toEqual([]);
    flow.tenant.lag.pages = () => 0;
    flow.clock.advance(2_000);
    await runNow();
    expect(membersOf()).toEqual([keyOfWritten('user', ann)]);
  });

  test('a refused membership command makes the group behind; its complete list makes it good', async () => {
    flow.tenant.addMember(staff, { id: ann, type: 'user' });
    flow.relay.rejections = 1;
    look('group', staff);
    await runNow();
    expect(membersOf()).toEqual([]);
    expect(flow.state.row('group', staff)).toMatchObject({ code: 'directory-refused' });
    flow.clock.advance(61_000);
    await runNow();
    expect(membersOf()).toEqual([keyOfWritten('user', ann)]);
    expect(flow.state.row('group', staff)?.code).toBe('');
  });

  test('a list of 2,500 members travels in slices within the contract', async () => {
    const many = Array.from({ length: 2_500 }, (_, n) => idOf('user', 1_000 + n));
    const { users, members } = flow.tenant.world();
    const template = users.get(ann);
    if (template === undefined) throw new Error('no user');
    for (const id of many) users.set(id, { ...template, object: { ...template.object, id } });
    members.set(staff, new Map(many.map((id) => [id, 'user'])));
    flow.ring('groups', { type: 'members', ids: [staff] }, { cause: 'admin' });
    const before = flow.relay.applied.length;
    await runNow();
    const slices = flow.relay.applied.slice(before).filter(({ type }) => type === 'slice');
    expect(slices.map((slice) => sliceSchema.parse(slice).members.length)).toEqual([1_000, 1_000, 500]);
  });

  test('a soft-deleted group keeps its members, leaves its parents, and comes back with what the cloud lists', async () => {
    flow.tenant.addMember(staff, { id: team, type: 'group' });
    flow.tenant.addMember(team, { id: ann, type: 'user' });
    flow.sweep();
    await flow.drain();
    flow.tenant.remove('group', team);
    flow.sweep();
    await flow.drain();
    expect([membersOf(staff), membersOf(team)]).toEqual([[], [keyOfWritten('user', ann)]]);
    flow.tenant.addMember(team, { id: bob, type: 'user' });
    flow.tenant.restore('group', team);
    flow.sweep();
    await flow.drain();
    expect(differencesFromExpected(flow)).toEqual([]);
  });

  test('an entry that vanished from AD is made anew and joins its groups again', async () => {
    flow.tenant.addMember(staff, { id: ann, type: 'user' });
    flow.sweep();
    await flow.drain();
    flow.clock.advance(10_000);
    flow.relay.lose('user', ann);
    flow.ring('groups', { type: 'members', ids: [staff] }, { cause: 'admin' });
    await flow.drain();
    expect(differencesFromExpected(flow)).toEqual([]);
  });
});

describe('full rounds', () => {
  test('groups wait for users; pages are paced by results', async () => {
    const big = createFlow(seeded(3), { pagesInFlight: 2, brokenChainMs: durationMs(60_000) });
    for (let n = 0; n < 30; n++) big.tenant.putUser(idOf('user', n));
    for (let n = 0; n < 5; n++) big.tenant.putGroup(idOf('group', n));
    big.ring('groups', { type: 'round' }, { cause: 'sweep' });
    big.ring('users', { type: 'round' }, { cause: 'sweep' });
    let most = 0;
    while (await big.step()) {
      const round = (await big.state.cursor('user'))?.round;
      most = Math.max(most, (round?.pagesSent ?? 0) - (round?.pagesDone ?? 0));
      if (round !== undefined) expect(big.relay.entries().some(({ kind }) => kind === 'group')).toBe(false);
    }
    expect(most).toBe(2);
    expect(differencesFromExpected(big)).toEqual([]);
    expect(big.tenant.reads.looked).toBe(0);
    expect((await big.state.cursor('group'))?.lastFullRoundEndedAt).toBeDefined();
  });

  test('a broken chain is resumed by the sweep', async () => {
    const big = createFlow(seeded(4), { pagesInFlight: 1 });
    for (let n = 0; n < 12; n++) big.tenant.putUser(idOf('user', n));
    big.sweep();
    for (let n = 0; n < 10_000 && big.relay.entries().length < 12; n++) {
      // Every continue is lost.
      const kept = big.doorbells.users.filter(({ ring }) => ring.want.type !== 'continue');
      big.doorbells.users = kept;
      if (await big.step()) continue;
      big.clock.advance(60_000);
      big.sweep();
    }
    expect(differencesFromExpected(big)).toEqual([]);
  });

  test('410 starts anew; who left meanwhile leaves', async () => {
    for (const id of [ann, bob, cid]) flow.tenant.putUser(id);
    flow.sweep();
    await flow.drain();
    flow.tenant.remove('user', bob);
    flow.tenant.purge('user', cid);
    flow.tenant.expired.add('user');
    flow.sweep();
    await flow.drain();
    expect(flow.relay.entry('user', bob)?.suspended).toBe(true);
    expect(flow.relay.entry('user', cid)).toBeUndefined();
    expect(flow.relay.entry('user', ann)?.suspended).toBe(false);
  });
});
