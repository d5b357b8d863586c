import type { Agenda, Alarm } from './agenda.ts';
import { Backlog } from './backlog.ts';
import type { Custody } from './custody.ts';
import type { Consumer, Outcome, StoredMessage } from './message.ts';

type Handed = { readonly message: StoredMessage; until: number; alarm: Alarm };

/**
 * Delivery without sessions (also of every dead-letter queue): consumers take turns, each message has a lock of its own, and
 * the lock outlives the link it was taken on, as in the real service.
 */
export class PlainDispatch {
  readonly #agenda: Agenda;
  readonly #custody: Custody;
  readonly #backlog = new Backlog();
  readonly #handed = new Map<string, Handed>();
  #consumers: Consumer[] = [];
  #turn = 0;
  #pumping = false;

  constructor(agenda: Agenda, custody: Custody) {
    this.#agenda = agenda;
    this.#custody = custody;
  }

  get locked(): number {
    return this.#handed.size;
  }

  place(message: StoredMessage): void {
    this.#backlog.push(message);
    this.pump();
  }

  /** True if it was waiting and is taken out. */
  withdraw(message: StoredMessage): boolean {
    return this.#backlog.remove(message);
  }

  /** Adds a consumer; the answer takes it away again (its message locks stay until they are settled or expire). */
  join(consumer: Consumer): () => void {
    this.#consumers.push(consumer);
    return () => {
      this.#consumers = this.#consumers.filter((other) => other !== consumer);
    };
  }

  pump(): void {
    // A delivery may change credit and call back in here.
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#backlog.size > 0) {
      const consumer = this.#nextWithCredit();
      if (consumer === undefined) break;
      this.#hand(consumer, this.#backlog.shift() as StoredMessage);
    }
    this.#pumping = false;
  }

  /** `lost`: the lock expired or never was. */
  settle(token: string, outcome: Outcome): 'done' | 'lost' {
    const handed = this.#handed.get(token);
    if (handed === undefined) return 'lost';
    this.#handed.delete(token);
    this.#agenda.cancel(handed.alarm);
    const { message } = handed;
    if (outcome.type === 'complete') this.#custody.complete(message);
    else if (outcome.type === 'dead-letter') this.#custody.moveToDeadLetter(message, outcome.overlay);
    else if (outcome.type === 'release') this.#takeBack(message, this.#custody.keepUncounted(message));
    else this.#takeBack(message, this.#custody.countFailure(message, outcome.overlay));
    return 'done';
  }

  /** New end of the lock (epoch milliseconds), or undefined where it was lost. */
  renew(token: string): number | undefined {
    const handed = this.#handed.get(token);
    if (handed === undefined) return undefined;
    this.#agenda.cancel(handed.alarm);
    handed.until = this.#agenda.now() + this.#custody.lockMs;
    handed.alarm = this.#agenda.at(handed.until, () => this.#expire(token));
    return handed.until;
  }

  #nextWithCredit(): Consumer | undefined {
    for (let tried = 0; tried < this.#consumers.length; tried += 1) {
      this.#turn = (this.#turn + 1) % this.#consumers.length;
      const consumer = this.#consumers[this.#turn] as Consumer;
      if (consumer.credit() > 0) return consumer;
    }
    return undefined;
  }

  #hand(consumer: Consumer, message: StoredMessage): void {
    const token = this.#custody.newToken();
    const until = this.#agenda.now() + this.#custody.lockMs;
    if (consumer.mode === 'receive-and-delete') {
      this.#custody.complete(message);
    } else {
      this.#handed.set(token, { message, until, alarm: this.#agenda.at(until, () => this.#expire(token)) });
    }
    consumer.deliver(message, { token, until });
  }

  #expire(token: string): void {
    const handed = this.#handed.get(token);
    if (handed === undefined) return;
    this.#handed.delete(token);
    this.#takeBack(handed.message, this.#custody.countFailure(handed.message, {}));
  }

  #takeBack(message: StoredMessage, stays: boolean): void {
    if (!stays) return;
    this.#backlog.putBack(message);
    this.pump();
  }
}
