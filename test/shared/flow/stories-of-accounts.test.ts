import { beforeEach, expect, it } from 'vitest';
import { idOf } from '../../fakes/cloud-objects.ts';
import { differencesFromExpected } from './expected.ts';
import { createFlow, type Flow, seeded } from './flow.ts';
import { defaultUsers, settingsWith } from './settings-with.ts';

const ann = idOf('user', 1);

let flow: Flow;
beforeEach(async () => {
  flow = createFlow(seeded(13));
  flow.tenant.putUser(ann);
  flow.sweep();
  await flow.drain();
});

async function tell(values: Parameters<Flow['tenant']['putUser']>[1]): Promise<void> {
  flow.tenant.putUser(ann, values);
  flow.ring('users', { type: 'look', ids: [ann] });
  await flow.drain();
}
/** An administrator of the domain. */
function disableOnPremises(): void {
  const entry = flow.relay.entry('user', ann);
  if (entry !== undefined) entry.enabled = false;
}
const isEnabled = (): boolean | undefined => flow.relay.entry('user', ann)?.enabled;

it('[users.account.transitions] the account follows the cloud', async () => {
  expect(isEnabled()).toBe(true);
  await tell({ accountEnabled: false });
  expect([isEnabled(), flow.state.row('user', ann)?.account]).toEqual([false, 'disabled']);
  await tell({ accountEnabled: true });
  expect([isEnabled(), flow.state.row('user', ann)?.account]).toEqual([true, 'enabled']);
  await tell({ accountEnabled: null });
  expect(isEnabled()).toBe(false);
});

it('[users.account.on-premises-disable] disabled on-premises it stays disabled, until the cloud disables and enables it', async () => {
  disableOnPremises();
  await tell({ displayName: 'Another Name' });
  expect(isEnabled()).toBe(false);
  expect(flow.state.row('user', ann)).toMatchObject({
    ...{ account: 'disabled-on-premises', notices: 'disabled-on-premises', outcome: 'updated' },
  });
  await tell({ displayName: 'Third Name' });
  expect(isEnabled()).toBe(false);
  await tell({ accountEnabled: false });
  await tell({ accountEnabled: true });
  expect(isEnabled()).toBe(true);
  expect(flow.state.row('user', ann)).toMatchObject({ account: 'enabled', notices: '' });
});

it('[users.account.on-premises-disable] a full round does not enable it either, nor does a lost state table', async () => {
  disableOnPremises();
  flow.tenant.expired.add('user');
  flow.sweep();
  await flow.drain();
  flow.state.lose();
  flow.restart('user');
  flow.restart('group');
  flow.sweep();
  await flow.drain();
  expect(isEnabled()).toBe(false);
});

it('[users.account.on-premises-disable] the owner may let it follow the cloud', async () => {
  disableOnPremises();
  flow.configure(settingsWith({ users: { onPremisesDisable: 'follow-cloud' } }));
  await tell({ displayName: 'Another Name' });
  expect(isEnabled()).toBe(true);
});

it('[users.account.on-premises-disable] who left as kept returns as it was', async () => {
  flow.configure(settingsWith({ users: { leaving: { ...defaultUsers.leaving, softDelete: 'keep' } } }));
  disableOnPremises();
  await tell({ displayName: 'Another Name' });
  flow.tenant.remove('user', ann);
  flow.ring('users', { type: 'look', ids: [ann] });
  await flow.drain();
  await tell({});
  expect(isEnabled()).toBe(false);
});

it('[users.account.on-premises-disable] [users.leaving.out-of-scope] who was out of scope returns as it was', async () => {
  const bob = idOf('user', 2);
  flow.tenant.putUser(bob);
  flow.sweep();
  await flow.drain();
  disableOnPremises();
  const leaveAndReturn = async (): Promise<void> => {
    for (const userType of ['Guest', 'Member']) {
      for (const id of [ann, bob]) flow.tenant.putUser(id, { userType });
      flow.sweep();
      await flow.drain();
    }
  };
  await leaveAndReturn();
  await leaveAndReturn();
  expect([isEnabled(), flow.relay.entry('user', bob)?.enabled]).toEqual([false, true]);
  expect(flow.state.row('user', ann)).toMatchObject({ notices: 'disabled-on-premises' });
  // The cloud has a word of its own.
  await tell({ accountEnabled: false });
  await tell({ accountEnabled: true });
  expect(isEnabled()).toBe(true);
});

it('[users.account.transitions] a crash after a disabling command does not make it look like somebody else’s', async () => {
  flow.tenant.putUser(ann, { accountEnabled: false });
  flow.ring('users', { type: 'look', ids: [ann] });
  flow.crashNext.add('user');
  // Sent, and nothing of it committed.
  await flow.step();
  expect([flow.relay.busyLanes().length, flow.state.row('user', ann)?.outcome]).toEqual([1, 'created']);
  flow.tenant.putUser(ann, { accountEnabled: true, displayName: 'Another Name' });
  await flow.drain();
  expect(isEnabled()).toBe(true);
  expect(flow.state.log.flatMap(({ notices }) => notices)).toEqual([]);
});

it('[users.account.transitions] nor does a crash after the command that created the account disabled', async () => {
  const bob = idOf('user', 2);
  flow.tenant.putUser(bob, { accountEnabled: false });
  flow.ring('users', { type: 'look', ids: [bob] });
  flow.crashNext.add('user');
  await flow.step();
  expect(flow.relay.busyLanes().length).toBe(1);
  flow.tenant.putUser(bob, { accountEnabled: true });
  await flow.drain();
  expect(flow.relay.entry('user', bob)?.enabled).toBe(true);
  expect(flow.state.log.flatMap(({ notices }) => notices)).toEqual([]);
});

it('[users.account.transitions] a restored user is enabled', async () => {
  flow.tenant.remove('user', ann);
  flow.ring('users', { type: 'look', ids: [ann] });
  await flow.drain();
  expect(isEnabled()).toBe(false);
  flow.tenant.restore('user', ann);
  flow.ring('users', { type: 'look', ids: [ann] });
  await flow.drain();
  expect(differencesFromExpected(flow)).toEqual([]);
  expect(isEnabled()).toBe(true);
});

it('[users.account.transitions] [parking.others-flow] whom a mapping fails for is disabled with the cloud, and enabled once it is mapped again', async () => {
  const failing = () => {
    throw new TypeError('no');
  };
  const info = { from: failing, when: 'always', empty: 'clear' } as const;
  flow.configure(settingsWith({ users: { attributes: { ...defaultUsers.attributes, info } } }));
  flow.sweep();
  // It is parked and tried again, so it never rests; what is due now is done.
  const runNow = async () => {
    while (await flow.step());
  };
  await runNow();
  const values = flow.relay.entry('user', ann)?.values;
  flow.tenant.putUser(ann, { accountEnabled: false, displayName: 'Cannot Be Written' });
  flow.ring('users', { type: 'look', ids: [ann] });
  await runNow();
  expect(isEnabled()).toBe(false);
  expect(flow.relay.entry('user', ann)).toMatchObject({ values, suspended: false });
  const row = flow.state.row('user', ann);
  expect(row).toMatchObject({ outcome: 'rejected', code: 'mapping-failed', account: 'disabled' });
  flow.tenant.putUser(ann, { accountEnabled: true });
  flow.configure(settingsWith({}));
  flow.sweep();
  await flow.drain();
  expect(isEnabled()).toBe(true);
  expect(differencesFromExpected(flow)).toEqual([]);
});
