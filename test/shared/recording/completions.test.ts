import { expect, test } from 'vitest';
import { fakeState } from '../../fakes/state.ts';
import { ann, commitOn, guid, order, recordOn, resultOf, staff, team } from './recorder-parts.ts';

test('[users.returning.recycle-bin] who is back is asked for in the groups that it came back into', async () => {
  const state = fakeState();
  await commitOn(state, 1, { objectGuid: guid, leftFor: 'softDelete' });
  await recordOn(state, [resultOf({ order: order(1), state: 'absent', outcome: 'deleted' })]);
  await commitOn(state, 2);
  const back = resultOf({ order: order(2), objectGuid: guid, memberOf: [staff, team] });
  const sent = await recordOn(state, [back]);
  const wants = sent.flatMap(({ message }) => ('want' in message ? [message.want] : []));
  expect(wants[0]).toEqual({
    type: 'memberships',
    members: [{ kind: 'user', id: ann, groups: [staff, team] }],
  });
});
