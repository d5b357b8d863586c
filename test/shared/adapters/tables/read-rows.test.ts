import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  type Census,
  pageSize,
  type RowSource,
  readRows,
} from '../../../../shared/adapters/tables/read-rows.ts';
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

/** As of a process that has read nothing yet. */
const unknown = (): Census => ({ rows: undefined });

describe('rows by id', () => {
  it('[groups.size.20000] most rows of a kind are read in pages, not one by one', async () => {
    const table = tableOf(24_000);
    const asked = numbers(20_000).map(idOf);
    const rows = await readRows(table, asked, unknown());
    expect([...rows.keys()].sort()).toEqual(asked.toSorted());
    expect(table.points).toBe(0);
    expect(table.pages).toBeLessThanOrEqual(30);
  });

  it('few of many are read one by one, after one page that shows how thin they are', async () => {
    const table = tableOf(50_000);
    const asked = numbers(1_000).map(idOf);
    const rows = await readRows(table, [...asked, ...asked, idOf(60_000)], unknown());
    expect([...rows.keys()].sort()).toEqual(asked.toSorted());
    expect(table.pages).toBe(1);
    expect(table.points).toBeLessThanOrEqual(1_001);
  });

  it('a page of a delta round is one request in a small tenant, with nothing in the table and with all of it', async () => {
    const [empty, full] = [tableOf(0), tableOf(900)];
    const census = unknown();
    await readRows(empty, numbers(100).map(idOf), census);
    expect((await readRows(full, numbers(100).map(idOf), census)).size).toBe(100);
    expect([empty.pages, empty.points, full.pages, full.points]).toEqual([1, 0, 1, 0]);
  });

  it('few ids are read one by one, and more where it is known that there are many rows', async () => {
    const census = unknown();
    const small = tableOf(600);
    expect((await readRows(small, numbers(15).map(idOf), census)).size).toBe(15);
    expect([small.pages, small.points]).toEqual([0, 15]);
    const large = tableOf(50_000);
    for (let turn = 1; turn <= 3; turn++) {
      expect((await readRows(large, numbers(100).map(idOf), census)).size).toBe(100);
      expect(large.pages).toBe(1);
    }
    expect(large.points).toBeGreaterThan(280);
  });

  it('more ids are scanned for where they are many of the rows that are known', async () => {
    const table = tableOf(3_000);
    const census = unknown();
    await readRows(table, numbers(100).map(idOf), census);
    expect(table.points).toBeGreaterThan(0);
    const before = table.points;
    expect((await readRows(table, numbers(1_000).map(idOf), census)).size).toBe(1_000);
    expect(table.points).toBe(before);
  });

  it('an empty page with a continuation is not the end', async () => {
    const table = tableOf(8_000, { empties: true });
    const asked = numbers(8_000).map(idOf);
    expect((await readRows(table, asked, unknown())).size).toBe(8_000);
  });

  it('a first page without rows that is not the last tells nothing: they are read one by one, and the next call asks anew', async () => {
    const table = tableOf(8_000, { empties: true });
    table.pages = 1;
    const census = unknown();
    expect((await readRows(table, numbers(60).map(idOf), census)).size).toBe(60);
    expect([table.points, census.rows]).toEqual([60, undefined]);
  });

  it('many ids of an empty table cost one page', async () => {
    const table = tableOf(0);
    expect(await readRows(table, numbers(5_000).map(idOf), unknown())).toEqual(new Map());
    expect([table.points, table.pages]).toEqual([0, 1]);
  });
});
