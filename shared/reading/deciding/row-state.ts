import { compareOrders } from '../../domain/order.ts';
import type { Row, RowCommanded } from '../../ports.ts';

/**
 * Whether an entry of ours exists or may exist. After a crash between send and commit only the recorder's half tells. One that could not be
 * released is ours still.
 */
export function hasEntry(row: Row | undefined): boolean {
  if (row === undefined) return false;
  if (row.state === 'released') return hasFailed(row);
  if (row.state === 'absent') return !isDeleted(row);
  return row.state === 'present' || row.state === 'suspended' || !!row.objectGuid;
}

/** The entry of an object that may return is known to be deleted: the newest command said so, and was done. */
function isDeleted({ outcome, order, resultOrder }: Row): boolean {
  if (outcome !== 'deleted' || resultOrder === undefined) return false;
  return order === undefined || compareOrders(resultOrder, order) >= 0;
}

/** The last command is known not to have been applied, or not all of it. */
export function hasFailed(row: Row): boolean {
  return row.outcome === 'rejected' || row.outcome === 'dead-lettered' || row.outcome === 'stale';
}

/** The directory did something newer than the row knows: the row's hash proves nothing. */
export function isUncommitted(row: Row): boolean {
  if (row.resultOrder === undefined) return false;
  return row.order === undefined || compareOrders(row.resultOrder, row.order) > 0;
}

/** The same of one that is back but cannot be written yet: what its row tells of its leaving is still to be known then (may-enable.ts). */
export function clockStopped(row: Row | undefined): Partial<RowCommanded> {
  return row?.leftFor ? { leftAt: null } : {};
}

/** The clock of a leaver stops when it is back. */
export function hereAgain(row: Row | undefined): Partial<RowCommanded> {
  return row?.leftFor ? { leftAt: null, leftFor: '' } : {};
}
