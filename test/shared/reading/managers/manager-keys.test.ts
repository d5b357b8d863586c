import { expect, it } from 'vitest';
import type { ObjectId } from '../../../../shared/domain/object-id.ts';
import { managerKeysOf } from '../../../../shared/reading/managers/manager-keys.ts';
import { idOf } from '../../../fakes/cloud-objects.ts';
import { readerParts } from '../reader-parts.ts';

const [ann, boss] = [idOf('user', 1), idOf('user', 2)];
const sid = 'S-1-5-21-1-2-3-1107';
type Parts = ReturnType<typeof readerParts>;

/** Ann reports to the boss. */
function company(
  config: Parameters<typeof readerParts>[0] = {},
  values: Parameters<Parts['tenant']['putUser']>[1] = {},
) {
  const parts = readerParts(config);
  parts.tenant.putUser(boss, values);
  parts.tenant.putUser(ann);
  parts.tenant.setManager(ann, boss);
  return parts;
}

/** The key of Ann's manager, as a direct read of her shows it. */
async function keyOfAnns({ deps, tenant }: Parts): Promise<string | null | undefined> {
  const looked = (await tenant.lookUsers([ann])).get(ann);
  if (looked?.found !== 'live') throw new Error('Ann is not live');
  return (await managerKeysOf(deps, [looked.object])).get(ann);
}

/** The same as a page shows it: by id only. */
async function keyByPage({ deps, tenant }: Parts, id: ObjectId = boss): Promise<string | null | undefined> {
  const { users } = tenant.world();
  const user = users.get(ann)?.object;
  if (user === undefined) throw new Error('no Ann');
  return (await managerKeysOf(deps, [{ ...user, manager: { type: 'user', id, known: false } }])).get(ann);
}

it('[users.attributes.manager] a written manager is named by id, a synced one by SID, nobody by null', async () => {
  expect(await keyOfAnns(company())).toBe(`u:${boss}`);
  const synced = company({}, { onPremisesSyncEnabled: true, onPremisesSecurityIdentifier: sid });
  expect(await keyOfAnns(synced)).toBe(`s:${sid}`);
  expect(synced.state.row('user', boss)).toMatchObject({ state: 'synced', sid });
  const alone = company();
  alone.tenant.setManager(ann, null);
  expect(await keyOfAnns(alone)).toBeNull();
});

it('[users.attributes.manager] a manager that is out of scope, or has left, is nobody', async () => {
  expect(await keyOfAnns(company({}, { userType: 'Guest' }))).toBeNull();
  const left = company();
  left.tenant.remove('user', boss);
  expect(await keyOfAnns(left)).toBeNull();
});

it('[users.attributes.manager] where scope is restricted, the manager’s row tells; a row that denies is checked', async () => {
  const config = {
    users: { filter: ({ department }: { department: string | null }) => department === 'IT' },
  };
  const outside = company(config, { department: 'Robots' });
  expect(await keyOfAnns(outside)).toBe(`u:${boss}`);
  await outside.state.mergeRows([{ kind: 'user', id: boss, state: 'outside' }]);
  expect(await keyOfAnns(outside)).toBeNull();
  outside.tenant.putUser(boss, { department: 'IT' });
  expect(await keyOfAnns(outside)).toBe(`u:${boss}`);
});

it('[users.attributes.manager] a filter that throws for the manager costs its reports nothing but the manager', async () => {
  const config = {
    users: {
      filter: (): boolean => {
        throw new Error('never in a log');
      },
    },
  };
  const parts = company(config);
  await parts.state.mergeRows([{ kind: 'user', id: boss, state: 'outside' }]);
  expect(await keyOfAnns(parts)).toBeNull();
});

it('a page names the manager by id: its row tells, else the tenant is asked', async () => {
  const parts = company({}, { onPremisesSyncEnabled: true, onPremisesSecurityIdentifier: sid });
  expect(await keyByPage(parts)).toBe(`s:${sid}`);
  parts.tenant.purge('user', boss);
  expect(await keyByPage(parts)).toBe(`s:${sid}`);
  expect(await keyByPage(parts, idOf('user', 9))).toBe(`u:${idOf('user', 9)}`);
  await parts.state.mergeRows([{ kind: 'user', id: idOf('user', 9), state: 'suspended' }]);
  expect(await keyByPage(parts, idOf('user', 9))).toBeNull();
});

it('whoever’s manager was not read is left out; everybody is where managers are not written', async () => {
  const parts = company();
  const user = parts.tenant.world().users.get(ann)?.object;
  if (user === undefined) throw new Error('no Ann');
  expect((await managerKeysOf(parts.deps, [user])).size).toBe(0);
  for (const users of [false, { manager: false }] as const) {
    expect(await keyOfAnns(company({ users }))).toBeUndefined();
  }
});
