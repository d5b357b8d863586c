import { Broker } from '../../../../local/broker/engine/broker.ts';
import type { LedgerRecord } from '../../../../local/broker/engine/ledger.ts';
import type {
  Consumer,
  DeliveryLock,
  Incoming,
  StoredMessage,
} from '../../../../local/broker/engine/message.ts';
import type { Queue } from '../../../../local/broker/engine/queue.ts';
import type { QueueSettings } from '../../../../local/broker/engine/queue-settings.ts';
import type { SessionLock } from '../../../../local/broker/engine/session.ts';
import type { Refusal } from '../../../../local/broker/engine/session-dispatch.ts';
import { ManualClock } from '../manual-clock.ts';

const settings: QueueSettings = {
  name: 'q',
  requiresSession: true,
  duplicateWindowMs: undefined,
  lockMs: 1000,
  maxDeliveryCount: 3,
  timeToLiveMs: 1_000_000,
};

/** A queue on a workbench: manual clock, ledger in memory, readable tokens. */
export class BenchQueue {
  readonly clock = new ManualClock();
  readonly ledger: LedgerRecord[] = [];
  readonly #settings: QueueSettings;
  broker: Broker;
  #tokens = 0;

  constructor(changed: Partial<QueueSettings> = {}) {
    this.#settings = { ...settings, ...changed };
    this.broker = this.#make();
  }

  get queue(): Queue {
    const queue = this.broker.queue('q');
    if (queue === undefined) throw new Error('the queue is missing');
    return queue;
  }

  /** Starts anew from the ledger, as a process after kill -9 does. */
  crash(): void {
    this.broker.stop();
    this.broker = this.#make();
    this.broker.restore(this.ledger);
  }

  send(sessionId: string | undefined, text: string, more: Partial<Incoming> = {}): void {
    this.queue.enqueue({
      sessionId,
      messageId: undefined,
      timeToLiveMs: undefined,
      dueAt: undefined,
      payload: Buffer.from(text),
      ...more,
    });
  }

  /** Asks for a session (the next one without a name) with a consumer of so much credit. */
  accept(sessionId?: string, credit = 0): BenchReceiver {
    return new BenchReceiver(this.queue, sessionId, credit);
  }

  #make(): Broker {
    const newToken = (): string => {
      this.#tokens += 1;
      return String(this.#tokens);
    };
    const ledger = {
      append: (entry: LedgerRecord['entry'], payload?: Buffer) => this.ledger.push({ entry, payload }),
    };
    return new Broker([this.#settings], { clock: this.clock, ledger, newToken });
  }
}

/** A consumer that keeps what it got. */
export class BenchConsumer implements Consumer {
  readonly mode: Consumer['mode'];
  readonly got: { message: StoredMessage; lock: DeliveryLock }[] = [];
  #credit: number;

  constructor(credit: number, mode: Consumer['mode'] = 'peek-lock') {
    this.#credit = credit;
    this.mode = mode;
  }

  get texts(): string[] {
    return this.got.map(({ message }) => message.payload.toString());
  }

  get lastToken(): string {
    return this.got.at(-1)?.lock.token ?? '';
  }

  credit(): number {
    return this.#credit;
  }

  give(credit: number): void {
    this.#credit += credit;
  }

  deliver(message: StoredMessage, lock: DeliveryLock): void {
    this.#credit -= 1;
    this.got.push({ message, lock });
  }
}

/** One request for a session and what came of it. */
export class BenchReceiver {
  readonly consumer: BenchConsumer;
  readonly withdraw: () => void;
  lock: SessionLock | undefined;
  refused: Refusal | undefined;
  lost = false;

  constructor(queue: Queue, sessionId: string | undefined, credit: number) {
    this.consumer = new BenchConsumer(credit);
    const sessions = queue.sessions;
    if (sessions === undefined) throw new Error('the queue has no sessions');
    this.withdraw = sessions.accept({
      sessionId,
      timeoutMs: 500,
      granted: (lock) => {
        this.lock = lock;
        lock.consumer = this.consumer;
        sessions.pump(lock);
      },
      refused: (why) => {
        this.refused = why;
      },
      lost: () => {
        this.lost = true;
      },
    });
  }

  /** The lock, which must have been granted. */
  get held(): SessionLock {
    if (this.lock === undefined) throw new Error('no session was granted');
    return this.lock;
  }
}
