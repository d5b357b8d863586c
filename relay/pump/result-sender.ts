import type { Result } from '../../shared/contracts/result.ts';
import { orderText } from '../../shared/domain/order.ts';
import { durationMs } from '../../shared/domain/time.ts';
import type { RelayClock } from '../clock.ts';
import type { Bus, BusMessage } from './lane.ts';

/** Bytes of results per batch, well under what a Standard-tier message holds (256 KB). */
const batchBytes = 180_000;

/**
 * The least time between two batches, and how many results do not wait for it. Alone, a result leaves at once; in bulk, where a result
 * comes every few milliseconds, the recorder gets a handful at a time, which costs it (and the tables) a fraction of what one by one
 * would. Every result that waits holds up its lane.
 */
const spacingMs = 50;
const handful = 8;

type Waiting = { message: BusMessage; bytes: number; resolve: () => void; reject: (error: unknown) => void };

/**
 * Sends results of many lanes in few batches: while one batch is on its way, and a moment longer, the next one gathers. A promise resolves
 * when its result is enqueued. The message id follows from the command, so the second result of a command that came
 * twice is dropped by the queue.
 */
export class ResultSender {
  readonly #bus: Bus;
  readonly #clock: RelayClock;
  #sentAt = Number.NEGATIVE_INFINITY;
  #waiting: Waiting[] = [];
  #isSending = false;
  /** Ends the wait for a handful. */
  #handful = new AbortController();

  constructor(bus: Bus, clock: RelayClock) {
    this.#bus = bus;
    this.#clock = clock;
  }

  send(result: Result): Promise<void> {
    const message = { id: `${result.of}-${orderText(result.order)}-result`, body: result };
    const bytes = Buffer.byteLength(JSON.stringify(result));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ message, bytes, resolve, reject });
      if (this.#waiting.length >= handful) this.#handful.abort();
      if (!this.#isSending) {
        this.#isSending = true;
        queueMicrotask(() => void this.#drain());
      }
    });
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#untilDue();
      this.#sentAt = this.#clock.monotonicMs();
      const batch = this.#takeBatch();
      try {
        await this.#bus.send(
          'results',
          batch.map(({ message }) => message),
        );
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#isSending = false;
  }

  async #untilDue(): Promise<void> {
    const tooSoonMs = this.#sentAt + spacingMs - this.#clock.monotonicMs();
    if (tooSoonMs <= 0 || this.#waiting.length >= handful) return;
    this.#handful = new AbortController();
    await this.#clock.sleep(durationMs(tooSoonMs), this.#handful.signal).catch(() => undefined);
  }

  #takeBatch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { bytes: more } of this.#waiting) {
      if (count > 0 && bytes + more > batchBytes) break;
      bytes += more;
      count++;
    }
    return this.#waiting.splice(0, count);
  }
}
