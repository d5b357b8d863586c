import { describe, expect, it } from 'vitest';
import { orderText } from '../../../shared/domain/order.ts';
import type { LogEntry } from '../../../shared/ports.ts';
import { aTime, idOf, type Opened, order } from './opened.ts';

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
  times: { ring: aTime, commit: Date.UTC(2026, 10, 22, 23, 59, 59, 999) },
  traceId: '0af7651916cd43dd8448eb211c80319c',
});

/** The log and the notes, which the app only writes. */
export function describeLog(open: () => Promise<Opened>): void {
  describe('appendLog, note', () => {
    it('takes entries of any number and length, and the same ones again', async () => {
      const { state, inside } = await open();
      const long = {
        ...logEntry(1),
        omitted: Array.from({ length: 3_000 }, () => ({ key: keyOf(1), code: 'member-refused' as const })),
      };
      const entries = [long, ...Array.from({ length: 120 }, (_, n) => logEntry(n + 2))];
      await state.appendLog(entries);
      await state.appendLog(entries);
      await state.appendLog([]);
      if (inside === undefined) return;
      const rows = await inside.logRows();
      expect(rows).toHaveLength(121);
      expect(new Set(rows.map(({ partition }) => partition))).toEqual(new Set(['2026-11-22']));
      const at = Date.UTC(2026, 10, 22, 23, 59, 59, 999);
      expect(rows.map(({ row }) => row)).toContain(`${idOf(5)}_${at}_${orderText(order(1, 5))}`);
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
