import { describe, expect, it } from 'vitest';
import { orderText } from '../../../shared/domain/order.ts';
import type { LogEntry } from '../../../shared/ports.ts';
import { aTime, idOf, type Logged, type Opened, order } from './opened.ts';

const commit = Date.UTC(2026, 10, 22, 23, 59, 59, 999);
const keyOf = (n: number) => `u:${idOf(n)}` as LogEntry['missing'][number];
const logEntry = (n: number): LogEntry => ({
  of: 'user',
  id: idOf(n),
  order: order(1, n),
  cause: 'ring',
  outcome: 'updated',
  changed: ['displayName'],
  added: 0,
  removed: 0,
  missing: [],
  omitted: [],
  memberOf: [],
  reports: [],
  holders: [],
  notices: [],
  relay: 'relay-1',
  times: { ring: aTime, commit },
  traceId: '0af7651916cd43dd8448eb211c80319c',
});

const guid = '11111111-2222-4333-8444-555555555555';
const sid = 'S-1-5-21-1-2-3-1104';
/** A line in which everything has a value of its own. */
const fullLine: Required<Logged> = {
  ...{ of: 'user', id: idOf(1), state: 'present', cause: 'full-round', outcome: 'rejected' },
  asked: 'account disable, place leavers, names keep',
  ...{ code: 'name-awaited', reason: 'somebody has to let it go', changed: ['title', 'mail'] },
  ...{ objectGuid: guid, objectSid: sid, account: 'disabled-on-premises', added: 3, removed: 4 },
  ...{ missing: [keyOf(5)], omitted: [{ key: keyOf(6), code: 'member-refused' }], memberOf: [idOf(7)] },
  ...{ reports: [idOf(8)], holders: [{ kind: 'user', id: idOf(9) }], notices: ['name-let-go'] },
  times: { event: commit - 3_000, ring: commit - 2_000, command: commit - 1_000, commit },
  ...{ relay: 'relay-7', traceId: '0af7651916cd43dd8448eb211c80319c' },
};

/** The log and the notes, which the app only writes. */
export function describeLog(open: () => Promise<Opened>): void {
  describe('appendLog, note', () => {
    it('keeps of each line what was asked, what became of it and why, what was changed, and every time', async () => {
      const { state, logged } = await open();
      const short: LogEntry = { ...logEntry(2), of: 'difference', outcome: 'unchanged', changed: [] };
      await state.appendLog([{ ...fullLine, order: order(1, 1) }, short]);
      const { order: _, ...shortLine } = short;
      const byId = (a: Logged, b: Logged) => (a.id < b.id ? -1 : 1);
      expect((await logged()).sort(byId)).toEqual([fullLine, shortLine]);
    });

    it('takes entries of any number and length, and the same ones again', async () => {
      const { state, logged, inside } = await open();
      const long = {
        ...logEntry(1),
        omitted: Array.from({ length: 3_000 }, () => ({ key: keyOf(1), code: 'member-refused' as const })),
      };
      const entries = [long, ...Array.from({ length: 120 }, (_, n) => logEntry(n + 2))];
      await state.appendLog(entries);
      await state.appendLog(entries);
      await state.appendLog([]);
      expect(await logged()).toHaveLength(121);
      if (inside === undefined) return;
      const rows = await inside.logRows();
      expect(new Set(rows.map(({ partition }) => partition))).toEqual(new Set(['2026-11-22']));
      expect(rows.map(({ row }) => row)).toContain(`${idOf(5)}_${commit}_${orderText(order(1, 5))}`);
      expect(rows.map(({ columns }) => Number(columns['at']))).toEqual(rows.map(() => commit));
      expect(Number(rows.find(({ row }) => row.startsWith(idOf(1)))?.columns['omittedCount'])).toBe(3_000);
    });

    it('[parking.log] writes what was asked, account, notices, reports and holders, and never a sealed password', async () => {
      const { state, inside } = await open();
      const entry: LogEntry & { sealedPassword: string } = {
        ...logEntry(1),
        state: 'suspended',
        asked: 'account disable, place leavers, names keep',
        account: 'disabled-on-premises',
        notices: ['disabled-on-premises', 'name-let-go'],
        reports: [idOf(2)],
        holders: [{ kind: 'user', id: idOf(3) }],
        sealedPassword: 'c2VhbGVk',
      };
      await state.appendLog([entry]);
      if (inside === undefined) return;
      const [row] = await inside.logRows();
      expect(row?.columns).toMatchObject({
        state: 'suspended',
        asked: 'account disable, place leavers, names keep',
        account: 'disabled-on-premises',
        notices: '["disabled-on-premises","name-let-go"]',
        reports: JSON.stringify([idOf(2)]),
        holders: JSON.stringify([{ kind: 'user', id: idOf(3) }]),
      });
      expect(JSON.stringify(Object.values(row?.columns ?? {}).map(String))).not.toContain('c2VhbGVk');
    });

    it('replaces a note, whatever its name', async () => {
      const { state, inside } = await open();
      await state.note('relay/a#1', { entries: 1, name: 'x' });
      await state.note('relay/a#1', { entries: 17_000_000_000, healthy: true });
      if (inside === undefined) return;
      const note = await inside.noteOf('relay/a#1');
      expect(Number(note?.['entries'])).toBe(17_000_000_000);
      expect(note?.['healthy']).toBe(true);
      expect(note?.['name']).toBeUndefined();
    });
  });
}
