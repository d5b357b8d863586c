import type { TableEntity } from '@azure/data-tables';
import { orderText } from '../../domain/order.ts';
import type { LogEntry } from '../../ports.ts';
import { type Columns, wholeNumber } from './columns.ts';

/** Lists can be longer than a column: what does not fit is cut, its count stays. */
const listLength = 30_000;

const lists = ['changed', 'missing', 'omitted', 'memberOf', 'reports', 'holders', 'notices'] as const;

/**
 * A line of the log: partition = UTC date of the commit, row = `<id>_<commit>_<order>`, so writing it again writes the same
 * line and a day can be deleted by partition. Only the fields named here are written: a sealed password never is.
 */
export function entityOfLog(entry: LogEntry): TableEntity<Columns> {
  const { id, order, times } = entry;
  const at = times.commit ?? times.command ?? times.ring;
  const columns: Columns = { order: orderText(order), at: wholeNumber(at) };
  for (const name of [
    'of',
    'cause',
    'outcome',
    'state',
    'asked',
    'code',
    'reason',
    'objectGuid',
    'objectSid',
    'account',
    'relay',
    'traceId',
  ] as const) {
    if (entry[name] !== undefined) columns[name] = entry[name];
  }
  for (const [name, time] of Object.entries(times)) {
    if (time !== undefined) columns[`${name}At`] = wholeNumber(time);
  }
  for (const name of ['added', 'removed'] as const) columns[name] = wholeNumber(entry[name]);
  for (const name of lists) Object.assign(columns, listColumns(name, entry[name]));
  return {
    partitionKey: new Date(at).toISOString().slice(0, 10),
    rowKey: `${id}_${at}_${orderText(order)}`,
    id,
    ...columns,
  };
}

function listColumns(name: string, list: readonly unknown[]): Columns {
  if (list.length === 0) return {};
  const parts: string[] = [];
  let length = 2;
  for (const item of list) {
    const part = JSON.stringify(item);
    length += part.length + 1;
    if (length > listLength) break;
    parts.push(part);
  }
  return { [name]: `[${parts.join(',')}]`, [`${name}Count`]: wholeNumber(list.length) };
}
