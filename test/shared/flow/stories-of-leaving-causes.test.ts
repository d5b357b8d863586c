import { expect, it } from 'vitest';
import { keyOfWritten } from '../../../shared/domain/member-key.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { differencesFromExpected } from './expected.ts';
import type { Flow } from './flow.ts';
import { flowUnder, membersOf, notify } from './in-scope.ts';

/* Three causes with a policy each, none of them the default: whoever takes one cause for another is found out. */

const [ann, bob] = [idOf('user', 1), idOf('user', 2)];
const [staff, team, club] = [idOf('group', 1), idOf('group', 2), idOf('group', 3)];

async function fill(flow: Flow): Promise<Flow> {
  for (const id of [ann, bob]) flow.tenant.putUser(id);
  for (const id of [staff, team, club]) flow.tenant.putGroup(id);
  for (const id of [ann, bob]) flow.tenant.addMember(staff, { id, type: 'user' });
  for (const id of [team, club]) flow.tenant.addMember(staff, { id, type: 'group' });
  for (const id of [team, club]) flow.tenant.addMember(id, { id: ann, type: 'user' });
  flow.sweep();
  await flow.drain();
  expect(differencesFromExpected(flow)).toEqual([]);
  return flow;
}

it('[users.leaving.out-of-scope] [users.leaving.hard-delete] [users.leaving.soft-delete] users: kept, moved, disabled', async () => {
  const leaving = { softDelete: 'disable', hardDelete: 'leavers', outOfScope: 'keep' } as const;
  const flow = await fill(await flowUnder({ users: { leaving } }));
  flow.tenant.putUser(bob, { userType: 'Guest' });
  await notify(flow, 'user', bob);
  await flow.drain();
  const kept = { suspended: true, enabled: true, place: 'destination' };
  expect(flow.relay.entry('user', bob)).toMatchObject(kept);
  flow.tenant.remove('user', ann);
  await notify(flow, 'user', ann);
  expect(flow.relay.entry('user', ann)).toMatchObject({ enabled: false, place: 'destination' });
  flow.tenant.purge('user', ann);
  flow.sweep();
  await flow.drain();
  expect(flow.relay.entry('user', ann)).toMatchObject({ enabled: false, place: 'leavers' });
  expect(flow.state.row('user', ann)?.leftFor).toBe('hardDelete');
  expect(flow.relay.entry('user', bob)).toMatchObject(kept);
  for (const id of [ann, bob]) expect(membersOf(flow, staff)).not.toContain(keyOfWritten('user', id));
  flow.tenant.putUser(bob, { userType: 'Member' });
  await notify(flow, 'user', bob);
  expect(membersOf(flow, staff)).toContain(keyOfWritten('user', bob));
});

it('[groups.leaving] groups: kept, emptied, deleted', async () => {
  const leaving = { softDelete: 'keep', hardDelete: 'empty', outOfScope: 'delete' } as const;
  const filter = ({ visibility }: { visibility: string | null }) => visibility !== 'Private';
  const flow = await fill(await flowUnder({ groups: { leaving, filter } }));
  flow.tenant.putGroup(club, { visibility: 'Private' });
  await notify(flow, 'group', club);
  await flow.drain();
  expect(flow.relay.entry('group', club)).toBeUndefined();
  expect(flow.state.row('group', club)).toMatchObject({ state: 'absent', leftFor: 'outOfScope' });
  flow.tenant.remove('group', team);
  await notify(flow, 'group', team);
  expect(flow.relay.entry('group', team)).toMatchObject({ suspended: true, security: true });
  expect(membersOf(flow, team)).toEqual([keyOfWritten('user', ann)]);
  flow.tenant.purge('group', team);
  flow.sweep();
  await flow.drain();
  expect(flow.relay.entry('group', team)).toMatchObject({ suspended: true, security: false });
  expect(membersOf(flow, team)).toEqual([]);
  expect(flow.state.row('group', team)?.leftFor).toBe('hardDelete');
  expect(membersOf(flow, staff)).toEqual([keyOfWritten('user', ann), keyOfWritten('user', bob)]);
});
