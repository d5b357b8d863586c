import { describe, expect, it } from 'vitest';
import { epochMs } from '../../../../shared/domain/time.ts';
import { createListing, listGroups } from '../../../../shared/reading/members/group-listing.ts';
import { createPacing } from '../../../../shared/reading/rounds/pacing.ts';
import { idOf } from '../../../fakes/cloud-objects.ts';
import { origin, readerParts } from '../reader-parts.ts';

/** Groups of these sizes in the middle of a full round; each portion is answered before the next invocation. */
async function listing(sizes: readonly number[]) {
  const parts = readerParts();
  const { tenant, state, clock, groupsReading } = parts;
  const everybody = Array.from({ length: Math.max(...sizes) }, (_, n) => idOf('user', n));
  tenant.putUser(idOf('user', 0));
  const template = tenant.world().users.get(idOf('user', 0));
  if (template === undefined) throw new Error('no user');
  for (const [n] of sizes.entries()) tenant.putGroup(idOf('group', n));
  const world = tenant.world();
  for (const id of everybody) world.users.set(id, { ...template, object: { ...template.object, id } });
  for (const [n, size] of sizes.entries()) {
    const id = idOf('group', n);
    world.members.set(id, new Map(everybody.slice(0, size).map((one) => [one, 'user'])));
    await state.mergeRows([{ kind: 'group', id, state: 'present' }]);
  }
  const { fence } = groupsReading;
  const part = { origin, listing: createListing(), pacing: createPacing() };
  /** Which groups were listed together, by number. */
  const portions: number[][] = [];
  const run = async () => {
    const leave = await fence.enter();
    const reading = { ...groupsReading, startedAt: clock.now() };
    for await (const { messages, commit } of listGroups(reading, part)) {
      const ids = messages.flatMap(({ message }) => ('id' in message ? [message.id] : []));
      if (ids.length > 0) portions.push([...new Set(ids)].map((id) => Number(id.slice(-4))));
      await commit?.();
    }
    const at = fence.cursor.round;
    if (at !== undefined) await fence.commit({ round: { ...at, pagesDone: at.pagesSent } });
    leave();
  };
  const leave = await fence.enter();
  const startedAt = epochMs(clock.now());
  const round = { id: '0', type: 'full' as const, startedAt, pagesSent: 0, pagesDone: 0 };
  const mapping = groupsReading.deps.writeback.hash;
  await fence.commit({ round, listing: true, lastRoundStartedAt: startedAt, link: 'x', mapping });
  leave();
  return { ...parts, portions, run };
}

describe('the lists of a full round', () => {
  it('[groups.size.20000] of small groups go together, of large ones as many as fit, each of them once', async () => {
    const sizes = [15_000, 15_000, 1, 1, 25_000, 1, 1];
    const { portions, run, tenant } = await listing(sizes);
    for (let turn = 0; turn < 5; turn++) await run();
    expect(portions).toEqual([[2, 3, 5, 6, 0, 1], [4]]);
    // One page of each, and then all of those that have more; that they do is not found out twice.
    expect(tenant.reads.lists).toBe(sizes.length + 3);
  });

  it('of small groups are read five at a time, and those that the budget does not allow by the next invocation', async () => {
    const { portions, run, tenant, clock } = await listing(Array.from({ length: 9 }, () => 1));
    const { fewMembersOf } = tenant;
    const open = { now: 0, most: 0 };
    tenant.fewMembersOf = async (id) => {
      open.most = Math.max(open.most, ++open.now);
      await new Promise((resolve) => setImmediate(resolve));
      open.now -= 1;
      clock.advance(30_000);
      return await fewMembersOf.call(tenant, id);
    };
    await run();
    expect([portions, open.most]).toEqual([[[0, 1, 2, 3, 4]], 5]);
    for (let turn = 0; turn < 5; turn++) await run();
    expect(portions.flat()).toEqual(Array.from({ length: 9 }, (_, n) => n));
  });
});
