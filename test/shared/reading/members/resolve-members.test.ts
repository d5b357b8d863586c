import { expect, it } from 'vitest';
import type { CloudMember } from '../../../../shared/domain/cloud-object.ts';
import type { ObjectId } from '../../../../shared/domain/object-id.ts';
import { resolveMembers } from '../../../../shared/reading/members/resolve-members.ts';
import { idOf } from '../../../fakes/cloud-objects.ts';
import { readerParts } from '../reader-parts.ts';

const [ann, bob, cid, dan] = [idOf('user', 1), idOf('user', 2), idOf('user', 3), idOf('user', 4)];
const staff = idOf('group', 1);
const sid = 'S-1-5-21-1-2-3-1107';
const sidOnly = { onPremisesSyncEnabled: true, onPremisesSecurityIdentifier: sid };

function company(config: Parameters<typeof readerParts>[0] = {}) {
  const parts = readerParts(config);
  parts.tenant.putGroup(staff);
  for (const id of [ann, bob, cid, dan]) {
    parts.tenant.putUser(id);
    parts.tenant.addMember(staff, { id, type: 'user' });
  }
  return parts;
}
type Parts = ReturnType<typeof company>;

/** Keys of a complete list. */
async function listed({ deps, tenant }: Parts): Promise<string[]> {
  const members = await tenant.membersOf(staff);
  if (members === 'missing') throw new Error('no group');
  return [...(await resolveMembers(deps, { members, purpose: 'add' })).keys.values()];
}

/** Keys of members that a difference names. */
async function told({ deps }: Parts, id: ObjectId, purpose: 'add' | 'remove'): Promise<string[]> {
  const members: CloudMember[] = [{ type: 'user', id, known: false }];
  return [...(await resolveMembers(deps, { members, purpose })).keys.values()];
}

it('[groups.members.all] where scope is restricted, rows tell: present ones and unknown ones are listed', async () => {
  const parts = company({ users: { filter: () => true } });
  await parts.state.mergeRows([
    { kind: 'user', id: ann, state: 'present' },
    { kind: 'user', id: bob, state: 'outside' },
    { kind: 'user', id: cid, state: 'suspended' },
  ]);
  expect(await listed(parts)).toEqual([`u:${ann}`, `u:${dan}`]);
});

it('[groups.members.all] a row that a newer result contradicts leaves nobody out', async () => {
  const parts = company({ users: { filter: () => true } });
  const order = { epoch: 1, sequence: 2 };
  await parts.state.mergeRows([
    { kind: 'user', id: ann, state: 'outside', outcome: 'created', resultOrder: order },
  ]);
  expect(await listed(parts)).toContain(`u:${ann}`);
});

it('[groups.members.on-premises-only] with user write-back off only synced members are listed', async () => {
  const parts = company({ users: false });
  parts.tenant.putUser(ann, sidOnly);
  expect(await listed(parts)).toEqual([`s:${sid}`]);
});

it('[groups.members.on-premises-only] a member written before users were switched off is removed, never added', async () => {
  const parts = company({ users: false });
  await parts.state.mergeRows([{ kind: 'user', id: ann, state: 'present' }]);
  expect(await told(parts, ann, 'add')).toEqual([]);
  expect(await told(parts, ann, 'remove')).toEqual([`u:${ann}`]);
});

it('[groups.members.all] a difference adds who is written, asks about who has no row, and keeps the SID of who is synced', async () => {
  const parts = company({ users: { filter: () => true } });
  await parts.state.mergeRows([{ kind: 'user', id: bob, state: 'outside' }]);
  parts.tenant.putUser(cid, sidOnly);
  expect(await told(parts, ann, 'add')).toEqual([`u:${ann}`]);
  expect(await told(parts, bob, 'add')).toEqual([]);
  expect(await told(parts, cid, 'add')).toEqual([`s:${sid}`]);
  parts.tenant.purge('user', cid);
  expect(await told(parts, cid, 'remove')).toEqual([`s:${sid}`]);
});

it('[groups.kinds.role-assignable] a role-assignable group in a group is left out, unless they are taken in', async () => {
  const team = idOf('group', 2);
  for (const [groups, keys] of [
    [{}, []],
    [{ roleAssignable: true }, [`g:${team}`]],
  ] as const) {
    const { deps, tenant } = readerParts({ groups });
    for (const id of [staff, team]) tenant.putGroup(id, { isAssignableToRole: id === team });
    tenant.addMember(staff, { id: team, type: 'group' });
    const members = await tenant.membersOf(staff);
    if (members === 'missing') throw new Error('no group');
    expect([...(await resolveMembers(deps, { members, purpose: 'add' })).keys.values()]).toEqual(keys);
  }
});

it('[groups.size.20000] rows of a large list are asked for once, not once per member', async () => {
  const parts = readerParts({ users: { filter: () => true } });
  const ids = Array.from({ length: 20_000 }, (_, n) => idOf('user', n));
  await parts.state.mergeRows(
    ids.map((id, n) => ({ kind: 'user', id, state: n % 2 ? 'outside' : 'present' })),
  );
  let asked = 0;
  const { rows } = parts.state;
  parts.state.rows = (kind, some) => {
    asked++;
    return rows(kind, some);
  };
  const members = ids.map((id): CloudMember => {
    return { type: 'user', id, known: true, synced: false, sid: null, guest: false };
  });
  const { keys } = await resolveMembers(parts.deps, { members, purpose: 'add' });
  expect([keys.size, asked]).toEqual([10_000, 1]);
});

it('[groups.members.all] keeps the SIDs of synced members for their removal, however many a difference names', async () => {
  const parts = readerParts();
  const ids = Array.from({ length: 100 }, (_, at) => idOf('user', at + 1));
  const sidOf = (id: ObjectId) => `S-1-5-21-1-2-3-${2_000 + ids.indexOf(id)}`;
  for (const id of ids) parts.tenant.putUser(id, { ...sidOnly, onPremisesSecurityIdentifier: sidOf(id) });
  const members: CloudMember[] = ids.map((id) => ({ type: 'user', id, known: false }));
  const { keys } = await resolveMembers(parts.deps, { members, purpose: 'add' });
  expect([...keys.values()]).toEqual(ids.map((id) => `s:${sidOf(id)}`));
  const rows = await parts.state.rows('user', ids);
  expect(ids.map((id) => rows.get(id))).toEqual(
    ids.map((id) => expect.objectContaining({ state: 'synced', sid: sidOf(id) }) as unknown),
  );
});
