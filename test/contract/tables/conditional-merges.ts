import { describe, expect, it } from 'vitest';
import { idOf, type Opened } from './opened.ts';

/** A merge that holds only while the row is as it was read. */
export function describeConditionalMerges(open: () => Promise<Opened>): void {
  describe('mergeRowIf', () => {
    it('creates only where there is no row', async () => {
      const { state } = await open();
      expect(await state.mergeRowIf({ kind: 'user', id: idOf(1), state: 'present' }, undefined)).toBe(
        'merged',
      );
      expect(await state.mergeRowIf({ kind: 'user', id: idOf(1), state: 'absent' }, undefined)).toBe(
        'conflict',
      );
      expect((await state.rows('user', [idOf(1)])).get(idOf(1))?.state).toBe('present');
    });

    it('merges under the tag that was read, and not under an older one', async () => {
      const { state } = await open();
      await state.mergeRows([{ kind: 'user', id: idOf(1), state: 'present', hash: 'a' }]);
      const tag = (await state.rows('user', [idOf(1)])).get(idOf(1))?.tag;
      expect(await state.mergeRowIf({ kind: 'user', id: idOf(1), outcome: 'created' }, tag)).toBe('merged');
      expect(await state.mergeRowIf({ kind: 'user', id: idOf(1), outcome: 'deleted' }, tag)).toBe('conflict');
      const found = (await state.rows('user', [idOf(1)])).get(idOf(1));
      expect([found?.hash, found?.outcome]).toEqual(['a', 'created']);
      expect(found?.tag).not.toBe(tag);
    });

    it('notices an unconditional merge in between, by tags of single and of bulk reads', async () => {
      const { state } = await open();
      const ids = Array.from({ length: 60 }, (_, n) => idOf(n));
      await state.mergeRows(ids.map((id) => ({ kind: 'user', id, state: 'present' })));
      const tag = (await state.rows('user', ids)).get(idOf(7))?.tag;
      await state.mergeRows([{ kind: 'user', id: idOf(7), awaited: true }]);
      expect(await state.mergeRowIf({ kind: 'user', id: idOf(7), hash: 'x' }, tag)).toBe('conflict');
      const next = (await state.rows('user', ids)).get(idOf(7))?.tag;
      expect(await state.mergeRowIf({ kind: 'user', id: idOf(7), hash: 'x' }, next)).toBe('merged');
    });

    it('answers conflict where the row was removed', async () => {
      const { state } = await open();
      await state.mergeRows([{ kind: 'user', id: idOf(1), state: 'present' }]);
      const tag = (await state.rows('user', [idOf(1)])).get(idOf(1))?.tag;
      await state.removeRows([{ kind: 'user', id: idOf(1) }]);
      expect(await state.mergeRowIf({ kind: 'user', id: idOf(1), hash: 'x' }, tag)).toBe('conflict');
      expect(await state.rows('user', [idOf(1)])).toEqual(new Map());
    });
  });
}
