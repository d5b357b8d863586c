import type { DurationMs, EpochMs } from '../../shared/domain/time.ts';

/** A message of `writes` under its session's lock. */
export type Delivery = { messageId: string | undefined; body: Uint8Array; token: unknown };

/**
 * One session of `writes`, held under its lock by this process alone. Everything throws WritebackError: `lock-lost` where
 * the session is no longer ours, `bus-unavailable` or `bus-refused` where Service Bus is the trouble.
 */
export type Lane = {
  /** The session id: `000` to `127`. */
  readonly id: string;
  /** The next message in order; `undefined` where none came within the wait, or where the signal ended it. */
  receive(wait: DurationMs, signal: AbortSignal): Promise<Delivery | undefined>;
  complete(delivery: Delivery): Promise<void>;
  readState(): Promise<string | undefined>;
  writeState(text: string): Promise<void>;
  /** How long the lock surely lasts, on a monotonic clock; 0 or less when it may be over. */
  lockLeftMs(): DurationMs;
  /** Renews the lock. */
  renew(): Promise<void>;
  /** Lets go of the session. Messages that were not completed come again, and no delivery is counted. Never throws. */
  close(): Promise<void>;
};

export type BusMessage = { id: string; body: unknown };

/** Commands that are not settled yet, up to a limit; `oldestAt`: when the first of them was enqueued. */
export type Backlog = { count: number; oldestAt: EpochMs | undefined };

/** Service Bus as the relay uses it. */
export type Bus = {
  /** The next session that has messages; `undefined` where none had any for a while. */
  acceptLane(signal: AbortSignal): Promise<Lane | undefined>;
  /** Enqueues all of them, or throws; on a throw some may be enqueued. */
  send(queue: 'results' | 'refused', messages: readonly BusMessage[]): Promise<void>;
  /** Looks at `writes` without taking a session, a message or a lock. `limit`: count no further. */
  backlog(limit: number): Promise<Backlog>;
  /** Finds out whether Service Bus can be reached, on a new connection. */
  probe(): Promise<void>;
  close(): Promise<void>;
};
