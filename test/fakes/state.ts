import type { Kind, ObjectId } from '../../shared/domain/object-id.ts';
import type { Cursor, LogEntry, Row, State } from '../../shared/ports.ts';

/** State in memory, with tags that change on every write, as Azure Tables' ETags do. */
export type FakeState = State & {
  row(kind: Kind, id: ObjectId): Row | undefined;
  everyRow(): Row[];
  log: LogEntry[];
  notes: Map<string, Record<string, string | number | boolean>>;
  /** Forgets everything, as if the tables had been lost. */
  lose(): void;
};

/** What is written again is the same line. */
const lineKeyOf = ({ id, order, times }: LogEntry): string =>
  [id, times.commit ?? times.command ?? times.ring, order.epoch, order.sequence].join(' ');

export function fakeState(): FakeState {
  const cursors = new Map<Kind, Cursor>();
  const rows = new Map<string, Row>();
  const log: LogEntry[] = [];
  const placesInLog = new Map<string, number>();
  const notes: FakeState['notes'] = new Map();
  const secrets = new Map<string, string>();
  let tags = 0;
  const nextTag = (): string => `t${++tags}`;
  const keyOf = (row: { kind: Kind; id: ObjectId }): string => `${row.kind}:${row.id}`;
  const merge = (row: Partial<Row> & { kind: Kind; id: ObjectId }): void => {
    rows.set(keyOf(row), { ...rows.get(keyOf(row)), ...structuredClone(row), tag: nextTag() } as Row);
  };

  return {
    log,
    notes,
    row: (kind, id) => structuredClone(rows.get(keyOf({ kind, id }))),
    everyRow: () => structuredClone([...rows.values()]),
    lose() {
      cursors.clear();
      rows.clear();
      secrets.clear();
    },
    async cursor(kind) {
      return structuredClone(cursors.get(kind));
    },
    async saveCursor(cursor) {
      if (cursors.get(cursor.kind)?.tag !== cursor.tag) return 'conflict';
      const tag = nextTag();
      cursors.set(cursor.kind, structuredClone({ ...cursor, tag }));
      return { tag };
    },
    async rows(kind, ids) {
      const found = ids.map((id) => rows.get(keyOf({ kind, id }))).filter((row) => row !== undefined);
      return new Map(structuredClone(found).map((row) => [row.id, row]));
    },
    async *allRows(kind) {
      const all = [...rows.values()].filter((row) => row.kind === kind);
      for (let at = 0; at < all.length; at += 2) yield structuredClone(all.slice(at, at + 2));
    },
    async mergeRows(changed) {
      for (const row of changed) merge(row);
    },
    async mergeRowsIf(merges) {
      return merges.map(({ row, tag }) => {
        if (rows.get(keyOf(row))?.tag !== tag) return 'conflict';
        merge(row);
        return 'merged';
      });
    },
    async removeRows(removed) {
      for (const row of removed) rows.delete(keyOf(row));
    },
    async parked() {
      const parked = [...rows.values()].filter(({ ringAt, code }) => typeof ringAt === 'number' && !!code);
      const alike = Map.groupBy(parked, ({ kind, code }) => `${kind} ${code}`);
      return [...alike.values()].map(([one, ...others]) => {
        return { kind: one?.kind ?? 'user', code: one?.code ?? '', count: 1 + others.length };
      });
    },
    async appendLog(entries) {
      for (const entry of structuredClone(entries)) {
        const key = lineKeyOf(entry);
        const place = placesInLog.get(key) ?? log.length;
        placesInLog.set(key, place);
        log[place] = entry;
      }
    },
    async note(name, value) {
      notes.set(name, value);
    },
    async secret(name) {
      return secrets.get(name);
    },
    async keepSecret(name, value) {
      secrets.set(name, secrets.get(name) ?? value);
      return secrets.get(name) ?? value;
    },
  };
}
