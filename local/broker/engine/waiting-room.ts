import type { Agenda, Alarm } from './agenda.ts';

/** One request that waits. */
export type Waiting<T> = { readonly request: T; readonly alarm: Alarm };

/** First come, first served, each for a limited time. */
export class WaitingRoom<T> {
  readonly #agenda: Agenda;
  /** A Set keeps the order of arrival and forgets in constant time. */
  readonly #inside = new Set<Waiting<T>>();

  constructor(agenda: Agenda) {
    this.#agenda = agenda;
  }

  enter(request: T, timeoutMs: number, tooLate: () => void): Waiting<T> {
    const waiting: Waiting<T> = {
      request,
      alarm: this.#agenda.at(this.#agenda.now() + timeoutMs, () => {
        this.#inside.delete(waiting);
        tooLate();
      }),
    };
    this.#inside.add(waiting);
    return waiting;
  }

  leave(waiting: Waiting<T>): void {
    this.#inside.delete(waiting);
    this.#agenda.cancel(waiting.alarm);
  }

  takeFirst(): T | undefined {
    for (const waiting of this.#inside) {
      this.leave(waiting);
      return waiting.request;
    }
    return undefined;
  }
}
