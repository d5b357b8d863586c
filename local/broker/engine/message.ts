import type { Alarm } from './agenda.ts';

/** Values that a property set by the broker (dead-letter reason) or by an abandon can have. */
export type PropertyValue = string | number | boolean | null;

/** Application properties laid over those the sender gave. */
export type Overlay = Readonly<Record<string, PropertyValue>>;

/** A message in a queue. Times are epoch milliseconds; `payload` is the sender's encoded AMQP message, opaque here. */
export type StoredMessage = {
  readonly sequence: number;
  /** The number given when it arrived; differs from `sequence` only for messages that were scheduled. */
  readonly enqueueSequence: number;
  readonly messageId: string | undefined;
  readonly sessionId: string | undefined;
  readonly enqueuedAt: number;
  readonly expiresAt: number;
  readonly payload: Buffer;
  /** Failed deliveries so far, as in the AMQP header: 0 at the first delivery. */
  deliveryCount: number;
  overlay: Overlay;
  expiry?: Alarm;
};

/** What a sender hands in. `dueAt` schedules it; `timeToLiveMs` may only shorten the queue's own. */
export type Incoming = {
  readonly messageId: string | undefined;
  readonly sessionId: string | undefined;
  readonly timeToLiveMs: number | undefined;
  readonly dueAt: number | undefined;
  readonly payload: Buffer;
};

/** A lock on one delivery: `token` is 32 hex digits, `until` epoch milliseconds. */
export type DeliveryLock = { readonly token: string; readonly until: number };

/** What a receiver decided about a delivery. */
export type Outcome =
  | { readonly type: 'complete' }
  | { readonly type: 'abandon'; readonly overlay: Overlay }
  | { readonly type: 'release' }
  | { readonly type: 'dead-letter'; readonly overlay: Overlay };

/** A receiver as the engine sees it. `credit` is how many messages it takes now. */
export type Consumer = {
  readonly mode: 'peek-lock' | 'receive-and-delete';
  credit(): number;
  deliver(message: StoredMessage, lock: DeliveryLock): void;
};
