import { beforeEach, expect, it } from 'vitest';
import { settingsFrom } from '../../../shared/configuration/settings-from.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { differencesFromExpected } from './expected.ts';
import { createFlow, type Flow } from './flow.ts';
import { flowUnder, notify } from './in-scope.ts';
import { keyOfMember } from './small-directory.ts';

const [ann, bob, boss] = [idOf('user', 1), idOf('user', 2), idOf('user', 3)];
const sid = 'S-1-5-21-1-2-3-1107';

let flow: Flow;
beforeEach(async () => {
  flow = await flowUnder({});
  for (const id of [ann, bob, boss]) flow.tenant.putUser(id);
  flow.sweep();
  await flow.drain();
});

function managerOf(id = ann): string | undefined {
  const manager = flow.relay.entry('user', id)?.manager;
  return manager && keyOfMember(manager);
}

it('[users.attributes.manager] a manager comes, changes and goes', async () => {
  for (const [manager, key] of [
    [boss, `u:${boss}`],
    [bob, `u:${bob}`],
    [null, undefined],
  ] as const) {
    flow.tenant.setManager(ann, manager);
    await notify(flow, 'user', ann);
    expect(managerOf()).toBe(key);
  }
});

it('[users.attributes.manager] a manager that is written later is completed when it gets its entry', async () => {
  const late = idOf('user', 9);
  flow.tenant.putUser(late);
  flow.tenant.setManager(ann, late);
  await notify(flow, 'user', ann);
  expect([managerOf(), flow.state.row('user', late)?.awaited]).toEqual([undefined, true]);
  await notify(flow, 'user', late);
  expect(managerOf()).toBe(`u:${late}`);
});

it('[users.attributes.manager] so is one that got its entry at the same moment, though a replica does not know the report yet', async () => {
  // In a full round, which completes by name only. The report is worked on first, and both results are recorded together.
  flow = createFlow(() => 0.3);
  flow.sweep();
  await flow.drain();
  for (const id of [ann, boss]) flow.tenant.putUser(id);
  flow.tenant.setManager(ann, boss);
  flow.tenant.expired.add('user');
  flow.sweep();
  while (!flow.doorbells.users.some(({ ring }) => ring.cause === 'completion')) await flow.step();
  expect(managerOf()).toBeUndefined();
  let reads = 0;
  flow.tenant.lag.reads = () => (reads++ === 0 ? 3 : 0);
  await flow.drain();
  expect(reads).toBeGreaterThan(1);
  expect(managerOf()).toBe(`u:${boss}`);
});

it('[users.attributes.manager] so is everybody in the first full round, in whatever order its pages come', async () => {
  flow = await flowUnder({});
  const everybody = Array.from({ length: 20 }, (_, n) => idOf('user', n));
  for (const id of everybody) flow.tenant.putUser(id);
  for (const [n, id] of everybody.entries()) flow.tenant.setManager(id, everybody[(n * 7 + 3) % 20] ?? null);
  flow.tenant.expired.add('user');
  flow.sweep();
  await flow.drain();
  expect(everybody.filter((id) => managerOf(id) !== undefined)).toHaveLength(20);
  expect(differencesFromExpected(flow)).toEqual([]);
});

it('[users.attributes.manager] a manager that leaves is nobody’s manager, and is again when it is back', async () => {
  for (const id of [ann, bob]) flow.tenant.setManager(id, boss);
  flow.sweep();
  await flow.drain();
  flow.tenant.remove('user', boss);
  await notify(flow, 'user', boss);
  expect([managerOf(ann), managerOf(bob)]).toEqual([undefined, undefined]);
  flow.tenant.restore('user', boss);
  await notify(flow, 'user', boss);
  expect([managerOf(ann), managerOf(bob)]).toEqual([`u:${boss}`, `u:${boss}`]);
});

it('[users.attributes.manager] so is one whose return only a full round sees', async () => {
  flow.tenant.setManager(ann, boss);
  flow.tenant.remove('user', boss);
  flow.sweep();
  await flow.drain();
  expect(managerOf()).toBeUndefined();
  flow.tenant.restore('user', boss);
  flow.tenant.expired.add('user');
  flow.sweep();
  await flow.drain();
  expect(managerOf()).toBe(`u:${boss}`);
});

it('[users.attributes.manager] a synced manager is named by its SID; one that becomes synced, from then on', async () => {
  flow.tenant.setManager(ann, boss);
  await notify(flow, 'user', ann);
  flow.tenant.putUser(boss, { onPremisesSyncEnabled: true, onPremisesSecurityIdentifier: sid });
  await notify(flow, 'user', boss);
  flow.tenant.putUser(ann, { jobTitle: 'Smith' });
  await notify(flow, 'user', ann);
  expect(managerOf()).toBe(`s:${sid}`);
});

it('[users.attributes.manager] [users.scope.entering-leaving] a manager out of scope is nobody, until it enters', async () => {
  flow = await flowUnder({ users: { filter: ({ department }) => department !== 'Robots' } });
  flow.tenant.putUser(boss, { department: 'Robots' });
  flow.tenant.putUser(ann);
  flow.tenant.setManager(ann, boss);
  flow.sweep();
  await flow.drain();
  expect(managerOf()).toBeUndefined();
  flow.tenant.putUser(boss, { department: 'IT' });
  await notify(flow, 'user', boss);
  await flow.drain();
  expect(managerOf()).toBe(`u:${boss}`);
  flow.tenant.putUser(boss, { department: 'Robots' });
  await notify(flow, 'user', boss);
  expect(managerOf()).toBeUndefined();
});

it('[users.attributes.manager] the owner may leave managers alone', async () => {
  flow.tenant.setManager(ann, boss);
  await notify(flow, 'user', ann);
  flow.configure(settingsFrom({ users: { manager: false } }));
  flow.tenant.setManager(ann, bob);
  flow.sweep();
  await flow.drain();
  expect(managerOf()).toBe(`u:${boss}`);
});

it('[users.attributes.manager] people may manage each other', async () => {
  flow.tenant.setManager(ann, bob);
  flow.tenant.setManager(bob, ann);
  flow.sweep();
  await flow.drain();
  expect(differencesFromExpected(flow)).toEqual([]);
  // Two leavers that manage each other come to rest: else `drain` would not end.
  for (const id of [ann, bob]) flow.tenant.remove('user', id);
  flow.sweep();
  await flow.drain();
  for (const id of [ann, bob]) flow.tenant.restore('user', id);
  flow.sweep();
  await flow.drain();
  expect([managerOf(ann), managerOf(bob)]).toEqual([`u:${bob}`, `u:${ann}`]);
});
