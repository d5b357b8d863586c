import { describe, expect, it } from 'vitest';
import { epochMs } from '../../../shared/domain/time.ts';
import type { Row } from '../../../shared/ports.ts';
import { aTime, idOf, type Opened, order } from './opened.ts';

function withoutTag(row: Row): Omit<Row, 'tag'> {
  const copy: Partial<Row> = { ...row };
  delete copy.tag;
  return copy as Omit<Row, 'tag'>;
}

/** Rows of objects: every column, merged, many at once, and removed. */
export function describeRows(open: () => Promise<Opened>): void {
  describe('rows, mergeRows, removeRows', () => {
    it('knows no row that was not written', async () => {
      const { state } = await open();
      expect(await state.rows('user', [idOf(1)])).toEqual(new Map());
      expect(await state.rows('user', [])).toEqual(new Map());
    });

    it('gives back every column', async () => {
      const { state } = await open();
      const row: Required<Omit<Row, 'tag'>> = {
        kind: 'group',
        id: idOf(1),
        state: 'present',
        hash: 'h',
        order: order(2, 7),
        sid: 'S-1-5-21-1-2-3-1104',
        round: 'r1',
        shownAt: aTime,
        listOrder: order(2, 5),
        enabled: false,
        leftAt: epochMs(aTime + 3),
        leftFor: 'outOfScope',
        photo: 'b'.repeat(64),
        manager: `u:${idOf(2)}`,
        hidden: false,
        followed: 'user,group',
        objectGuid: '11111111-2222-3333-4444-555555555555',
        objectSid: 'S-1-5-21-1-2-3-1105',
        outcome: 'rejected',
        code: 'name-taken',
        reason: 'taken',
        resultOrder: order(123_456_789_012, 999_999_999),
        committedAt: aTime,
        ringAt: epochMs(aTime + 60_000),
        attempts: 2,
        behindOrder: order(2, 6),
        awaited: true,
        account: 'disabled-on-premises',
        notices: 'sid-new,name-let-go',
        formerGuid: '22222222-3333-4444-5555-666666666666',
        formerSid: 'S-1-5-21-1-2-3-1106',
        sealedPassword: 'x'.repeat(8_000),
      };
      await state.mergeRows([row]);
      const found = (await state.rows('group', [idOf(1)])).get(idOf(1)) as Row;
      expect(withoutTag(found)).toEqual(row);
      expect(await state.rows('user', [idOf(1)])).toEqual(new Map());
    });

    it('merges: columns that are not named stay', async () => {
      const { state } = await open();
      await state.mergeRows([{ kind: 'user', id: idOf(1), state: 'present', hash: 'a', order: order(1, 1) }]);
      await state.mergeRows([{ kind: 'user', id: idOf(1), outcome: 'created', objectSid: 'S-1-5-21-9' }]);
      const found = (await state.rows('user', [idOf(1)])).get(idOf(1)) as Row;
      expect(withoutTag(found)).toEqual({
        kind: 'user',
        id: idOf(1),
        state: 'present',
        hash: 'a',
        order: order(1, 1),
        outcome: 'created',
        objectSid: 'S-1-5-21-9',
      });
    });

    it('keeps what is empty: no leave, no photo, no account, no former entry, no sealed password', async () => {
      const { state } = await open();
      const empty = {
        ...{ kind: 'user' as const, id: idOf(1), state: 'present' as const, enabled: true, photo: '' },
        ...{ leftAt: null, leftFor: '' as const, account: '' as const, notices: '' },
        ...{ formerGuid: '', formerSid: '', sealedPassword: '' },
      };
      await state.mergeRows([
        { kind: 'user', id: idOf(1), enabled: false, leftAt: aTime, leftFor: 'softDelete', photo: 'p' },
        {
          kind: 'user',
          id: idOf(1),
          account: 'enabled',
          formerGuid: 'g',
          formerSid: 's',
          sealedPassword: 'p',
        },
      ]);
      await state.mergeRows([empty]);
      const found = (await state.rows('user', [idOf(1)])).get(idOf(1)) as Row;
      expect(withoutTag(found)).toEqual(empty);
    });

    it('clears ringAt and attempts with null', async () => {
      const { state } = await open();
      await state.mergeRows([{ kind: 'user', id: idOf(1), state: 'present', ringAt: aTime, attempts: 3 }]);
      await state.mergeRows([{ kind: 'user', id: idOf(1), ringAt: null, attempts: null }]);
      const found = (await state.rows('user', [idOf(1)])).get(idOf(1));
      expect(found?.ringAt ?? null).toBeNull();
      expect(found?.attempts ?? null).toBeNull();
    });

    it('unites several merges of one row in one call, in their order', async () => {
      const { state } = await open();
      await state.mergeRows([
        { kind: 'user', id: idOf(1), state: 'suspended', hash: 'a' },
        { kind: 'user', id: idOf(2), state: 'absent' },
        { kind: 'user', id: idOf(1), hash: 'b', outcome: 'created' },
      ]);
      const found = (await state.rows('user', [idOf(1)])).get(idOf(1));
      expect([found?.state, found?.hash, found?.outcome]).toEqual(['suspended', 'b', 'created']);
    });

    it('writes 250 rows of both kinds in one call and reads any number of them, asked twice or unknown', async () => {
      const { state } = await open();
      const kindOf = (n: number) => (n % 2 === 0 ? 'user' : 'group');
      const numbers = Array.from({ length: 250 }, (_, n) => n);
      await state.mergeRows(
        numbers.map((n) => ({ kind: kindOf(n), id: idOf(n), state: 'present', hash: String(n) })),
      );
      for (const count of [1, 5, 40, 250]) {
        const asked = numbers.slice(0, count).map(idOf);
        const found = await state.rows('user', [...asked, ...asked, idOf(9_999)]);
        const expected = numbers.slice(0, count).filter((n) => n % 2 === 0);
        expect([...found.values()].map(({ hash }) => Number(hash)).sort((a, b) => a - b)).toEqual(expected);
      }
    });

    it('reads thousands of rows in one call, whether most of a kind or few of it, and none that was not asked for', async () => {
      const { state } = await open();
      const numbers = Array.from({ length: 4_000 }, (_, n) => n);
      await state.mergeRows(numbers.map((n) => ({ kind: 'user', id: idOf(n), state: 'present' })));
      await state.mergeRows([{ kind: 'group', id: idOf(7), state: 'present' }]);
      for (const every of [1, 3, 7]) {
        const asked = numbers.filter((n) => n % every === 0).map(idOf);
        const found = await state.rows('user', [...asked, ...asked, idOf(9_999)]);
        expect([...found.keys()].sort()).toEqual(asked);
        expect(new Set([...found.values()].map(({ kind, tag }) => `${kind} ${tag !== ''}`))).toEqual(
          new Set(['user true']),
        );
      }
    });

    it('removes rows, and does not mind those that are gone', async () => {
      const { state } = await open();
      const numbers = Array.from({ length: 130 }, (_, n) => n);
      await state.mergeRows(numbers.map((n) => ({ kind: 'user', id: idOf(n), state: 'present' })));
      await state.removeRows([{ kind: 'user', id: idOf(3) }]);
      await state.removeRows(numbers.slice(0, 120).map((n) => ({ kind: 'user', id: idOf(n) })));
      expect([...(await state.rows('user', numbers.map(idOf))).keys()].sort()).toEqual(
        numbers.slice(120).map(idOf),
      );
    });
  });
}
