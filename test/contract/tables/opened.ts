import { type ObjectId, objectIdFrom } from '../../../shared/domain/object-id.ts';
import { epochMs } from '../../../shared/domain/time.ts';
import type { State } from '../../../shared/ports.ts';

/** Reads what no port reads: the log and the notes, as their stand-in or service keeps them. */
export type Inside = {
  logRows(): Promise<{ partition: string; row: string; columns: Record<string, unknown> }[]>;
  noteOf(name: string): Promise<Record<string, unknown> | undefined>;
};
export type Opened = { state: State; inside?: Inside };

export const idOf = (n: number): ObjectId =>
  objectIdFrom(`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`) as ObjectId;
export const order = (epoch: number, sequence: number) => ({ epoch, sequence });
export const aTime = epochMs(1_795_000_000_123);
