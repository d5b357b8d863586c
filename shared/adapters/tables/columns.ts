import type { Order } from '../../domain/order.ts';
import { orderText } from '../../domain/order.ts';

/** An entity as the SDK gives and takes it: columns by name, 64-bit integers as bigint. */
export type Columns = Record<string, unknown>;

/**
 * A string column holds 32K UTF-16 units at most. Longer text goes into `<name>0`, `<name>1`, … (at most four: 120K units).
 * Columns that are not needed any more vanish because a cursor is always replaced whole.
 */
const partLength = 30_000;

export function longText(name: string, text: string | undefined): Columns {
  const columns: Columns = {};
  if (text === undefined) return columns;
  for (let at = 0; at * partLength < Math.max(1, text.length); at++) {
    columns[`${name}${at}`] = text.slice(at * partLength, (at + 1) * partLength);
  }
  return columns;
}

export function longTextFrom(name: string, columns: Columns): string | undefined {
  const parts: string[] = [];
  for (let at = 0; typeof columns[`${name}${at}`] === 'string'; at++)
    parts.push(String(columns[`${name}${at}`]));
  return parts.length === 0 ? undefined : parts.join('');
}

/** Whole numbers are stored as Int64: without a type the service takes them for Int32, and times do not fit. */
export const wholeNumber = (value: number): bigint => BigInt(Math.round(value));

export function numberFrom(value: unknown): number | undefined {
  return typeof value === 'bigint' || typeof value === 'number' ? Number(value) : undefined;
}

export const textFrom = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** The inverse of `orderText`. */
export function orderFrom(value: unknown): Order | undefined {
  if (typeof value !== 'string') return undefined;
  const [epoch, sequence] = value.split('.');
  return { epoch: Number(epoch), sequence: Number(sequence) };
}

export const orderColumn = (order: Order): string => orderText(order);
