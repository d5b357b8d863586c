import { expect, it } from 'vitest';
import { epochMs } from '../../../../shared/domain/time.ts';
import { createListing, listGroups } from '../../../../shared/reading/members/group-listing.ts';
import { createPacing } from '../../../../shared/reading/rounds/pacing.ts';
import { idOf } from '../../../fakes/cloud-objects.ts';
import { origin, readerParts } from '../reader-parts.ts';

it('[groups.size.20000] in a full round small groups go together, large ones as many as fit, each of them once', async () => {
  const { tenant, state, clock, groupsReading } = readerParts();
  const sizes = [15_000, 15_000, 1, 1, 25_000, 1, 1];
  const everybody = Array.from({ length: 25_000 }, (_, n) => idOf('user', n));
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
  const leave = await groupsReading.fence.enter();
  const startedAt = epochMs(clock.now());
  const round = { id: '0', type: 'full' as const, startedAt, pagesSent: 0, pagesDone: 0 };
  await groupsReading.fence.commit({ round, listing: true, lastRoundStartedAt: startedAt, link: 'x' });
  const portions: string[][] = [];
  const part = { origin, listing: createListing(), pacing: createPacing() };
  for (let turn = 0; turn < 5; turn++) {
    for await (const { messages, commit } of listGroups(groupsReading, part)) {
      portions.push([...new Set(messages.flatMap(({ message }) => ('id' in message ? [message.id] : [])))]);
      await commit?.();
    }
    const at = groupsReading.fence.cursor.round;
    if (at !== undefined) await groupsReading.fence.commit({ round: { ...at, pagesDone: at.pagesSent } });
  }
  leave();
  expect(
    portions.filter((ids) => ids.length > 0).map((ids) => ids.map((id) => Number(id.slice(-4)))),
  ).toEqual([[2, 3, 5, 6, 0, 1], [4]]);
  // One page of each, and then all of those that have more; that they do is not found out twice.
  expect(tenant.reads.lists).toBe(sizes.length + 3);
});
