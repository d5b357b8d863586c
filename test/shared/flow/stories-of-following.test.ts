import { beforeEach, expect, it } from 'vitest';
import { settingsFrom } from '../../../shared/configuration/settings-from.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { differencesFromExpected } from './expected.ts';
import { createFlow, type Flow, seeded } from './flow.ts';
import { membersOf, runNow } from './in-scope.ts';

/* Groups follow users: their lists are read when the users have their entries. */

const people = Array.from({ length: 40 }, (_, n) => idOf('user', n));
const [staff, team] = [idOf('group', 1), idOf('group', 2)];

const isIt = ({ department }: { department: string | null }): boolean => department === 'IT';
let flow: Flow;
beforeEach(async () => {
  flow = createFlow(seeded(17), { pagesInFlight: 1 });
  flow.configure(settingsFrom({ users: { filter: isIt } }));
  for (const id of people) flow.tenant.putUser(id, { department: 'Sales' });
  for (const id of [staff, team]) flow.tenant.putGroup(id);
  for (const id of people) flow.tenant.addMember(staff, { id, type: 'user' });
  flow.sweep();
  await flow.drain();
  expect(membersOf(flow, staff)).toEqual([]);
});

it('[config.full-round] a changed configuration reads users first: one list each, when they have entries', async () => {
  const before = flow.tenant.reads.memberships;
  const lists = (): number =>
    flow.relay.applied.filter(({ type, id }) => type === 'slice' && id === staff).length;
  const listed = lists();
  flow.configure(settingsFrom({}));
  flow.sweep();
  await runNow(flow);
  // Its lists wait until every replica shows what its pages knew.
  flow.clock.advance(61_000);
  await runNow(flow);
  expect(membersOf(flow, staff)).toHaveLength(people.length);
  expect(lists() - listed).toBe(1);
  expect(flow.tenant.reads.memberships - before).toBeLessThan(people.length / 4);
  await flow.drain();
  expect(differencesFromExpected(flow)).toEqual([]);
  expect((await flow.state.cursor('group'))?.mapping).toBe(flow.writeback.hash);
});

it('[config.full-round] until then the old delta link tells what changes in groups', async () => {
  const writer = idOf('user', 90);
  flow.tenant.putUser(writer, { department: 'IT' });
  flow.sweep();
  await flow.drain();
  flow.configure(settingsFrom({}));
  // The users' round has not even begun.
  flow.tenant.addMember(team, { id: writer, type: 'user' });
  flow.ring('groups', { type: 'round' }, { cause: 'sweep' });
  await runNow(flow);
  expect(membersOf(flow, team)).toEqual([`u:${writer}`]);
  expect((await flow.state.cursor('group'))?.mapping).not.toBe(flow.writeback.hash);
});

it('[config.full-round] where no users are written groups begin all the same', async () => {
  flow.configure(settingsFrom({ users: false }));
  flow.sweep();
  await flow.drain();
  expect((await flow.state.cursor('group'))?.mapping).toBe(flow.writeback.hash);
});
