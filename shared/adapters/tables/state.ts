import { odata, type TableClient, type TableEntity } from '@azure/data-tables';
import type { TablesSettings } from '../../config.ts';
import type { Kind } from '../../domain/object-id.ts';
import { WritebackError } from '../../errors.ts';
import type { Row, State } from '../../ports.ts';
import { deleteAll, upsertAll } from './bulk.ts';
import { type Columns, textFrom, wholeNumber } from './columns.ts';
import { mergeAllIf, writeIf } from './conditional-writes.ts';
import { countParked } from './count-parked.ts';
import { cursorFromEntity, cursorRow, entityOfCursor } from './cursor-entity.ts';
import { entityOfLog } from './log-entity.ts';
import { type Census, pageSize, type RowSource, readRows } from './read-rows.ts';
import { entityOfRow, rowFromEntity } from './row-entity.ts';
import { statusOf } from './state-error.ts';
import { openTables, type Tables } from './tables.ts';

/** `prefix` keeps several states apart in one storage account (tests). */
export type StateOptions = { tables: TablesSettings; prefix?: string };

/**
 * The port `State` over Azure Tables. `cursors`: one row per kind. `objects`: partition = kind, so that a page of rows is
 * written in transactions. `log`: partition = UTC date. `notes`, `secrets`: one partition each, apart because notes are shown to
 * people. Readers and recorders merge their own columns.
 */
export function createState(options: StateOptions): State {
  const tables = openTables(options.tables, options.prefix);
  const census: Record<Kind, Census> = { user: { rows: undefined }, group: { rows: undefined } };
  return {
    cursor: (kind) => tables('cursors', (table) => readCursor(table, kind)),
    saveCursor: (cursor) => saveCursor(tables, cursor),
    rows: (kind, ids) => tables('objects', (table) => readRows(rowsOf(table, kind), ids, census[kind])),
    allRows: (kind) => readAllRows(tables, kind),
    mergeRows: (rows) => tables('objects', (table) => upsertAll(table, rows.map(entityOfRow), 'Merge')),
    mergeRowsIf: (merges) =>
      tables('objects', (table) =>
        mergeAllIf(
          table,
          merges.map(({ row, tag }) => ({ entity: entityOfRow(row), tag })),
        ),
      ),
    parked: () => tables('objects', countParked),
    removeRows: (rows) => tables('objects', (table) => deleteAll(table, rows.map(entityOfRow))),
    appendLog: (entries) => tables('log', (table) => upsertAll(table, entries.map(entityOfLog), 'Replace')),
    note: (name, value) =>
      tables('notes', (table) => upsertAll(table, [entityOfNote(name, value)], 'Replace')),
    secret: (name) => tables('secrets', (table) => readSecret(table, name)),
    keepSecret: (name, value) => tables('secrets', (table) => keepSecret(table, name, value)),
  };
}

async function readCursor(table: TableClient, kind: Kind): ReturnType<State['cursor']> {
  const entity = await getOne(table, kind, cursorRow);
  return entity === undefined ? undefined : cursorFromEntity(kind, entity, String(entity['etag']));
}

async function saveCursor(
  tables: Tables,
  cursor: Parameters<State['saveCursor']>[0],
): ReturnType<State['saveCursor']> {
  const { tag, ...rest } = cursor;
  return await tables('cursors', (table) => writeIf(table, { entity: entityOfCursor(rest), tag }, 'Replace'));
}

/** Rows come by point reads or by pages of a range: see read-rows.ts. */
function rowsOf(table: TableClient, kind: Kind): RowSource {
  const ofKind = odata`PartitionKey eq ${kind}`;
  return {
    async one(id) {
      const entity = await getOne(table, kind, id);
      return entity === undefined ? undefined : rowFromEntity(entity);
    },
    async page(range, after) {
      const filter =
        range === undefined
          ? ofKind
          : `${ofKind} and ${odata`RowKey ge ${range.from} and RowKey le ${range.to}`}`;
      const pages = table
        .listEntities<Columns>({ queryOptions: { filter } })
        .byPage({ maxPageSize: pageSize, ...(after === undefined ? {} : { continuationToken: after }) });
      for await (const page of pages) return { rows: page.map(rowFromEntity), next: page.continuationToken };
      return { rows: [], next: undefined };
    },
  };
}

async function* readAllRows(tables: Tables, kind: Kind): AsyncGenerator<Row[]> {
  let after: string | undefined;
  do {
    const page = await tables('objects', (table) => rowsOf(table, kind).page(undefined, after));
    after = page.next;
    if (page.rows.length > 0) yield page.rows;
  } while (after !== undefined);
}

async function getOne(
  table: TableClient,
  partitionKey: string,
  rowKey: string,
): Promise<Columns | undefined> {
  try {
    const entity: Columns = await table.getEntity<Columns>(partitionKey, rowKey);
    return entity;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

async function readSecret(table: TableClient, name: string): Promise<string | undefined> {
  return textFrom((await getOne(table, secretPartition, name))?.['value']);
}

/** Whoever comes second finds the row of the first. */
async function keepSecret(table: TableClient, name: string, value: string): Promise<string> {
  const written = await writeIf(
    table,
    { entity: { partitionKey: secretPartition, rowKey: name, value }, tag: undefined },
    'Replace',
  );
  const kept = written === 'conflict' ? await readSecret(table, name) : value;
  if (kept === undefined)
    throw new WritebackError('state-unavailable', { detail: 'a secret was just removed' });
  return kept;
}

const secretPartition = 'secret';

function entityOfNote(name: string, value: Record<string, string | number | boolean>): TableEntity<Columns> {
  const columns: Columns = {};
  for (const [key, one] of Object.entries(value)) {
    columns[key] = typeof one === 'number' && Number.isSafeInteger(one) ? wholeNumber(one) : one;
  }
  return { partitionKey: 'note', rowKey: name.replaceAll(/[/\\#?%]/g, '_'), ...columns };
}
