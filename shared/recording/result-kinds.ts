import type { Result } from '../contracts/result.ts';
import type { Kind } from '../domain/object-id.ts';
import { compareOrders, type Order } from '../domain/order.ts';

/** Whose row a result belongs to: differences and slices are about groups. */
export function kindOf(result: Pick<Result, 'of'>): Kind {
  return result.of === 'user' ? 'user' : 'group';
}

/** Whether the command was about the object itself, not about its members. */
export function isStateResult(result: Pick<Result, 'of'>): boolean {
  return result.of === 'user' || result.of === 'group';
}

/** Whether the directory is now what the command said. */
export function isSuccess(result: Pick<Result, 'outcome'>): boolean {
  return result.outcome !== 'rejected' && result.outcome !== 'stale';
}

export const isNewer = (a: Order, b: Order): boolean => compareOrders(a, b) > 0;
export const isNotNewer = (a: Order, b: Order | undefined): boolean =>
  b !== undefined && compareOrders(a, b) <= 0;
