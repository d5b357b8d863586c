import { AndFilter, OrFilter } from 'ldapts';
import { expect, it } from 'vitest';
import { findByMarks } from '../../../relay/directory/find-by-marks.ts';
import type { Dn } from '../../../relay/ports.ts';
import { stubPool } from './stub-pool.ts';

const places = { destination: 'OU=Cloud,DC=contoso,DC=example' as Dn, leavers: undefined };
const marks = Array.from({ length: 25 }, (_, at) => `User_${at}`);

/** How many marks each search asked for. */
async function searches(hasExternalId: boolean): Promise<number[]> {
  const { pool, filters } = stubPool([]);
  await findByMarks(pool, { ...places, hasExternalId }, marks);
  return filters.map((filter) => {
    const [terms] = filter instanceof AndFilter ? filter.filters : [];
    return terms instanceof OrFilter ? terms.filters.length : 0;
  });
}

it('asks for many marks at once where the attribute is indexed, for few where every entry has to be looked at', async () => {
  expect(await searches(true)).toEqual([25]);
  expect(await searches(false)).toEqual([10, 10, 5]);
});

it('believes adminDescription alone, whatever the index found an entry by', async () => {
  const { pool } = stubPool([
    { adminDescription: 'User_1', 'msDS-ExternalDirectoryObjectId': 'User_2' },
    { adminDescription: 'User_9', 'msDS-ExternalDirectoryObjectId': 'User_3' },
  ]);
  const found = await findByMarks(pool, { ...places, hasExternalId: true }, ['User_1', 'User_2', 'User_3']);
  expect(found.map((entries) => entries.map(({ mark }) => mark))).toEqual([['User_1'], [], []]);
});
