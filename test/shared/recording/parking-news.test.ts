import { expect, it } from 'vitest';
import { epochMs } from '../../../shared/domain/time.ts';
import type { Row } from '../../../shared/ports.ts';
import { type ParkingNews, parkingNews } from '../../../shared/recording/parking-news.ts';
import { createRecorder } from '../../../shared/recording/record-results.ts';
import { fakeState } from '../../fakes/state.ts';
import { settings } from '../flow/flow.ts';
import { ann, clock, order, resultOf, staff } from './recorder-parts.ts';

const group = { kind: 'group' as const, id: staff };
const row = (part: Partial<Row>): Row => ({ ...group, state: 'present', tag: 't', ...part });
const parked = { ringAt: epochMs(5), attempts: 1, code: 'name-taken', reason: 'r' };

it.each<[string, Row | undefined, Parameters<typeof parkingNews>[2], boolean | undefined]>([
  ['parked for the first time', undefined, parked, true],
  ['parked after it was fine', row({ ringAt: null, code: '' }), parked, true],
  ['parked again for the same reason', row(parked), { ...parked, attempts: 2 }, undefined],
  ['parked for another reason', row(parked), { ...parked, code: 'defect', attempts: 2 }, true],
  ['fine again', row(parked), { ringAt: null, code: '' }, false],
  ['mended: its list came through', row(parked), { code: '', reason: '' }, false],
  ['gone', row(parked), 'removed', false],
  ['fine as before', row({}), { outcome: 'updated', ringAt: null, code: '' }, undefined],
  ['behind, and rung for without a code', row({}), { ringAt: epochMs(5) }, undefined],
])('%s', (_, before, change, expected) => {
  expect(parkingNews(group, before, change)?.parked).toBe(expected);
});

it('the recorder tells it when the row is written, with the trace of the result', async () => {
  const told: [ParkingNews, string][] = [];
  const tell = (news: ParkingNews, trace: string) => told.push([news, trace]);
  const recorder = createRecorder({ state: fakeState(), clock, settings, tell });
  const rejected = resultOf({ outcome: 'rejected', code: 'name-taken', reason: 'two have that name' });
  const done = resultOf({ order: order(2) });
  for (const result of [rejected, done]) {
    const beforeWrite = told.length;
    for await (const step of recorder([result], new AbortController().signal)) {
      expect(told).toHaveLength(beforeWrite);
      await step.commit?.();
    }
  }
  const why = { code: 'name-taken', reason: 'two have that name', attempts: 1, ringAt: clock.now() + 60_000 };
  expect(told).toEqual([
    [{ kind: 'user', id: ann, parked: true, ...why }, rejected.traceparent],
    [{ kind: 'user', id: ann, parked: false }, done.traceparent],
  ]);
});
