import type { Alarm } from './agenda.ts';
import { Backlog } from './backlog.ts';
import type { Consumer, StoredMessage } from './message.ts';

/** The exclusive lock on a session. `consumer` appears with the link's first credit; `handed` are unsettled deliveries by token. */
export type SessionLock = {
  readonly session: Session;
  readonly handed: Map<string, StoredMessage>;
  readonly onLost: () => void;
  consumer: Consumer | undefined;
  until: number;
  alarm: Alarm;
  held: boolean;
};

/** One session: its ready messages in order, its state, its lock. */
export class Session {
  readonly id: string;
  readonly backlog = new Backlog();
  state: Buffer | undefined;
  lock: SessionLock | undefined;

  constructor(id: string) {
    this.id = id;
  }

  /** Nothing to remember about it. */
  get isForgettable(): boolean {
    return this.backlog.size === 0 && this.state === undefined && this.lock === undefined;
  }
}
