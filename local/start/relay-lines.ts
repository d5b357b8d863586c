import { type Applied, appliedFrom, hasEffect, isCreation } from '../story/applied.ts';

/** Everything that the relay has said it did, and who wants to hear the next line. */
export class RelayLines {
  readonly all: Applied[] = [];
  readonly #created = new Set<string>();
  readonly #listeners = new Set<(line: Applied) => void>();

  /** A line of a part, as the stack hands it on. */
  hear(part: string, line: unknown): void {
    const applied = part === 'relay' ? appliedFrom(line) : undefined;
    if (applied === undefined) return;
    this.all.push(applied);
    if (isCreation(applied)) this.#created.add(applied.id);
    for (const listener of this.#listeners) listener(applied);
  }

  /** How many entries the relay has created. */
  get created(): number {
    return this.#created.size;
  }

  /** Tells every line from now on; the answer stops it. */
  listen(listener: (line: Applied) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** From the first doorbell to the last change in AD, ms; 0 where nothing was changed. */
  spanMs(): number {
    const effective = this.all.filter(hasEffect);
    const first = Math.min(...effective.map((line) => line.times.ring));
    const last = Math.max(...effective.map((line) => line.times.commit ?? 0));
    return effective.length === 0 ? 0 : last - first;
  }
}
