import { describe, expect, it } from 'vitest';
import { epochMs } from '../../../shared/domain/time.ts';
import { aTime, idOf, type Opened } from './opened.ts';

/** What waits for its next ring, counted. */
export function describeParked(open: () => Promise<Opened>): void {
  describe('parked', () => {
    const parked = { ringAt: aTime, attempts: 1 };

    it('counts what has a code and a next ring, by kind and code', async () => {
      const { state } = await open();
      await state.mergeRows([
        { kind: 'user', id: idOf(1), code: 'name-taken', ...parked },
        { kind: 'user', id: idOf(2), code: 'name-taken', ...parked, ringAt: epochMs(0) },
        { kind: 'user', id: idOf(3), code: 'mapping-failed', ...parked },
        { kind: 'group', id: idOf(1), code: 'name-taken', ...parked },
        { kind: 'user', id: idOf(4), code: '', ringAt: null, attempts: null },
        { kind: 'user', id: idOf(5), code: 'name-taken', ringAt: null },
        { kind: 'group', id: idOf(6), code: '', ...parked },
        { kind: 'user', id: idOf(7), state: 'present' },
      ]);
      const counts = (await state.parked()).map(({ kind, code, count }) => `${kind} ${code} ${count}`);
      expect(counts.sort()).toEqual(['group name-taken 1', 'user mapping-failed 1', 'user name-taken 2']);
    });

    it('counts thousands, and nothing where there is nothing', async () => {
      const { state } = await open();
      expect(await state.parked()).toEqual([]);
      const rows = Array.from({ length: 2_500 }, (_, n) => idOf(n));
      await state.mergeRows(rows.map((id) => ({ kind: 'user', id, code: 'dead-lettered', ...parked })));
      expect(await state.parked()).toEqual([{ kind: 'user', code: 'dead-lettered', count: 2_500 }]);
    });
  });
}
