import { beforeEach, describe, expect, test } from 'vitest';
import type { Result } from '../../../shared/contracts/result.ts';
import { keyOfWritten } from '../../../shared/domain/member-key.ts';
import type { Outgoing, Row } from '../../../shared/ports.ts';
import { type FakeState, fakeState } from '../../fakes/state.ts';
import {
  ann,
  bob,
  clock,
  commitOn,
  completions,
  guid,
  order,
  recordOn,
  resultOf,
  rungs,
  staff,
} from './recorder-parts.ts';

let state: FakeState;
beforeEach(() => {
  state = fakeState();
});

const record = (results: readonly Result[]): Promise<Outgoing[]> => recordOn(state, results);
const committed = (sequence: number, more: Partial<Row> = {}): Promise<void> =>
  commitOn(state, sequence, more);

describe('who may return', () => {
  const deleted = (sequence: number) =>
    resultOf({ order: order(sequence), state: 'absent', outcome: 'deleted' });

  test('[users.returning.new-sid] the row of a deleted entry keeps its SID, and is clean once the object is back', async () => {
    await committed(1, {
      state: 'absent',
      leftFor: 'softDelete',
      objectGuid: guid,
      objectSid: 'S-1-5-21-1-2-3-1',
    });
    await record([deleted(1)]);
    expect(state.row('user', ann)).toMatchObject({
      ...{
        outcome: 'deleted',
        objectGuid: '',
        objectSid: '',
        formerGuid: guid,
        formerSid: 'S-1-5-21-1-2-3-1',
      },
      ...{ awaited: true, account: '' },
    });
    await committed(2);
    const back = resultOf({
      ...{ order: order(2), cause: 'full-round', notices: ['sid-new'], account: 'enabled' },
      ...{ objectGuid: guid.replaceAll('1', '9'), objectSid: 'S-1-5-21-1-2-3-2' },
    });
    expect(rungs(await record([back]))).toEqual(completions);
    expect(state.row('user', ann)).toMatchObject({
      ...{ outcome: 'created', objectSid: 'S-1-5-21-1-2-3-2', formerGuid: '', formerSid: '', awaited: false },
      ...{ notices: 'sid-new', account: 'enabled' },
    });
  });

  test('a deletion of which the row does not know why keeps the row, and is looked at', async () => {
    await committed(1, { objectGuid: guid });
    expect(rungs(await record([deleted(2)]))).toEqual(['users again look']);
    expect(state.row('user', ann)).toMatchObject({ outcome: 'deleted', formerGuid: guid });
  });

  test('[users.returning.same-account] a rejected return is completed when it succeeds', async () => {
    await committed(1, { state: 'suspended', objectGuid: guid });
    await record([resultOf({ order: order(1), state: 'suspended', outcome: 'suspended' })]);
    await committed(2);
    const rejected = { outcome: 'rejected', code: 'value-refused', objectGuid: guid } as const;
    expect(rungs(await record([resultOf({ order: order(2), ...rejected })]))).toEqual(['users parked look']);
    await committed(3);
    const back = resultOf({ order: order(3), outcome: 'updated', objectGuid: guid });
    expect(rungs(await record([back]))).toEqual(completions);
  });
});

describe('departures', () => {
  test('[users.attributes.manager] who still reports to a leaver is looked at', async () => {
    await committed(1, { objectGuid: guid });
    const sent = await record([resultOf({ state: 'suspended', outcome: 'suspended', reports: [bob] })]);
    expect(rungs(sent)).toEqual(['users departure look', 'users departure look']);
    expect(sent[0]?.message).toMatchObject({ want: { ids: [bob] } });
  });

  test('[users.account.transitions] that the account is disabled is told by the result; of a kept one nothing is told', async () => {
    const left = { state: 'suspended', outcome: 'suspended' } as const;
    await committed(1, { account: 'disabled-on-premises' });
    await record([resultOf(left)]);
    expect(state.row('user', ann)?.account).toBe('disabled-on-premises');
    await committed(2);
    await record([resultOf({ ...left, order: order(2), account: 'disabled' })]);
    expect(state.row('user', ann)?.account).toBe('disabled');
  });

  test('[users.account.on-premises-disable] what a command of ours disabled nobody else did: it is sent again', async () => {
    await committed(2, { enabled: true, account: 'enabled' });
    // A zombie's, of which the reader knew nothing when it sent the second.
    await record([resultOf({ outcome: 'updated', account: 'disabled' })]);
    const kept = { order: order(2), outcome: 'updated', account: 'disabled-on-premises' } as const;
    const sent = await record([resultOf({ ...kept, notices: ['disabled-on-premises'] })]);
    expect(rungs(sent)).toEqual(['users completion look']);
    expect(state.row('user', ann)).toMatchObject({ account: 'disabled', notices: '' });
  });
});

describe('[users.names.swap] a name that is waited for', () => {
  const waiting = (sequence: number, part: Partial<Result> = {}) =>
    resultOf({
      ...{ order: order(sequence), outcome: 'rejected', code: 'name-awaited' },
      ...{ holders: [{ kind: 'user', id: bob }], ...part },
    });

  test('rings its holder at once, and the object itself very soon, then slower', async () => {
    const waits: number[] = [];
    for (let n = 1; n <= 5; n++) {
      await committed(n);
      const sent = await record([waiting(n)]);
      expect(rungs(sent).sort()).toEqual(['users name look', 'users name look']);
      const holders = sent.find(({ message }) => 'want' in message && 'nameWanted' in message.want);
      expect(holders?.message).toMatchObject({ want: { ids: [bob], nameWanted: true } });
      const ringAt = state.row('user', ann)?.ringAt ?? 0;
      waits.push(ringAt - clock.now());
      // A ring before its time would be dropped.
      const own = sent.find(({ message }) => 'want' in message && !('nameWanted' in message.want));
      expect(own !== undefined && 'dueAt' in own ? own.dueAt : 0).toBeGreaterThan(ringAt);
      clock.advanceTo(ringAt);
    }
    expect(waits).toEqual([400, 2_000, 10_000, 60_000, 300_000]);
  });

  test('asked before its time it rings nobody else: two that wait for each other do not race', async () => {
    await committed(1);
    await record([waiting(1)]);
    await committed(2);
    expect((await record([waiting(2)])).map(({ message }) => 'want' in message && message.want)).toEqual([
      { type: 'look', ids: [ann] },
    ]);
  });

  test('an entry that was made without its name is an entry: its memberships are completed', async () => {
    await committed(1);
    const sent = await record([waiting(1, { objectGuid: guid, account: 'enabled' })]);
    expect(rungs(sent)).toEqual(['users name look', 'users name look', ...completions]);
    expect(state.row('user', ann)).toMatchObject({
      outcome: 'rejected',
      objectGuid: guid,
      account: 'enabled',
    });
    await committed(2);
    expect(await record([resultOf({ order: order(2), outcome: 'updated', objectGuid: guid })])).toEqual([]);
  });

  test('another refusal afterwards begins the ordinary schedule', async () => {
    await committed(1);
    for (const sequence of [1, 2]) await record([waiting(sequence)]);
    await record([resultOf({ order: order(3), outcome: 'rejected', code: 'value-refused' })]);
    expect(state.row('user', ann)).toMatchObject({ code: 'value-refused', ringAt: clock.now() + 60_000 });
  });
});

test('[users.account.sealed-password] a sealed password is kept in the row, and never in the log', async () => {
  await committed(1);
  await record([resultOf({ objectGuid: guid, sealedPassword: 'c2VhbGVk' })]);
  expect(state.row('user', ann)?.sealedPassword).toBe('c2VhbGVk');
  expect(JSON.stringify(state.log)).not.toContain('c2VhbGVk');
  await committed(2);
  await record([resultOf({ order: order(2), outcome: 'updated', objectGuid: guid })]);
  expect(state.row('user', ann)?.sealedPassword).toBe('c2VhbGVk');
});

test.each(['created', 'rejected'] as const)(
  '[users.account.sealed-password] one that is told after a newer result is kept as well (%s)',
  async (outcome) => {
    await committed(2);
    await record([resultOf({ order: order(2), outcome: 'updated', objectGuid: guid })]);
    await record([resultOf({ outcome, objectGuid: guid, sealedPassword: 'c2VhbGVk' })]);
    expect(state.row('user', ann)).toMatchObject({ sealedPassword: 'c2VhbGVk', outcome: 'updated' });
    // Not that of an account which is gone, and not an older one.
    const older = (id: string) => resultOf({ order: order(0), objectGuid: id, sealedPassword: 'b2xk' });
    await record([older(guid), older(guid.replaceAll('1', '9'))]);
    expect(state.row('user', ann)?.sealedPassword).toBe('c2VhbGVk');
  },
);

test('[users.attributes.manager] a manager without an entry is awaited; when it has one its reports are looked at', async () => {
  const missing = [keyOfWritten('user', bob)];
  await committed(1);
  expect(await record([resultOf({ outcome: 'updated', missing })])).toEqual([]);
  expect(state.row('user', bob)).toMatchObject({ awaited: true });
  await state.mergeRows([{ kind: 'user', id: bob, state: 'present', hash: 'h', order: order(1) }]);
  const sent = await record([resultOf({ id: bob, objectGuid: guid, cause: 'full-round' })]);
  expect(rungs(sent)).toEqual(completions);
  // It got its entry after the command was sent: the report itself is looked at.
  await committed(2);
  const late = resultOf({
    order: order(2),
    outcome: 'updated',
    missing,
    times: { ring: 1, command: 2, commit: 3 },
  });
  expect((await record([late])).map(({ message }) => 'want' in message && message.want)).toEqual([
    { type: 'look', ids: [ann] },
  ]);
});

test.each([
  { tag: '[users.leaving.leavers-ou]', what: 'suspension', state: 'suspended', code: 'leavers-missing' },
  { tag: '[users.leaving.hard-delete]', what: 'deletion', state: 'absent', code: 'entry-has-children' },
] as const)(
  '$tag a $what that is rejected half done lets its memberships go, twice and not for ever',
  async ({ state: asked, code }) => {
    const halfDone = (sequence: number) =>
      resultOf({
        ...{ order: order(sequence), state: asked, outcome: 'rejected', code },
        ...{ memberOf: [staff], reports: [bob] },
      });
    const departed = ['groups departure memberships', 'users departure look'];
    await committed(1);
    const sent: string[][] = [];
    for (const sequence of [2, 3, 4, 5]) {
      await committed(sequence, { state: asked });
      sent.push(rungs(await record([halfDone(sequence)])));
    }
    const parked = 'users parked look';
    expect(sent).toEqual([[parked, ...departed], [parked, ...departed], [parked], [parked]]);
    expect(state.row('user', ann)).toMatchObject({ outcome: 'rejected', awaited: true });
    await committed(6);
    const back = await record([resultOf({ order: order(6), outcome: 'updated', objectGuid: guid })]);
    expect(rungs(back)).toEqual(completions);
  },
);
