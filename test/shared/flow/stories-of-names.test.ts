import { beforeEach, describe, expect, it } from 'vitest';
import { keyOfWritten } from '../../../shared/domain/member-key.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { differencesFromExpected } from './expected.ts';
import { createFlow, type Flow, seeded } from './flow.ts';
import { membersOf, runNow } from './in-scope.ts';

const [ann, bob, cid] = [idOf('user', 1), idOf('user', 2), idOf('user', 3)];
const staff = idOf('group', 1);
const [annsName, bobsName, cidsName] = ['ann', 'bob', 'cid'].map((name) => `${name}@contoso.example`) as [
  string,
  string,
  string,
];

let flow: Flow;
beforeEach(async () => {
  flow = createFlow(seeded(9));
  flow.tenant.putUser(ann, { userPrincipalName: annsName });
  flow.tenant.putUser(bob, { userPrincipalName: bobsName });
  flow.tenant.putUser(cid, { userPrincipalName: cidsName });
  flow.tenant.putGroup(staff);
  flow.sweep();
  await flow.drain();
});

const upnOf = (id: typeof ann): string | undefined => flow.relay.entry('user', id)?.upn;
const rename = (id: typeof ann, userPrincipalName: string): void => {
  flow.tenant.putUser(id, { userPrincipalName });
  flow.ring('users', { type: 'look', ids: [id] });
};
/** Time passes until then, and what falls due happens. */
async function runUntil(at: number): Promise<void> {
  for (;;) {
    await runNow(flow);
    const due = [...flow.doorbells.users, ...flow.doorbells.groups].map(({ dueAt }) => dueAt);
    const next = Math.min(...due);
    if (next > at) break;
    flow.clock.advanceTo(next);
  }
  flow.clock.advanceTo(at);
}

describe('[users.names.swap] a name that changes hands', () => {
  it('two users swap, in less than a second', async () => {
    rename(ann, bobsName);
    rename(bob, annsName);
    await runUntil(flow.clock.now() + 1_000);
    expect([upnOf(ann), upnOf(bob)]).toEqual([bobsName, annsName]);
    await flow.drain();
    expect(differencesFromExpected(flow)).toEqual([]);
  });

  it('three in a circle', async () => {
    rename(ann, bobsName);
    rename(bob, cidsName);
    rename(cid, annsName);
    await runUntil(flow.clock.now() + 3_000);
    expect([upnOf(ann), upnOf(bob), upnOf(cid)]).toEqual([bobsName, cidsName, annsName]);
  });

  it('one takes the name that another leaves at the same moment, whoever is told first', async () => {
    for (const order of [
      [ann, bob],
      [bob, ann],
    ]) {
      flow.tenant.putUser(ann, { userPrincipalName: annsName });
      flow.tenant.putUser(bob, { userPrincipalName: bobsName });
      flow.sweep();
      await flow.drain();
      const news = new Map([
        [ann, 'ann.new@contoso.example'],
        [bob, annsName],
      ]);
      for (const id of order) rename(id, news.get(id) ?? '');
      await runUntil(flow.clock.now() + 1_000);
      expect([upnOf(ann), upnOf(bob)]).toEqual(['ann.new@contoso.example', annsName]);
    }
  });

  it('a leaver lets its name go when somebody needs it, and not before', async () => {
    flow.tenant.remove('user', ann);
    flow.ring('users', { type: 'look', ids: [ann] });
    await flow.drain();
    expect(upnOf(ann)).toBe(annsName);
    rename(bob, annsName);
    await runUntil(flow.clock.now() + 3_000);
    expect([upnOf(ann), upnOf(bob)]).toEqual([undefined, annsName]);
    expect(flow.relay.entry('user', ann)).toMatchObject({ suspended: true, enabled: false });
  });

  it('a new user waits for nothing but the name: it is in its groups at once', async () => {
    const dan = idOf('user', 4);
    flow.tenant.remove('user', ann);
    flow.ring('users', { type: 'look', ids: [ann] });
    await flow.drain();
    flow.tenant.putUser(dan, { userPrincipalName: annsName });
    flow.tenant.addMember(staff, { id: dan, type: 'user' });
    flow.ring('groups', { type: 'look', ids: [staff] });
    flow.ring('users', { type: 'look', ids: [dan] });
    await runNow(flow);
    expect(membersOf(flow, staff)).toEqual([keyOfWritten('user', dan)]);
    await runUntil(flow.clock.now() + 3_000);
    expect(upnOf(dan)).toBe(annsName);
    expect(flow.state.row('user', dan)).toMatchObject({ code: '', ringAt: null });
  });

  it('[parking.schedule] a name that is never let go is asked for soon, then on the parking schedule, in one series', async () => {
    // The cloud would not allow it; a holder whose own command fails looks just like this.
    rename(bob, annsName);
    const before = flow.relay.applied.length;
    await runUntil(flow.clock.now() + 15_000);
    expect(flow.relay.applied.length - before).toBe(4);
    expect(flow.state.row('user', bob)).toMatchObject({ outcome: 'rejected', code: 'name-awaited' });
    await runUntil(flow.clock.now() + 86_400_000);
    expect(flow.relay.applied.length - before).toBeLessThan(40);
    expect(upnOf(ann)).toBe(annsName);
  });

  it('two that both fail ask each other, and do not race', async () => {
    rename(ann, cidsName);
    rename(bob, cidsName);
    const before = flow.relay.applied.length;
    await runUntil(flow.clock.now() + 15_000);
    expect(flow.relay.applied.length - before).toBeLessThan(15);
  });
});
