import { describe, expect, it } from 'vitest';
import type { ObjectId } from '../../../shared/domain/object-id.ts';
import { idOf, type Opened } from './opened.ts';

/** Every row of a kind, page by page. */
export function describeAllRows(open: () => Promise<Opened>): void {
  describe('allRows', () => {
    it('gives every row of the kind once, over more than one page', async () => {
      const { state } = await open();
      const numbers = Array.from({ length: 1_203 }, (_, n) => n);
      await state.mergeRows(numbers.map((n) => ({ kind: 'user', id: idOf(n), state: 'present' })));
      await state.mergeRows([{ kind: 'group', id: idOf(5_000), state: 'present' }]);
      const seen: ObjectId[] = [];
      for await (const page of state.allRows('user')) seen.push(...page.map(({ id }) => id));
      expect(seen.sort()).toEqual(numbers.map(idOf));
    });

    it('gives nothing where there is nothing', async () => {
      const { state } = await open();
      for await (const page of state.allRows('group')) expect(page).toEqual([]);
    });
  });
}
