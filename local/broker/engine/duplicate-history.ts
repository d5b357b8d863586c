/** Message ids seen within the duplicate detection window of a queue (milliseconds). */
export class DuplicateHistory {
  readonly #windowMs: number;
  readonly #seenAt = new Map<string, number>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  has(messageId: string, now: number): boolean {
    this.#forgetOlderThan(now - this.#windowMs);
    return this.#seenAt.has(messageId);
  }

  remember(messageId: string, at: number): void {
    this.#seenAt.set(messageId, at);
  }

  /** Ids with the time they were seen (epoch milliseconds), oldest first. */
  entries(now: number): [string, number][] {
    this.#forgetOlderThan(now - this.#windowMs);
    return [...this.#seenAt];
  }

  #forgetOlderThan(limit: number): void {
    // Insertion order is time order.
    for (const [id, at] of this.#seenAt) {
      if (at > limit) return;
      this.#seenAt.delete(id);
    }
  }
}
