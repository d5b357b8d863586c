import { beforeEach, describe, expect, test } from 'vitest';
import type { Result } from '../../../shared/contracts/result.ts';
import { keyOfWritten } from '../../../shared/domain/member-key.ts';
import { epochMs } from '../../../shared/domain/time.ts';
import type { Outgoing, Row, State } from '../../../shared/ports.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { type FakeState, fakeState } from '../../fakes/state.ts';
import {
  ann,
  bob,
  commitOn,
  completions,
  guid,
  order,
  recordOn,
  resultOf,
  rungs,
  staff,
  team,
} from './recorder-parts.ts';

let state: FakeState;
beforeEach(() => {
  state = fakeState();
});

const record = (results: readonly Result[], on: State = state): Promise<Outgoing[]> => recordOn(on, results);
const committed = (sequence: number, more: Partial<Row> = {}): Promise<void> =>
  commitOn(state, sequence, more);

describe('rows', () => {
  test('the newest result wins whatever the order of arrival; every result is in the log', async () => {
    await committed(3);
    await record([
      resultOf({ order: order(3), outcome: 'updated' }),
      resultOf({ order: order(1), objectGuid: guid }),
    ]);
    await record([resultOf({ order: order(2), outcome: 'unchanged' })]);
    expect(state.row('user', ann)).toMatchObject({
      outcome: 'updated',
      resultOrder: order(3),
      objectGuid: guid,
    });
    expect(state.log.map((entry) => entry.order.sequence).sort()).toEqual([1, 2, 3]);
  });

  test('recorded twice equals recorded once', async () => {
    await committed(1);
    const rejected = resultOf({ outcome: 'rejected', code: 'name-taken', reason: 'taken' });
    expect(rungs(await record([rejected]))).toEqual(['users parked look']);
    const { tag: _, ...row } = state.row('user', ann) ?? { tag: '' };
    expect(await record([rejected])).toEqual([]);
    expect(state.row('user', ann)).toMatchObject(row);
  });

  test('purged and deleted: the row goes', async () => {
    await committed(4, { state: 'absent', leftFor: 'hardDelete', objectGuid: guid });
    await record([resultOf({ order: order(4), state: 'absent', outcome: 'deleted' })]);
    expect(state.row('user', ann)).toBeUndefined();
  });

  test('a result that the row knows nothing of, and one of an epoch that is over, are looked at once more', async () => {
    expect(rungs(await record([resultOf({ order: order(2), outcome: 'updated' })]))).toEqual([
      'users again look',
    ]);
    await committed(3);
    expect(await record([resultOf({ order: order(3), outcome: 'updated' })])).toEqual([]);
    await state.saveCursor({
      ...{
        kind: 'user',
        epoch: 9,
        owner: 'b',
        link: undefined,
        round: undefined,
        listing: false,
        mapping: undefined,
        tag: undefined,
      },
      ...{ lastRoundStartedAt: undefined, lastRoundEndedAt: undefined, lastFullRoundEndedAt: undefined },
    });
    await committed(4);
    const sent = await record([resultOf({ order: order(4), outcome: 'updated' })]);
    expect(rungs(sent)).toEqual(['users again look']);
  });
});

describe('stale', () => {
  test('a command that the row believes in is rung and marked; one that the row has outgrown is only logged', async () => {
    await committed(3);
    const stale = resultOf({ order: order(3), outcome: 'stale' });
    expect(rungs(await record([stale]))).toEqual(['users again look']);
    expect(state.row('user', ann)).toMatchObject({ outcome: 'stale', resultOrder: order(3) });
    await committed(4);
    expect(await record([resultOf({ order: order(4), outcome: 'updated' }), stale])).toEqual([]);
    expect(state.row('user', ann)).toMatchObject({ outcome: 'updated', resultOrder: order(4) });
  });

  test('a slice makes its group behind', async () => {
    await state.mergeRows([{ kind: 'group', id: staff, state: 'present', listOrder: order(1) }]);
    const stale = resultOf({ of: 'slice', id: staff, order: order(1), outcome: 'stale', state: undefined });
    expect(rungs(await record([stale]))).toEqual(['groups behind members']);
    expect(state.row('group', staff)).toMatchObject({ behindOrder: order(1) });
  });
});

describe('rings', () => {
  test('the last command of a page lets the next one go', async () => {
    await committed(1);
    const page = { round: 'r', number: 7, last: true };
    const [first] = await record([resultOf({ outcome: 'updated', page })]);
    expect(first?.message).toMatchObject({ want: { type: 'continue', round: 'r', page: 7 } });
  });

  test('a first entry completes memberships, except in a full round where nobody waits', async () => {
    await committed(1);
    expect(rungs(await record([resultOf({ objectGuid: guid })]))).toEqual(completions);
    state.lose();
    await committed(1);
    expect(await record([resultOf({ objectGuid: guid, cause: 'full-round' })])).toEqual([]);
    state.lose();
    await committed(1, { awaited: true });
    const sent = await record([resultOf({ objectGuid: guid, cause: 'full-round' })]);
    expect(rungs(sent)).toEqual(completions);
    expect(state.row('user', ann)?.awaited).toBe(false);
  });

  test('a suspension takes memberships, the return from it gives them back, in whatever order they are told', async () => {
    await committed(1, { objectGuid: guid });
    const suspended = resultOf({
      order: order(1),
      state: 'suspended',
      outcome: 'suspended',
      memberOf: [staff, team],
    });
    const sent = await record([suspended]);
    expect(rungs(sent)).toEqual(['groups departure memberships', 'users departure look']);
    expect(sent[0]?.message).toMatchObject({ want: { members: [{ id: ann, groups: [staff, team] }] } });
    await committed(2);
    const back = resultOf({ order: order(2), outcome: 'updated', objectGuid: guid });
    expect(rungs(await record([back]))).toEqual(completions);
    state.lose();
    await committed(2, { objectGuid: guid });
    expect(await record([back])).toEqual([]);
    expect(rungs(await record([suspended]))).toEqual(completions);
  });
});

describe('a member without an entry', () => {
  const difference = () =>
    resultOf({
      of: 'difference',
      id: staff,
      order: order(1),
      outcome: 'updated',
      missing: [keyOfWritten('user', bob)],
      state: undefined,
    });
  const created = () => resultOf({ id: bob, order: order(1), objectGuid: guid, cause: 'full-round' });

  test.each([
    ['has none yet', {}, []],
    ['lost it since', { objectGuid: guid, committedAt: epochMs(1) }, ['users completion look']],
  ])('is missed by more groups at once than a row may be tried, where it %s', async (_, row, expected) => {
    await state.mergeRows([{ kind: 'user', id: bob, ...row }]);
    const missed = Array.from({ length: 30 }, (_, n) => ({ ...difference(), id: idOf('group', n) }));
    expect([...new Set(rungs(await record(missed)))]).toEqual(expected);
    expect(state.row('user', bob)?.awaited).toBe(true);
  });

  /** A state that lets something happen between the reading of rows and the first conditional write. */
  function interrupted(happening: () => Promise<unknown>): State {
    let pending = true;
    return {
      ...state,
      async mergeRowsIf(merges) {
        if (pending) {
          pending = false;
          await happening();
        }
        return await state.mergeRowsIf(merges);
      },
    };
  }

  beforeEach(() =>
    state.mergeRows([{ kind: 'user', id: bob, state: 'present', hash: 'h', order: order(1) }]),
  );

  test.each([
    ['the group first', async () => [...(await record([difference()])), ...(await record([created()]))]],
    ['the member first', async () => [...(await record([created()])), ...(await record([difference()]))]],
    ['both in one batch', () => record([difference(), created()])],
    [
      'the member between read and write of the group',
      async () => {
        const sent: Outgoing[] = [];
        const on = interrupted(async () => sent.push(...(await record([created()]))));
        return [...(await record([difference()], on)), ...sent];
      },
    ],
    [
      'the group between read and write of the member',
      async () => {
        const sent: Outgoing[] = [];
        const on = interrupted(async () => sent.push(...(await record([difference()]))));
        return [...(await record([created()], on)), ...sent];
      },
    ],
  ])('is completed once it has one: %s', async (_name, happen) => {
    expect(rungs(await happen())).toContain('groups completion memberships');
  });
});
