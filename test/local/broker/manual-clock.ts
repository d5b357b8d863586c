import type { EngineClock } from '../../../local/broker/engine/agenda.ts';

/** Time that moves only when told; what was woken for runs on the way, in order. */
export class ManualClock implements EngineClock {
  #now: number;
  #wakes = new Set<{ at: number; run: () => void }>();

  constructor(now = 1_000_000) {
    this.#now = now;
  }

  /** Timers armed now. */
  get armed(): number {
    return this.#wakes.size;
  }

  now(): number {
    return this.#now;
  }

  wake(afterMs: number, run: () => void): () => void {
    const wake = { at: this.#now + afterMs, run };
    this.#wakes.add(wake);
    return () => this.#wakes.delete(wake);
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = [...this.#wakes].filter((wake) => wake.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#wakes.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = end;
  }
}
