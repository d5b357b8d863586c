import { expect, it } from 'vitest';
import { keyOfWritten } from '../../../shared/domain/member-key.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { differencesFromExpected } from './expected.ts';
import { flowUnder, membersOf, notify } from './in-scope.ts';

const [ann, bob] = [idOf('user', 1), idOf('user', 2)];
const [staff, team] = [idOf('group', 1), idOf('group', 2)];

it('[users.leaving.leavers-ou] without a leavers’ OU it is parked, and is in no group and nobody’s manager all the same', async () => {
  const flow = await flowUnder({ users: { leaving: { softDelete: 'leavers' } } });
  for (const id of [ann, bob]) flow.tenant.putUser(id);
  for (const id of [staff, team]) flow.tenant.putGroup(id);
  flow.tenant.setManager(bob, ann);
  for (const id of [staff, team]) flow.tenant.addMember(id, { id: ann, type: 'user' });
  flow.sweep();
  await flow.drain();
  const { work } = flow.relay;
  let isConfigured = false;
  flow.relay.work = (lane) => {
    const result = work(lane);
    if (result.state !== 'suspended' || isConfigured) return result;
    return { ...result, outcome: 'rejected', code: 'leavers-missing', reason: 'for the test' };
  };
  flow.tenant.remove('user', ann);
  await notify(flow, 'user', ann);
  expect(flow.state.row('user', ann)).toMatchObject({ code: 'leavers-missing', awaited: true });
  expect([membersOf(flow, staff), membersOf(flow, team)].flat()).not.toContain(keyOfWritten('user', ann));
  expect(flow.relay.entry('user', bob)?.manager).toBeUndefined();
  flow.tenant.restore('user', ann);
  isConfigured = true;
  await notify(flow, 'user', ann);
  await flow.drain();
  expect(differencesFromExpected(flow)).toEqual([]);
});
