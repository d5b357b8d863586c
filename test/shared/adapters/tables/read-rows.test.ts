import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { pageSize, type RowSource, readRows } from '../../../../shared/adapters/tables/read-rows.ts';
import { type ObjectId, objectIdFrom } from '../../../../shared/domain/object-id.ts';
import type { Row } from '../../../../shared/ports.ts';

/** Ids as the cloud gives them: spread evenly. */
const idOf = (n: number): ObjectId => {
  const hex = createHash('sha256').update(String(n)).digest('hex');
  const text = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)];
  return objectIdFrom(text.join('-')) as ObjectId;
};
const numbers = (length: number): number[] => Array.from({ length }, (_, n) => n);

/** A table of rows that counts what it is asked; `empties`: every second page is empty, as Azure Tables may answer. */
function tableOf(count: number, { empties = false } = {}): RowSource & { points: number; pages: number } {
  const sorted = numbers(count).map(idOf).sort();
  const known = new Set(sorted);
  const rowOf = (id: ObjectId): Row => ({ kind: 'user', id, state: 'present', tag: 't' });
  return {
    points: 0,
    pages: 0,
    async one(id) {
      this.points += 1;
      return known.has(id) ? rowOf(id) : undefined;
    },
    async page(range, after) {
      this.pages += 1;
      const inRange = sorted.filter((id) => range === undefined || (range.from <= id && id <= range.to));
      const from = Number(after ?? 0);
      if (empties && this.pages % 2 === 0) return { rows: [], next: String(from) };
      const next = from + pageSize;
      return {
        rows: inRange.slice(from, next).map(rowOf),
        next: next < inRange.length ? String(next) : undefined,
      };
    },
  };
}

describe('rows by id', () => {
  it('[groups.size.20000] most rows of a kind are read in pages, not one by one', async () => {
    const table = tableOf(24_000);
    const asked = numbers(20_000).map(idOf);
    const rows = await readRows(table, asked);
    expect([...rows.keys()].sort()).toEqual(asked.toSorted());
    expect(table.points).toBe(0);
    expect(table.pages).toBeLessThanOrEqual(30);
  });

  it('few of many are read one by one, after one page that shows how thin they are', async () => {
    const table = tableOf(50_000);
    const asked = numbers(1_000).map(idOf);
    const rows = await readRows(table, [...asked, ...asked, idOf(60_000)]);
    expect([...rows.keys()].sort()).toEqual(asked.toSorted());
    expect(table.pages).toBe(1);
    expect(table.points).toBeLessThanOrEqual(1_001);
  });

  it('up to 500 are read one by one', async () => {
    const table = tableOf(600);
    expect((await readRows(table, numbers(500).map(idOf))).size).toBe(500);
    expect(table.pages).toBe(0);
  });

  it('an empty page with a continuation is not the end', async () => {
    const table = tableOf(8_000, { empties: true });
    const asked = numbers(8_000).map(idOf);
    expect((await readRows(table, asked)).size).toBe(8_000);
  });

  it('many ids of an empty table cost one page', async () => {
    const table = tableOf(0);
    expect(await readRows(table, numbers(5_000).map(idOf))).toEqual(new Map());
    expect([table.points, table.pages]).toEqual([0, 1]);
  });
});
