import { describe, expect, it } from 'vitest';
import type { CloudGroup } from '../../../../shared/domain/cloud-object.ts';
import type { ObjectId } from '../../../../shared/domain/object-id.ts';
import type { Tenant } from '../../../../shared/ports.ts';
import { tenantInMemory } from '../../../local/tenant/tenant-in-memory.ts';

/** What the reader of groups learns of a tenant, over the tenant simulator in this process. */
const idOf = (n: number): ObjectId => `bbbbbbbb-0000-4000-8000-${String(n).padStart(12, '0')}` as ObjectId;
const team = (n: number, more: Record<string, unknown> = {}) => ({
  id: idOf(n),
  displayName: `Group ${n}`,
  mailNickname: `group${n}`,
  securityEnabled: true,
  mailEnabled: false,
  groupTypes: [],
  ...more,
});

async function groupsOf(port: Tenant): Promise<CloudGroup[]> {
  const page = await port.groupPage(undefined);
  if (page.type !== 'done') throw new Error('more pages than expected');
  return page.items.flatMap((item) => (item.type === 'live' ? item.object : []));
}
async function lookAt(port: Tenant, id: ObjectId): Promise<CloudGroup> {
  const looked = (await port.lookGroups([id])).get(id);
  if (looked?.found !== 'live') throw new Error('no such group');
  return looked.object;
}

describe('groups', () => {
  it('[groups.kinds.role-assignable] [groups.members.hidden] say who may hold roles and whose membership is hidden', async () => {
    const world = tenantInMemory();
    const hidden = { visibility: 'HiddenMembership', groupTypes: ['Unified'], mailEnabled: true };
    world.import({ groups: [team(1, { isAssignableToRole: true }), team(2, hidden), team(3)] });
    const expected = [
      [true, null],
      [null, 'HiddenMembership'],
      [null, null],
    ];
    const port = world.port();
    const facts = ({ isAssignableToRole, visibility }: CloudGroup) => [isAssignableToRole, visibility];
    expect((await groupsOf(port)).map(facts)).toEqual(expected);
    for (const n of [1, 2, 3]) expect(facts(await lookAt(port, idOf(n)))).toEqual(expected[n - 1]);
  });

  it('[groups.kinds.mail-enabled] [groups.kinds.distribution] tell the four kinds apart', async () => {
    const world = tenantInMemory();
    world.import({
      groups: [
        team(1),
        team(2, { mailEnabled: true }),
        team(3, { mailEnabled: true, securityEnabled: false }),
        team(4, { mailEnabled: true, securityEnabled: false, groupTypes: ['Unified'] }),
      ],
    });
    const kinds = (await groupsOf(world.port())).map((one) => [
      one.securityEnabled,
      one.mailEnabled,
      one.groupTypes,
    ]);
    expect(kinds).toEqual([
      [true, false, []],
      [true, true, []],
      [false, true, []],
      [false, true, ['Unified']],
    ]);
  });

  it('[groups.kinds.role-assignable] a role-assignable member is known as such', async () => {
    const world = tenantInMemory();
    world.import({
      groups: [team(1, { members: [idOf(2), idOf(3)] }), team(2, { isAssignableToRole: true }), team(3)],
    });
    const members = await world.port().membersOf(idOf(1));
    expect(members).toMatchObject([
      { id: idOf(2), roleAssignable: true },
      { id: idOf(3), roleAssignable: false },
    ]);
  });
});

it('members that fit on a page are told in one request, more are not', async () => {
  const world = tenantInMemory();
  const ids = Array.from({ length: 1_001 }, (_, n) => idOf(10 + n));
  const members = ids.map((id) => ({ id, displayName: id, securityEnabled: true, mailEnabled: false }));
  world.import({
    groups: [...members, team(1, { members: ids.slice(0, 999) }), team(2, { members: ids }), team(3)],
  });
  const port = world.port();
  const few = await port.fewMembersOf(idOf(1));
  expect(few).toEqual(await port.membersOf(idOf(1)));
  expect(few).toHaveLength(999);
  const asked = world.asked.length;
  expect(await port.fewMembersOf(idOf(2))).toBe('many');
  expect(world.asked.length - asked).toBe(1);
  expect([await port.fewMembersOf(idOf(3)), await port.fewMembersOf(idOf(4))]).toEqual([[], 'missing']);
});

describe('writebackConfiguration', () => {
  const chosen = { isEnabled: true, onPremisesGroupType: 'universalSecurityGroup' };

  it('[groups.scope.writeback-configuration] is read from beta where it is wanted, null where nobody chose', async () => {
    const world = tenantInMemory();
    world.import({ groups: [team(1, { writebackConfiguration: chosen }), team(2)] });
    const port = world.port({ writebackConfiguration: true });
    const nobodyChose = { isEnabled: null, onPremisesGroupType: null };
    expect((await groupsOf(port)).map(({ writeback }) => writeback)).toEqual([chosen, nobodyChose]);
    expect((await lookAt(port, idOf(1))).writeback).toEqual(chosen);
    expect((await lookAt(port, idOf(2))).writeback).toEqual(nobodyChose);
    expect(world.asked.every((line) => line.includes(' beta '))).toBe(true);
  });

  it('[groups.scope.writeback-configuration] is neither read nor asked for otherwise; all but groups stays on v1.0', async () => {
    const world = tenantInMemory();
    world.import({ groups: [team(1, { writebackConfiguration: chosen })] });
    expect(await lookAt(world.port(), idOf(1))).not.toHaveProperty('writeback');
    expect((await groupsOf(world.port()))[0]).not.toHaveProperty('writeback');
    const port = world.port({ writebackConfiguration: true });
    await port.membersOf(idOf(1));
    await port.userPage(undefined);
    expect(world.asked.every((line) => line.includes(' v1.0 '))).toBe(true);
  });

  it('[groups.scope.writeback-configuration] a change of it is an item of the next round', async () => {
    const world = tenantInMemory();
    world.import({ groups: [team(1), team(2)] });
    const port = world.port({ writebackConfiguration: true });
    const first = await port.groupPage(undefined);
    if (first.type !== 'done') throw new Error('more pages than expected');
    await world.admin(
      'PATCH',
      `/groups/${idOf(2)}`,
      { writebackConfiguration: { isEnabled: false } },
      'beta',
    );
    const next = await port.groupPage(first.link);
    expect(next).toMatchObject({
      items: [{ id: idOf(2), object: { writeback: { isEnabled: false, onPremisesGroupType: null } } }],
    });
  });
});
