import { type ObjectId, objectIdFrom } from '../../../shared/domain/object-id.ts';
import { epochMs } from '../../../shared/domain/time.ts';
import type { LogEntry, State } from '../../../shared/ports.ts';
import { fakeState } from '../../fakes/state.ts';

/** Reads what no port reads: the log and the notes, as the service keeps them. */
export type Inside = {
  logRows(): Promise<{ partition: string; row: string; columns: Record<string, unknown> }[]>;
  noteOf(name: string): Promise<Record<string, unknown> | undefined>;
};
/** A line of the log in the words of the port, whatever keeps it. The order is told by the keys of a row. */
export type Logged = Omit<LogEntry, 'order' | 'page'>;
export type Opened = { state: State; logged(): Promise<Logged[]>; inside?: Inside };

/** The stand-in keeps its log as it was given. */
export async function openFake(): Promise<Opened> {
  const state = fakeState();
  return { state, logged: async () => state.log.map(({ order: _, page: __, ...line }) => line) };
}

export const idOf = (n: number): ObjectId =>
  objectIdFrom(`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`) as ObjectId;
export const order = (epoch: number, sequence: number) => ({ epoch, sequence });
export const aTime = epochMs(1_795_000_000_123);
