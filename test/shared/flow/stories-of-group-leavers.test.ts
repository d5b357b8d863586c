import { describe, expect, it } from 'vitest';
import { keyOfWritten } from '../../../shared/domain/member-key.ts';
import type { GroupStay, LeavePolicy } from '../../../shared/domain/settings.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { differencesFromExpected } from './expected.ts';
import type { Flow } from './flow.ts';
import { flowUnder, membersOf, notify, runNow } from './in-scope.ts';
import { keyOfMember } from './small-directory.ts';

const [ann, bob] = [idOf('user', 1), idOf('user', 2)];
const [staff, team] = [idOf('group', 1), idOf('group', 2)];
const [annKey, bobKey, teamKey] = [
  keyOfWritten('user', ann),
  keyOfWritten('user', bob),
  keyOfWritten('group', team),
];
const dayMs = 86_400_000;

/** Staff lists the team, which lists Ann. Groups that owners make private are out of scope. */
async function company(
  leaving: Partial<Record<'softDelete' | 'outOfScope', LeavePolicy<GroupStay>>>,
): Promise<Flow> {
  const flow = await flowUnder({ groups: { leaving, filter: ({ visibility }) => visibility !== 'Private' } });
  for (const id of [ann, bob]) flow.tenant.putUser(id);
  for (const id of [staff, team]) flow.tenant.putGroup(id);
  flow.tenant.addMember(staff, { id: team, type: 'group' });
  flow.tenant.addMember(team, { id: ann, type: 'user' });
  flow.sweep();
  await flow.drain();
  expect(differencesFromExpected(flow)).toEqual([]);
  return flow;
}

async function leave(flow: Flow, cause: 'softDelete' | 'outOfScope'): Promise<void> {
  if (cause === 'softDelete') flow.tenant.remove('group', team);
  else flow.tenant.putGroup(team, { visibility: 'Private' });
  await notify(flow, 'group', team);
}

async function comeBack(flow: Flow, cause: 'softDelete' | 'outOfScope'): Promise<void> {
  if (cause === 'softDelete') flow.tenant.restore('group', team);
  else flow.tenant.putGroup(team, { visibility: 'Public' });
  await notify(flow, 'group', team);
}

describe.each(['softDelete', 'outOfScope'] as const)('groups that leave by %s', (cause) => {
  it.each(['convert', 'empty', 'keep'] as const)(
    '[groups.leaving] %s for N days, then deleted; the row remembers the SID',
    async (until) => {
      const flow = await company({ [cause]: { deleteAfterDays: 20, until } });
      const sid = flow.relay.entry('group', team)?.sid;
      await leave(flow, cause);
      flow.clock.advance(20 * dayMs - 1_000);
      await runNow(flow);
      expect(flow.relay.entry('group', team)).toMatchObject({ suspended: true, security: until === 'keep' });
      expect(membersOf(flow, team)).toEqual(until === 'empty' ? [] : [annKey]);
      expect(membersOf(flow, staff)).toEqual([]);
      flow.clock.advance(3_000);
      await runNow(flow);
      expect(flow.relay.entry('group', team)).toBeUndefined();
      expect(flow.state.row('group', team)).toMatchObject({
        ...{ state: 'absent', leftFor: cause, objectGuid: '', formerSid: sid },
      });
    },
  );

  it('[groups.leaving] [groups.returning] who is back before that day stays, and has all the days when it leaves again', async () => {
    const flow = await company({ [cause]: { deleteAfterDays: 20, until: 'convert' } });
    const sid = flow.relay.entry('group', team)?.sid;
    await leave(flow, cause);
    flow.clock.advance(12 * dayMs);
    await comeBack(flow, cause);
    flow.clock.advance(12 * dayMs);
    await runNow(flow);
    expect(flow.relay.entry('group', team)).toMatchObject({ sid, security: true });
    expect(differencesFromExpected(flow)).toEqual([]);
    await leave(flow, cause);
    flow.clock.advance(12 * dayMs);
    await runNow(flow);
    expect(flow.relay.entry('group', team)).toMatchObject({ sid, suspended: true });
    await flow.drain();
    expect(flow.relay.entry('group', team)).toBeUndefined();
  });

  it('[groups.leaving] [groups.returning] kept: as it was, but in no group; back with its members and memberships', async () => {
    const flow = await company({ [cause]: 'keep' });
    const before = { ...flow.relay.entry('group', team) };
    await leave(flow, cause);
    await flow.drain();
    const { guid, sid, values } = before;
    expect(flow.relay.entry('group', team)).toMatchObject({
      guid,
      sid,
      values,
      suspended: true,
      security: true,
    });
    expect(membersOf(flow, team)).toEqual([annKey]);
    expect(membersOf(flow, staff)).toEqual([]);
    flow.tenant.addMember(team, { id: bob, type: 'user' });
    await comeBack(flow, cause);
    expect(flow.relay.entry('group', team)).toMatchObject({
      guid,
      sid,
      values,
      suspended: false,
      security: true,
    });
    expect(membersOf(flow, team)).toEqual([annKey, bobKey]);
    expect(membersOf(flow, staff)).toEqual([teamKey]);
    await flow.drain();
    expect(differencesFromExpected(flow)).toEqual([]);
  });
});

it('[groups.synced] a group that becomes synced is let go, whatever the policies say: name, kind, members and memberships stay', async () => {
  const flow = await company({ softDelete: 'delete', outOfScope: 'delete' });
  const entry = flow.relay.entry('group', team);
  const { guid = '', sid = '', values } = entry ?? {};
  const before = flow.relay.applied.length;
  flow.tenant.putGroup(team, {
    ...{ onPremisesSyncEnabled: true, onPremisesSecurityIdentifier: sid },
    ...{ displayName: 'Renamed on-premises', visibility: 'Private' },
  });
  flow.tenant.addMember(team, { id: bob, type: 'user' });
  await notify(flow, 'group', team);
  flow.tenant.expired.add('group');
  flow.sweep();
  await flow.drain();
  const about = flow.relay.applied.slice(before).filter(({ id }) => id === team);
  expect(about).toMatchObject([{ type: 'group', state: 'released', objectGuid: guid }]);
  expect(entry).toMatchObject({ released: true, values, security: true, suspended: false });
  expect([...(entry?.members ?? [])].map(keyOfMember)).toEqual([annKey]);
  expect(membersOf(flow, staff)).toEqual([`s:${sid}`]);
  expect(flow.state.row('group', team)).toMatchObject({ state: 'released', objectGuid: '', sid });
});
