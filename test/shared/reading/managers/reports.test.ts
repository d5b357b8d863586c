import { expect, it } from 'vitest';
import { epochMs } from '../../../../shared/domain/time.ts';
import type { Row } from '../../../../shared/ports.ts';
import { withReports } from '../../../../shared/reading/managers/reports.ts';
import { mergeRings } from '../../../../shared/reading/merge-rings.ts';
import { idOf } from '../../../fakes/cloud-objects.ts';
import { ringOf } from '../../flow/flow.ts';
import { readerParts } from '../reader-parts.ts';

const [ann, bob, boss] = [idOf('user', 1), idOf('user', 2), idOf('user', 3)];

const reportsTo = (now: number) =>
  ringOf('users', { type: 'reports', ids: [boss] }, { now, more: { cause: 'completion' } });
const order = (sequence: number) => ({ epoch: 5, sequence });

/** Ann and Bob report to the boss, who got an entry at 10. Each asked about: whether it is sent whatever its row says. */
async function askedAbout(row: Partial<Row> | undefined, isPaging = false): Promise<[string, boolean][]> {
  const { tenant, state, clock, usersReading } = readerParts();
  for (const id of [ann, boss]) tenant.putUser(id);
  tenant.setManager(ann, boss);
  await state.mergeRows([{ kind: 'user', id: boss, state: 'present', committedAt: epochMs(10) }]);
  if (row !== undefined) await state.mergeRows([{ kind: 'user', id: ann, ...row }]);
  await usersReading.fence.enter();
  const round = { id: 'r', type: 'full' as const, startedAt: clock.now(), pagesSent: 1, pagesDone: 0 };
  if (isPaging) await usersReading.fence.commit({ round });
  const { looks } = await withReports(usersReading, mergeRings('user', [reportsTo(12)]));
  return looks.map(({ id, forced }) => [id, forced]);
}
const sent = (more: Partial<Row>): Partial<Row> => ({
  ...{ state: 'present', manager: `u:${boss}`, order: order(1), resultOrder: order(1) },
  ...{ committedAt: epochMs(11), notices: '' },
  ...more,
});

it.each<[string, Partial<Row> | undefined, [string, boolean][]]>([
  ['that was sent after it had its entry: nobody', sent({}), []],
  ['sent before: sent again', sent({ committedAt: epochMs(9) }), [[ann, true]]],
  ['whose last command missed it: sent again', sent({ notices: 'sid-new,manager-missing' }), [[ann, true]]],
  [
    'whose result is to come: nobody, it rings itself',
    sent({ order: order(2), committedAt: epochMs(9) }),
    [],
  ],
  ['that was sent with another: looked at', sent({ manager: '' }), [[ann, false]]],
  ['that is not written: nobody', { state: 'outside' }, []],
  ['without a row: looked at', undefined, [[ann, false]]],
])('[users.attributes.manager] a manager gets its entry; a report %s', async (_, row, expected) => {
  expect(await askedAbout(row)).toEqual(expected);
});

it('[users.attributes.manager] a report without a row waits for its page while pages are read', async () => {
  expect(await askedAbout(undefined, true)).toEqual([]);
});

it('[users.attributes.manager] who reports to a manager is looked at, whatever else was asked', async () => {
  const { tenant, usersReading } = readerParts();
  for (const id of [ann, bob, boss]) tenant.putUser(id);
  tenant.setManager(ann, boss);
  tenant.setManager(bob, boss);
  await usersReading.fence.enter();
  const look = ringOf('users', { type: 'look', ids: [bob] }, { now: 20, more: {} });
  const { looks } = await withReports(usersReading, mergeRings('user', [reportsTo(10), look]));
  expect(looks.map(({ id, fresh }) => [id, fresh])).toEqual([
    [bob, true],
    [ann, false],
  ]);
});

it('nobody asks the tenant where no reports are wanted', async () => {
  const { tenant, usersReading } = readerParts();
  await withReports(usersReading, mergeRings('user', []));
  expect(tenant.reads.reports).toBe(0);
});
