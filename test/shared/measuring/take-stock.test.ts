import { expect, it } from 'vitest';
import { epochMs } from '../../../shared/domain/time.ts';
import { errorCodes } from '../../../shared/errors.ts';
import { createStocktaker } from '../../../shared/measuring/take-stock.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { fakeLog } from '../../fakes/log.ts';
import { fakeState } from '../../fakes/state.ts';
import { FakeTelemetry } from '../../fakes/telemetry.ts';

it('tells every code each time, whichever process counts', async () => {
  const [state, telemetry, log] = [fakeState(), new FakeTelemetry(), fakeLog()];
  const park = (n: number, code: string) =>
    state.mergeRows([{ kind: 'user', id: idOf('user', n), code, ringAt: epochMs(5), attempts: 1 }]);
  /** What a process tells, apart from the zeros; all of them must be there. */
  const count = async (takeStock: () => Promise<void>) => {
    await takeStock();
    const told = telemetry.measurements
      .splice(0)
      .map(({ value, dimensions: { kind, code } }) => `${kind} ${code} ${value}`)
      .sort();
    expect(told).toHaveLength(2 * errorCodes.length);
    return told.filter((line) => !line.endsWith(' 0'));
  };
  const [one, another] = [0, 1].map(() => createStocktaker({ state, telemetry, log })) as [Take, Take];
  await park(1, 'name-taken');
  await park(2, 'name-taken');
  await park(3, 'a code of tomorrow');
  expect(await count(one)).toEqual(['user defect 1', 'user name-taken 2']);
  expect(log.lines.at(-1)).toMatchObject({ message: 'parked counted', fields: { users: 3, groups: 0 } });
  expect(await count(another)).toEqual(['user defect 1', 'user name-taken 2']);
  await state.mergeRows([{ kind: 'user', id: idOf('user', 3), code: '', ringAt: null }]);
  // Both have told `defect 1` before; either can take it back, and no time later it is forgotten.
  expect(await count(one)).toEqual(['user name-taken 2']);
  expect(await count(one)).toEqual(['user name-taken 2']);
  expect(await count(another)).toEqual(['user name-taken 2']);
});

type Take = () => Promise<void>;
