/**
 * Where a command stands among all commands of its kind. A reader raises `epoch` when it takes the cursor over and counts
 * `sequence` up within it; a relay refuses an epoch lower than the highest its lane has seen.
 */
export type Order = { epoch: number; sequence: number };

export function compareOrders(a: Order, b: Order): number {
  return a.epoch === b.epoch ? a.sequence - b.sequence : a.epoch - b.epoch;
}

/** Fixed-width text that sorts as the orders do: `<epoch, 15 digits>.<sequence, 9 digits>`. */
export function orderText(order: Order): string {
  return `${String(order.epoch).padStart(15, '0')}.${String(order.sequence).padStart(9, '0')}`;
}
