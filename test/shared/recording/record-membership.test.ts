import { beforeEach, expect, test } from 'vitest';
import type { Result } from '../../../shared/contracts/result.ts';
import type { Outgoing } from '../../../shared/ports.ts';
import { type FakeState, fakeState } from '../../fakes/state.ts';
import { clock, order, recordOn, resultOf, rungs, staff } from './recorder-parts.ts';

/* A group whose membership commands fail: it is behind, and its complete list is asked for. */

let state: FakeState;
beforeEach(() => {
  state = fakeState();
});

const record = (results: readonly Result[]): Promise<Outgoing[]> => recordOn(state, results);

test('[parking.code] a list that fails because its group is parked does not hide why the group is', async () => {
  await state.mergeRows([{ kind: 'group', id: staff, state: 'present', listOrder: order(1) }]);
  const refused = (part: Partial<Result>) => resultOf({ id: staff, outcome: 'rejected', ...part });
  const [parked, listed] = [
    { of: 'group', code: 'name-taken' },
    { of: 'slice', code: 'entry-missing' },
  ] as const;
  for (const [n, part] of [parked, listed, parked, listed].entries()) {
    await record([refused({ ...part, order: order(n + 1) })]);
    expect(state.row('group', staff)).toMatchObject({ outcome: 'rejected', code: 'name-taken' });
  }
  expect(state.row('group', staff)).toMatchObject({ behindOrder: order(4), attempts: 2 });
  await record([refused({ ...parked, code: 'value-refused', order: order(5) })]);
  expect(state.row('group', staff)).toMatchObject({ code: 'value-refused', attempts: 1 });
});

test('[parking.schedule] a list that fails for itself is asked for ever more rarely, whatever else is written to its group', async () => {
  const waits: number[] = [];
  for (let n = 1; n <= 7; n += 2) {
    const listOrder = order(n + 1);
    await state.mergeRows([{ kind: 'group', id: staff, state: 'present', order: order(n), listOrder }]);
    await record([resultOf({ of: 'group', id: staff, order: order(n), outcome: 'unchanged' })]);
    const failed = { of: 'slice', id: staff, outcome: 'rejected', code: 'dead-lettered' } as const;
    const sent = await record([resultOf({ ...failed, order: listOrder, state: undefined })]);
    expect(rungs(sent)).toEqual(['groups dead-letter members']);
    const ringAt = state.row('group', staff)?.ringAt ?? 0;
    waits.push(ringAt - clock.now());
    // A ring before its time would find another slice of the same list in it.
    clock.advanceTo(sent[0] !== undefined && 'dueAt' in sent[0] ? (sent[0].dueAt ?? 0) : 0);
    expect(clock.now()).toBeGreaterThan(ringAt);
  }
  expect(waits).toEqual([60_000, 300_000, 3_600_000, 3_600_000]);
});

test('[parking.schedule] a list that came through ends the waiting: its next failure begins anew', async () => {
  const slice = (sequence: number, part: Partial<Result>) =>
    resultOf({ of: 'slice', id: staff, order: order(sequence), state: undefined, ...part });
  const failed = { outcome: 'rejected', code: 'directory-refused' } as const;
  for (const sequence of [1, 2, 3]) {
    await record([slice(sequence, failed)]);
    clock.advanceTo(state.row('group', staff)?.ringAt ?? 0);
  }
  await record([slice(4, failed)]);
  await state.mergeRows([{ kind: 'group', id: staff, state: 'present', listOrder: order(5) }]);
  await record([slice(5, { outcome: 'unchanged' })]);
  expect(state.row('group', staff)).toMatchObject({ code: '', reason: '', ringAt: null, attempts: null });
  expect(rungs(await record([slice(6, failed)]))).toEqual(['groups behind members']);
  expect(state.row('group', staff)).toMatchObject({ ringAt: clock.now() + 60_000, attempts: 1 });
});

test('several slices that fail make one ring', async () => {
  await state.mergeRows([{ kind: 'group', id: staff, state: 'present', listOrder: order(1) }]);
  const slice = (sequence: number) =>
    resultOf({
      of: 'slice',
      id: staff,
      order: order(sequence),
      outcome: 'rejected',
      code: 'directory-refused',
      state: undefined,
    });
  expect(rungs(await record([slice(1), slice(2)]))).toEqual(['groups behind members']);
  expect(state.row('group', staff)).toMatchObject({ behindOrder: order(2), attempts: 1 });
});
