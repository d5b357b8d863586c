import { describe, expect, it } from 'vitest';
import { lookAtGroups } from '../../../../shared/reading/look-groups.ts';
import { mergeRings } from '../../../../shared/reading/merge-rings.ts';
import { idOf } from '../../../fakes/cloud-objects.ts';
import { ringOf } from '../../flow/flow.ts';
import { readerParts } from '../reader-parts.ts';

/** Groups of these sizes whose lists are asked for; each read takes half a minute of a budget of two. */
async function asked(sizes: readonly number[]) {
  const { tenant, clock, groupsReading } = readerParts();
  const ids = sizes.map((_, n) => idOf('group', n));
  tenant.putUser(idOf('user', 0));
  const template = tenant.world().users.get(idOf('user', 0));
  if (template === undefined) throw new Error('no user');
  for (const id of ids) tenant.putGroup(id);
  const world = tenant.world();
  for (const [n, size] of sizes.entries()) {
    const members = Array.from({ length: size }, (_, m) => idOf('user', m));
    for (const id of members) world.users.set(id, { ...template, object: { ...template.object, id } });
    world.members.set(idOf('group', n), new Map(members.map((id) => [id, 'user'])));
  }
  const open = { now: 0, most: 0 };
  const { fewMembersOf, membersOf } = tenant;
  tenant.fewMembersOf = async (id) => {
    open.most = Math.max(open.most, ++open.now);
    await new Promise((resolve) => setImmediate(resolve));
    open.now -= 1;
    clock.advance(30_000);
    return await fewMembersOf.call({ ...tenant, membersOf }, id);
  };
  tenant.membersOf = async (id) => {
    clock.advance(60_000);
    return await membersOf.call(tenant, id);
  };
  const ring = ringOf('groups', { type: 'members', ids }, { now: clock.now(), more: { cause: 'again' } });
  const listed: number[] = [];
  const left: number[][] = [];
  const leave = await groupsReading.fence.enter();
  for await (const { messages, commit } of lookAtGroups(groupsReading, mergeRings('group', [ring]))) {
    for (const { message } of messages) {
      if (message.type === 'slice') listed.push(Number(message.id.slice(-4)));
      if (message.type === 'ring' && message.want.type === 'members' && message.cause === 'pace')
        left.push(message.want.ids.map((id) => Number(id.slice(-4))));
    }
    await commit?.();
  }
  leave();
  return { listed: [...new Set(listed)], left, most: open.most };
}

describe('lists that are asked for', () => {
  it('are read five at a time; those that the budget does not allow share a ring', async () => {
    expect(await asked(Array.from({ length: 9 }, () => 1))).toEqual({
      ...{ listed: [0, 1, 2, 3, 4], left: [[5, 6, 7, 8]], most: 5 },
    });
  });

  it('[groups.size.20000] of large groups are read alone, one of them whatever the budget says', async () => {
    expect(await asked([2_000, 1, 2_000])).toMatchObject({ listed: [0, 1], left: [[2]] });
  });
});
