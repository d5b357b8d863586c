import type { Overlay, StoredMessage } from './message.ts';

/** What a dispatch asks of the queue that owns the messages. */
export type Custody = {
  readonly lockMs: number;
  newToken(): string;
  /** The message is gone for good. */
  complete(message: StoredMessage): void;
  moveToDeadLetter(message: StoredMessage, overlay: Overlay): void;
  /** A delivery failed: counts it. False: that was one too many (or it expired), and the message has left for the dead-letter queue. */
  countFailure(message: StoredMessage, overlay: Overlay): boolean;
  /** A delivery ended without verdict. False: the message expired meanwhile and has left. */
  keepUncounted(message: StoredMessage): boolean;
};
