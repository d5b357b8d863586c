import type { TableEntity } from '@azure/data-tables';
import { type Kind, objectIdFrom } from '../../domain/object-id.ts';
import type { Order } from '../../domain/order.ts';
import { type EpochMs, epochMs } from '../../domain/time.ts';
import { WritebackError } from '../../errors.ts';
import type { Row, RowCommanded, RowRecorded } from '../../ports.ts';
import { type Columns, numberFrom, orderColumn, orderFrom, textFrom, wholeNumber } from './columns.ts';

type RowFields = Partial<RowCommanded & RowRecorded>;

const states = ['present', 'suspended', 'absent', 'released', 'synced', 'outside'] as const;
const accounts = ['enabled', 'disabled', 'disabled-on-premises', ''] as const;
const leaveCauses = ['softDelete', 'hardDelete', 'outOfScope', ''] as const;
const texts = [
  'hash',
  'sid',
  'followed',
  'round',
  'photo',
  'manager',
  'objectGuid',
  'objectSid',
  'outcome',
  'code',
  'reason',
  'notices',
  'formerGuid',
  'formerSid',
  'sealedPassword',
] as const;
/** Texts of few values, which are narrowed when they are read. */
const words = ['state', 'leftFor', 'account'] as const;
const booleans = ['awaited', 'enabled', 'hidden'] as const;
const orders = ['order', 'listOrder', 'resultOrder', 'behindOrder'] as const;
const times = ['shownAt', 'committedAt'] as const;

/** Tables have no null: a merge ignores it. So `not parked any more` is stored as −1 and read as null. */
const nullables = ['ringAt', 'attempts', 'leftAt'] as const;
const noNumber = -1n;

/** The named fields of a row as an entity of `objects` (partition = kind, row = id): a merge leaves other columns alone. */
export function entityOfRow(row: RowFields & { kind: Kind; id: string }): TableEntity<Columns> {
  const columns: Columns = {};
  for (const name of [...words, ...booleans]) if (row[name] !== undefined) columns[name] = row[name];
  for (const name of texts) if (row[name] !== undefined) columns[name] = row[name].slice(0, 30_000);
  for (const name of orders) if (row[name] !== undefined) columns[name] = orderColumn(row[name]);
  for (const name of times) if (row[name] !== undefined) columns[name] = wholeNumber(row[name]);
  for (const name of nullables) {
    const value = row[name];
    if (value !== undefined) columns[name] = value === null ? noNumber : wholeNumber(value);
  }
  return { partitionKey: row.kind, rowKey: row.id, ...columns };
}

/**
 * The inverse. A row without `state` was written by the recorder while the reader's half was still to come: a command went
 * out, so the object counts as present, and the missing hash makes the reader send again.
 */
export function rowFromEntity(columns: Columns): Row {
  const row: Row = {
    ...keysOf(columns),
    state: oneOf(states, columns['state']) ?? 'present',
    tag: textFrom(columns['etag']) ?? '',
  };
  for (const name of texts) assign(row, name, textFrom(columns[name]));
  for (const name of orders) assign(row, name, orderFrom(columns[name]) satisfies Order | undefined);
  for (const name of times) assign(row, name, timeFrom(columns[name]));
  assign(row, 'ringAt', nullable(timeFrom(columns['ringAt'])));
  assign(row, 'leftAt', nullable(timeFrom(columns['leftAt'])));
  assign(row, 'attempts', nullable(numberFrom(columns['attempts'])));
  assign(row, 'leftFor', oneOf(leaveCauses, columns['leftFor']));
  assign(row, 'account', oneOf(accounts, columns['account']));
  for (const name of booleans) {
    const value = columns[name];
    if (typeof value === 'boolean') row[name] = value;
  }
  return row;
}

function keysOf(columns: Columns): Pick<Row, 'kind' | 'id'> {
  const id = objectIdFrom(textFrom(columns['rowKey']) ?? '');
  if (id === undefined) throw new WritebackError('state-unavailable', { detail: 'a row has a foreign key' });
  return { kind: columns['partitionKey'] === 'group' ? 'group' : 'user', id };
}

function assign<K extends keyof Row>(row: Row, name: K, value: Row[K] | undefined): void {
  if (value !== undefined) row[name] = value;
}

const oneOf = <T extends string>(words: readonly T[], value: unknown): T | undefined =>
  words.find((word) => word === value);

const nullable = <T extends number>(value: T | undefined): T | null | undefined =>
  value !== undefined && value < 0 ? null : value;

function timeFrom(value: unknown): EpochMs | undefined {
  const number = numberFrom(value);
  return number === undefined ? undefined : epochMs(number);
}
