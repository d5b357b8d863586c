import type { Agenda, Alarm } from './agenda.ts';
import type { StoredMessage } from './message.ts';

type Scheduled = { readonly message: StoredMessage; readonly dueAt: number; readonly alarm: Alarm };

/** Messages that are not due yet (`dueAt` in epoch milliseconds); at equal times in the order they were sent. */
export class Schedule {
  readonly #agenda: Agenda;
  readonly #activate: (message: StoredMessage) => void;
  readonly #items = new Map<number, Scheduled>();

  constructor(agenda: Agenda, activate: (message: StoredMessage) => void) {
    this.#agenda = agenda;
    this.#activate = activate;
  }

  get size(): number {
    return this.#items.size;
  }

  has(sequence: number): boolean {
    return this.#items.has(sequence);
  }

  add(message: StoredMessage, dueAt: number): void {
    const alarm = this.#agenda.at(dueAt, () => {
      this.#items.delete(message.sequence);
      this.#activate(message);
    });
    this.#items.set(message.sequence, { message, dueAt, alarm });
  }

  /** False where there is none with this number. */
  cancel(sequence: number): boolean {
    this.#agenda.cancel(this.#items.get(sequence)?.alarm);
    return this.#items.delete(sequence);
  }

  *messages(): Iterable<StoredMessage> {
    for (const { message } of this.#items.values()) yield message;
  }

  *entries(): Iterable<readonly [StoredMessage, number]> {
    for (const { message, dueAt } of this.#items.values()) yield [message, dueAt];
  }
}
