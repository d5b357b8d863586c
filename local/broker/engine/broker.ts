import { Agenda, type EngineClock } from './agenda.ts';
import type { Ledger, LedgerEntry, LedgerRecord } from './ledger.ts';
import { Queue, type QueueCounts } from './queue.ts';
import { QueueMemory } from './queue-memory.ts';
import type { QueueSettings } from './queue-settings.ts';

/** The whole engine: queues by name (names are case-insensitive), one agenda, one ledger. */
export class Broker {
  readonly #queues = new Map<string, Queue>();
  readonly #agenda: Agenda;

  constructor(
    settings: readonly QueueSettings[],
    tools: { clock: EngineClock; ledger: Ledger; newToken: () => string },
  ) {
    this.#agenda = new Agenda(tools.clock);
    for (const one of settings) {
      const queue = new Queue(one, { agenda: this.#agenda, ledger: tools.ledger, newToken: tools.newToken });
      this.#queues.set(one.name.toLowerCase(), queue);
    }
  }

  queue(name: string): Queue | undefined {
    return this.#queues.get(name.toLowerCase());
  }

  /** Takes over a ledger; facts about queues that no longer exist are forgotten. */
  restore(records: Iterable<LedgerRecord>): void {
    const memories = new Map<Queue, QueueMemory>();
    for (const record of records) {
      const queue = this.queue(record.entry.q);
      if (queue === undefined) continue;
      let memory = memories.get(queue);
      if (memory === undefined) {
        memory = new QueueMemory();
        memories.set(queue, memory);
      }
      memory.take(record);
    }
    for (const [queue, memory] of memories) queue.restore(memory);
  }

  *snapshot(): Iterable<{ entry: LedgerEntry; payload?: Buffer }> {
    for (const queue of this.#queues.values()) yield* queue.snapshot();
  }

  counts(): Record<string, QueueCounts> {
    return Object.fromEntries(
      [...this.#queues.values()].map((queue) => [queue.settings.name, queue.counts()]),
    );
  }

  stop(): void {
    this.#agenda.stop();
  }
}
