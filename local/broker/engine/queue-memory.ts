import type { LedgerRecord, MessageEntry } from './ledger.ts';
import type { StoredMessage } from './message.ts';

/** What a ledger remembers of one queue, built up fact by fact. */
export class QueueMemory {
  lastSequence = 0;
  readonly seen = new Map<string, number>();
  readonly states = new Map<string, Buffer>();
  readonly active = new Map<number, StoredMessage>();
  readonly dead = new Map<number, StoredMessage>();
  readonly scheduled = new Map<number, { readonly message: StoredMessage; readonly dueAt: number }>();

  take({ entry, payload }: LedgerRecord): void {
    switch (entry.t) {
      case 'put':
        this.#put(entry, payload ?? Buffer.alloc(0));
        return;
      case 'due':
        this.#due(entry.s, { sequence: entry.n, enqueuedAt: entry.at, expiresAt: entry.exp });
        return;
      case 'end':
        (entry.d === true ? this.dead : this.active).delete(entry.s);
        this.scheduled.delete(entry.s);
        return;
      case 'count': {
        const message = (entry.d === true ? this.dead : this.active).get(entry.s);
        if (message !== undefined) Object.assign(message, { deliveryCount: entry.n, overlay: entry.o ?? {} });
        return;
      }
      case 'dead': {
        const message = this.active.get(entry.s);
        if (message !== undefined) this.dead.set(entry.s, Object.assign(message, { overlay: entry.o }));
        this.active.delete(entry.s);
        return;
      }
      case 'state':
        if (payload === undefined) this.states.delete(entry.sid);
        else this.states.set(entry.sid, payload);
        return;
      case 'seen':
        this.seen.set(entry.id, entry.at);
        return;
      case 'next':
        this.lastSequence = Math.max(this.lastSequence, entry.n);
    }
  }

  #put(entry: MessageEntry, payload: Buffer): void {
    const message: StoredMessage = {
      sequence: entry.s,
      enqueueSequence: entry.e,
      messageId: entry.id,
      sessionId: entry.sid,
      enqueuedAt: entry.at,
      expiresAt: entry.exp,
      payload,
      deliveryCount: entry.c ?? 0,
      overlay: entry.o ?? {},
    };
    this.lastSequence = Math.max(this.lastSequence, entry.s);
    if (entry.id !== undefined && entry.in !== undefined) this.seen.set(entry.id, entry.in);
    if (entry.due !== undefined) this.scheduled.set(entry.s, { message, dueAt: entry.due });
    else (entry.d === true ? this.dead : this.active).set(entry.s, message);
  }

  #due(from: number, to: { sequence: number; enqueuedAt: number; expiresAt: number }): void {
    const scheduled = this.scheduled.get(from);
    this.scheduled.delete(from);
    this.lastSequence = Math.max(this.lastSequence, to.sequence);
    if (scheduled !== undefined) this.active.set(to.sequence, { ...scheduled.message, ...to });
  }
}
