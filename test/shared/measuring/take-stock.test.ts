import { expect, it } from 'vitest';
import { epochMs } from '../../../shared/domain/time.ts';
import { errorCodes } from '../../../shared/errors.ts';
import { createStocktaker } from '../../../shared/measuring/take-stock.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { fakeLog } from '../../fakes/log.ts';
import { fakeState } from '../../fakes/state.ts';
import { FakeTelemetry } from '../../fakes/telemetry.ts';

it('tells every code once, then those that are there, and 0 once for one that has vanished', async () => {
  const [state, telemetry, log] = [fakeState(), new FakeTelemetry(), fakeLog()];
  const takeStock = createStocktaker({ state, telemetry, log });
  const park = (n: number, code: string) =>
    state.mergeRows([{ kind: 'user', id: idOf('user', n), code, ringAt: epochMs(5), attempts: 1 }]);
  const told = () =>
    telemetry.measurements
      .splice(0)
      .map(({ value, dimensions: { kind, code } }) => `${kind} ${code} ${value}`)
      .sort();
  await park(1, 'name-taken');
  await park(2, 'name-taken');
  await park(3, 'a code of tomorrow');
  await takeStock();
  const first = told();
  expect(first).toHaveLength(2 * errorCodes.length);
  expect(first.filter((line) => !line.endsWith(' 0'))).toEqual(['user defect 1', 'user name-taken 2']);
  expect(log.lines.at(-1)).toMatchObject({ message: 'parked counted', fields: { users: 3, groups: 0 } });

  await takeStock();
  expect(told()).toEqual(['user defect 1', 'user name-taken 2']);
  await state.mergeRows([{ kind: 'user', id: idOf('user', 3), code: '', ringAt: null }]);
  await takeStock();
  expect(told()).toEqual(['user defect 0', 'user name-taken 2']);
  await takeStock();
  expect(told()).toEqual(['user name-taken 2']);
});
