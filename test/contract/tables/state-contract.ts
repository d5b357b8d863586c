import { describe, expect, it } from 'vitest';
import { type ObjectId, objectIdFrom } from '../../../shared/domain/object-id.ts';
import { orderText } from '../../../shared/domain/order.ts';
import { epochMs } from '../../../shared/domain/time.ts';
import type { Cursor, LogEntry, Row, State } from '../../../shared/ports.ts';

/** Reads what no port reads: the log and the notes, as their stand-in or service keeps them. */
export type Inside = {
  logRows(): Promise<{ partition: string; row: string; columns: Record<string, unknown> }[]>;
  noteOf(name: string): Promise<Record<string, unknown> | undefined>;
};
export type Opened = { state: State; inside?: Inside };

const idOf = (n: number): ObjectId =>
  objectIdFrom(`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`) as ObjectId;
const order = (epoch: number, sequence: number) => ({ epoch, sequence });
const aTime = epochMs(1_795_000_000_123);

const wholeCursor: Omit<Cursor, 'tag'> = {
  kind: 'group',
  epoch: 3,
  owner: 'instance-1',
  link: 'https://graph.microsoft.com/v1.0/groups/delta?$deltatoken=abc',
  round: { id: 'r1', type: 'full', startedAt: aTime, pagesSent: 4, pagesDone: 2 },
  lastRoundStartedAt: aTime,
  lastRoundEndedAt: epochMs(aTime + 1),
  lastFullRoundEndedAt: epochMs(aTime + 2),
  mapping: 'a-hash',
  listing: true,
};
const bareCursor: Omit<Cursor, 'tag'> = {
  kind: 'user',
  epoch: 0,
  owner: 'instance-1',
  link: undefined,
  round: undefined,
  lastRoundStartedAt: undefined,
  lastRoundEndedAt: undefined,
  lastFullRoundEndedAt: undefined,
  mapping: undefined,
  listing: false,
};
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

/** What every `State` promises, whatever keeps it (shared/ports.ts). `open` gives one without any content. */
export function describeState(name: string, open: () => Promise<Opened>): void {
  describe(`state on ${name}`, () => {
    describeCursor(open);
    describeRows(open);
    describeConditional(open);
    describeSweep(open);
    describeParked(open);
    describeLog(open);
    describeSecrets(open);
  });
}

async function tagOf(state: State, cursor: Parameters<State['saveCursor']>[0]): Promise<string> {
  const saved = await state.saveCursor(cursor);
  if (saved === 'conflict') throw new Error('conflict');
  return saved.tag;
}

function describeCursor(open: () => Promise<Opened>): void {
  describe('cursor, saveCursor', () => {
    it('has no cursor at first', async () => {
      const { state } = await open();
      expect(await state.cursor('user')).toBeUndefined();
    });

    it('gives back the whole cursor with the tag that saving answered', async () => {
      const { state } = await open();
      const tag = await tagOf(state, { ...wholeCursor, tag: undefined });
      expect(await state.cursor('group')).toEqual({ ...wholeCursor, tag });
      expect(await state.cursor('user')).toBeUndefined();
    });

    it('gives back a bare cursor, and forgets what a later save leaves out', async () => {
      const { state } = await open();
      const tag = await tagOf(state, { ...wholeCursor, kind: 'user', tag: undefined });
      const next = await tagOf(state, { ...bareCursor, tag });
      expect(next).not.toBe(tag);
      expect(await state.cursor('user')).toEqual({ ...bareCursor, tag: next });
    });

    it('keeps a link of 100,000 characters, and a shorter one after it', async () => {
      const { state } = await open();
      const link = `https://graph.microsoft.com/v1.0/users/delta?$skiptoken=${'x'.repeat(100_000)}`;
      const tag = await tagOf(state, { ...bareCursor, link, tag: undefined });
      expect((await state.cursor('user'))?.link).toBe(link);
      await tagOf(state, { ...bareCursor, link: 'https://short', tag });
      expect((await state.cursor('user'))?.link).toBe('https://short');
    });

    it('answers conflict to a second creation and to an old tag, and changes nothing', async () => {
      const { state } = await open();
      const first = await tagOf(state, { ...bareCursor, tag: undefined });
      expect(await state.saveCursor({ ...bareCursor, epoch: 9, tag: undefined })).toBe('conflict');
      const second = await tagOf(state, { ...bareCursor, epoch: 1, tag: first });
      expect(await state.saveCursor({ ...bareCursor, epoch: 9, tag: first })).toBe('conflict');
      expect(await state.cursor('user')).toEqual({ ...bareCursor, epoch: 1, tag: second });
    });

    it('lets exactly one of ten savers with the same tag win', async () => {
      const { state } = await open();
      const tag = await tagOf(state, { ...bareCursor, tag: undefined });
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, n) => state.saveCursor({ ...bareCursor, epoch: n + 1, tag })),
      );
      expect(outcomes.filter((outcome) => outcome !== 'conflict')).toHaveLength(1);
    });
  });
}

function withoutTag(row: Row): Omit<Row, 'tag'> {
  const copy: Partial<Row> = { ...row };
  delete copy.tag;
  return copy as Omit<Row, 'tag'>;
}

function describeRows(open: () => Promise<Opened>): void {
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

function describeConditional(open: () => Promise<Opened>): void {
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

function describeSweep(open: () => Promise<Opened>): void {
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

function describeParked(open: () => Promise<Opened>): void {
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

function describeLog(open: () => Promise<Opened>): void {
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

    it('writes account, notices, reports and holders, and never a sealed password', async () => {
      const { state, inside } = await open();
      const entry: LogEntry & { sealedPassword: string } = {
        ...logEntry(1),
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

function describeSecrets(open: () => Promise<Opened>): void {
  describe('secret, keepSecret', () => {
    it('keeps none at first', async () => {
      const { state } = await open();
      expect(await state.secret('webhook')).toBeUndefined();
    });

    it('keeps the first one for good, under its own name', async () => {
      const { state } = await open();
      expect(await state.keepSecret('webhook', 'one')).toBe('one');
      expect(await state.keepSecret('webhook', 'two')).toBe('one');
      expect(await state.keepSecret('other', 'three')).toBe('three');
      expect(await state.secret('webhook')).toBe('one');
    });

    it('gives everybody who tries at once the same', async () => {
      const { state } = await open();
      const tries = Array.from({ length: 8 }, (_, n) => state.keepSecret('webhook', `secret-${n}`));
      const got = new Set(await Promise.all(tries));
      expect(got.size).toBe(1);
      expect([...got]).toEqual([await state.secret('webhook')]);
    });
  });
}

const keyOf = (n: number) => `u:${idOf(n)}` as LogEntry['missing'][number];
