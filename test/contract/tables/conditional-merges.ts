import { describe, expect, it } from 'vitest';
import type { RowChange, State } from '../../../shared/ports.ts';
import { idOf, type Opened } from './opened.ts';

/** The answer to one merge. */
const mergeIf = async (state: State, row: RowChange, tag: string | undefined) =>
  (await state.mergeRowsIf([{ row, tag }]))[0];

const tagOf = async (state: State, n: number) => (await state.rows('user', [idOf(n)])).get(idOf(n))?.tag;

/** Merges that hold only while the row is as it was read. */
export function describeConditionalMerges(open: () => Promise<Opened>): void {
  describe('mergeRowsIf', () => {
    it('creates only where there is no row', async () => {
      const { state } = await open();
      expect(await mergeIf(state, { kind: 'user', id: idOf(1), state: 'present' }, undefined)).toBe('merged');
      expect(await mergeIf(state, { kind: 'user', id: idOf(1), state: 'absent' }, undefined)).toBe(
        'conflict',
      );
      expect((await state.rows('user', [idOf(1)])).get(idOf(1))?.state).toBe('present');
    });

    it('merges under the tag that was read, and not under an older one', async () => {
      const { state } = await open();
      await state.mergeRows([{ kind: 'user', id: idOf(1), state: 'present', hash: 'a' }]);
      const tag = await tagOf(state, 1);
      expect(await mergeIf(state, { kind: 'user', id: idOf(1), outcome: 'created' }, tag)).toBe('merged');
      expect(await mergeIf(state, { kind: 'user', id: idOf(1), outcome: 'deleted' }, tag)).toBe('conflict');
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
      expect(await mergeIf(state, { kind: 'user', id: idOf(7), hash: 'x' }, tag)).toBe('conflict');
      const next = (await state.rows('user', ids)).get(idOf(7))?.tag;
      expect(await mergeIf(state, { kind: 'user', id: idOf(7), hash: 'x' }, next)).toBe('merged');
    });

    it('answers conflict where the row was removed', async () => {
      const { state } = await open();
      await state.mergeRows([{ kind: 'user', id: idOf(1), state: 'present' }]);
      const tag = await tagOf(state, 1);
      await state.removeRows([{ kind: 'user', id: idOf(1) }]);
      expect(await mergeIf(state, { kind: 'user', id: idOf(1), hash: 'x' }, tag)).toBe('conflict');
      expect(await state.rows('user', [idOf(1)])).toEqual(new Map());
    });

    it('answers each of many, of both kinds, whatever becomes of the others', async () => {
      const { state } = await open();
      const ids = Array.from({ length: 230 }, (_, n) => idOf(n));
      await state.mergeRows(ids.slice(0, 120).map((id) => ({ kind: 'user', id, state: 'present' })));
      const rows = await state.rows('user', ids);
      await state.mergeRows([{ kind: 'user', id: idOf(5), awaited: true }]);
      await state.removeRows([{ kind: 'user', id: idOf(6) }]);
      const users = ids.map((id) => {
        // 130 is there no more than 6 is, but somebody claims to have read it.
        const tag = id === idOf(130) ? rows.get(idOf(7))?.tag : rows.get(id)?.tag;
        return { row: { kind: 'user' as const, id, outcome: 'created' as const }, tag };
      });
      const groups = ids
        .slice(0, 3)
        .map((id) => ({ row: { kind: 'group' as const, id, outcome: 'created' as const }, tag: undefined }));
      const answers = await state.mergeRowsIf([...users, ...groups]);
      const refused = answers.flatMap((answer, at) => (answer === 'conflict' ? [at] : []));
      expect([answers.length, refused]).toEqual([233, [5, 6, 130]]);
      const after = await state.rows('user', ids);
      const written = [...after.values()].filter(({ outcome }) => outcome === 'created');
      expect(written).toHaveLength(227);
      expect(written[0]).toMatchObject({ state: 'present' });
      expect((await state.rows('group', ids)).size).toBe(3);
    });

    it('leaves alone what somebody changed meanwhile, and nothing else is refused with it', async () => {
      const { state } = await open();
      await state.mergeRows([1, 2].map((n) => ({ kind: 'user', id: idOf(n), state: 'present' })));
      const tags = [await tagOf(state, 1), await tagOf(state, 2)];
      await state.mergeRows([{ kind: 'user', id: idOf(2), hash: 'theirs' }]);
      const merges = tags.map((tag, at) => {
        return { row: { kind: 'user' as const, id: idOf(at + 1), hash: 'ours' }, tag };
      });
      expect(await state.mergeRowsIf(merges)).toEqual(['merged', 'conflict']);
      const rows = await state.rows('user', [idOf(1), idOf(2)]);
      expect([...rows.values()].map(({ hash }) => hash).sort()).toEqual(['ours', 'theirs']);
    });

    it('lets the first of several merges of one row hold, as they were all decided on what it was', async () => {
      const { state } = await open();
      await state.mergeRows([{ kind: 'user', id: idOf(1), state: 'present' }]);
      const tag = await tagOf(state, 1);
      const merge = (outcome: 'created' | 'deleted') => ({
        row: { kind: 'user' as const, id: idOf(1), outcome },
        tag,
      });
      const other = { row: { kind: 'user' as const, id: idOf(2), hash: 'x' }, tag: undefined };
      expect(await state.mergeRowsIf([merge('created'), other, merge('deleted')])).toEqual([
        'merged',
        'merged',
        'conflict',
      ]);
      expect((await state.rows('user', [idOf(1)])).get(idOf(1))?.outcome).toBe('created');
    });

    it('does nothing where nothing is asked', async () => {
      const { state } = await open();
      expect(await state.mergeRowsIf([])).toEqual([]);
    });
  });
}
