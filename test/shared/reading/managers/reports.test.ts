import { expect, it } from 'vitest';
import { withReports } from '../../../../shared/reading/managers/reports.ts';
import { mergeRings } from '../../../../shared/reading/merge-rings.ts';
import { idOf } from '../../../fakes/cloud-objects.ts';
import { ringOf } from '../../flow/flow.ts';
import { readerParts } from '../reader-parts.ts';

const [ann, bob, boss] = [idOf('user', 1), idOf('user', 2), idOf('user', 3)];

it('[users.attributes.manager] who reports to a manager is looked at and sent again, whatever else was asked', async () => {
  const { tenant, usersReading } = readerParts();
  for (const id of [ann, bob, boss]) tenant.putUser(id);
  tenant.setManager(ann, boss);
  tenant.setManager(bob, boss);
  const asked = mergeRings('user', [
    ringOf('users', { type: 'reports', ids: [boss] }, { now: 10, more: { cause: 'completion' } }),
    ringOf('users', { type: 'look', ids: [bob] }, { now: 20, more: {} }),
  ]);
  const { looks } = await withReports(usersReading, asked);
  expect(looks.map(({ id, forced, fresh }) => [id, forced, fresh])).toEqual([
    [bob, true, true],
    [ann, true, false],
  ]);
});

it('nobody asks the tenant where no reports are wanted', async () => {
  const { tenant, usersReading } = readerParts();
  await withReports(usersReading, mergeRings('user', []));
  expect(tenant.reads.reports).toBe(0);
});
