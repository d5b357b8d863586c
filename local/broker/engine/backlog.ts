import type { StoredMessage } from './message.ts';

/**
 * Messages ready for delivery, oldest sequence number first. New ones go to the end; what comes back from a receiver takes
 * its old place, so that an abandoned message is the next one again.
 */
export class Backlog {
  #items: (StoredMessage | undefined)[] = [];
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  oldest(): StoredMessage | undefined {
    return this.#items[this.#head];
  }

  push(message: StoredMessage): void {
    const last = this.#items.at(-1);
    if (last !== undefined && last.sequence > message.sequence) this.putBack(message);
    else this.#items.push(message);
  }

  shift(): StoredMessage | undefined {
    const message = this.#items[this.#head];
    if (message === undefined) return undefined;
    this.#items[this.#head] = undefined;
    this.#head += 1;
    if (this.#head === this.#items.length || this.#head > 4096) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return message;
  }

  putBack(message: StoredMessage): void {
    const index = this.#indexOf(message.sequence);
    if (index === this.#head && this.#head > 0) {
      this.#head -= 1;
      this.#items[this.#head] = message;
    } else {
      this.#items.splice(index, 0, message);
    }
  }

  /** True if it was there. */
  remove(message: StoredMessage): boolean {
    const index = this.#indexOf(message.sequence);
    if (this.#items[index] !== message) return false;
    this.#items.splice(index, 1);
    return true;
  }

  /** First index whose sequence number is not smaller. */
  #indexOf(sequence: number): number {
    let low = this.#head;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#items[middle] as StoredMessage).sequence < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
