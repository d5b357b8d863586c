import type { Agenda } from './agenda.ts';
import type { Custody } from './custody.ts';
import { DuplicateHistory } from './duplicate-history.ts';
import type { Ledger, LedgerEntry, MessageEntry } from './ledger.ts';
import type { Incoming, Overlay, StoredMessage } from './message.ts';
import { PlainDispatch } from './plain-dispatch.ts';
import type { QueueMemory } from './queue-memory.ts';
import type { QueueSettings } from './queue-settings.ts';
import { Schedule } from './schedule.ts';
import { SessionDispatch } from './session-dispatch.ts';

/** What a queue needs from outside. */
export type QueueTools = {
  readonly agenda: Agenda;
  readonly ledger: Ledger;
  readonly newToken: () => string;
};

/** What became of a message that was sent. A duplicate counts as sent and is dropped. */
export type EnqueueResult =
  | { readonly type: 'enqueued' | 'duplicate'; readonly sequence: number }
  | { readonly type: 'session-required' };

type Where = { readonly dueAt?: number | undefined; readonly arrivedAt?: number; readonly dead?: true };

const expired: Overlay = {
  DeadLetterReason: 'TTLExpiredException',
  DeadLetterErrorDescription: 'The message expired and was dead lettered.',
};

const bySequence = (messages: Iterable<StoredMessage>): StoredMessage[] =>
  [...messages].sort((a, b) => a.sequence - b.sequence);

/** Counts of one queue: `active` is ready and locked messages, `locked` the part of them under lock. */
export type QueueCounts = {
  active: number;
  locked: number;
  scheduled: number;
  deadLettered: number;
  sessions: number;
};

/**
 * One queue: takes messages in (duplicates, schedules, time to live), owns them and writes every durable change to the
 * ledger; who gets them is the business of its dispatch. Its dead-letter queue is a plain dispatch over the same numbers.
 */
export class Queue {
  readonly settings: QueueSettings;
  readonly sessions: SessionDispatch | undefined;
  readonly plain: PlainDispatch | undefined;
  readonly deadLetters: PlainDispatch;
  readonly #tools: QueueTools;
  readonly #active = new Map<number, StoredMessage>();
  readonly #dead = new Map<number, StoredMessage>();
  readonly #schedule: Schedule;
  readonly #history: DuplicateHistory | undefined;
  #lastSequence = 0;

  constructor(settings: QueueSettings, tools: QueueTools) {
    this.settings = settings;
    this.#tools = tools;
    const { agenda } = tools;
    if (settings.requiresSession) this.sessions = new SessionDispatch(agenda, this.#custody());
    else this.plain = new PlainDispatch(agenda, this.#custody());
    this.deadLetters = new PlainDispatch(agenda, this.#deadCustody());
    this.#schedule = new Schedule(agenda, (message) => this.#activate(message));
    if (settings.duplicateWindowMs !== undefined)
      this.#history = new DuplicateHistory(settings.duplicateWindowMs);
  }

  enqueue(incoming: Incoming): EnqueueResult {
    if (this.settings.requiresSession && incoming.sessionId === undefined)
      return { type: 'session-required' };
    const now = this.#tools.agenda.now();
    if (this.#isDuplicate(incoming.messageId, now))
      return { type: 'duplicate', sequence: this.#lastSequence };
    this.#lastSequence += 1;
    const dueAt = incoming.dueAt !== undefined && incoming.dueAt > now ? incoming.dueAt : undefined;
    const message: StoredMessage = {
      sequence: this.#lastSequence,
      enqueueSequence: this.#lastSequence,
      messageId: incoming.messageId,
      sessionId: incoming.sessionId,
      enqueuedAt: dueAt ?? now,
      expiresAt:
        (dueAt ?? now) +
        Math.min(incoming.timeToLiveMs ?? Number.POSITIVE_INFINITY, this.settings.timeToLiveMs),
      payload: incoming.payload,
      deliveryCount: 0,
      overlay: {},
    };
    this.#tools.ledger.append(this.#entryOf(message, { dueAt, arrivedAt: now }), message.payload);
    if (dueAt === undefined) this.#admit(message);
    else this.#schedule.add(message, dueAt);
    return { type: 'enqueued', sequence: message.sequence };
  }

  /** Takes a scheduled message back; false where there is none with this number. */
  cancelScheduled(sequence: number): boolean {
    const known = this.#schedule.cancel(sequence);
    if (known) this.#tools.ledger.append({ t: 'end', q: this.settings.name, s: sequence });
    return known;
  }

  setSessionState(sessionId: string, state: Buffer | undefined): void {
    this.#tools.ledger.append({ t: 'state', q: this.settings.name, sid: sessionId }, state);
    this.sessions?.setState(sessionId, state);
  }

  /** Active and scheduled messages (or the dead-lettered ones) by sequence number, for peeking. */
  browse(place: 'active' | 'dead'): StoredMessage[] {
    const messages =
      place === 'dead' ? [...this.#dead.values()] : [...this.#active.values(), ...this.#schedule.messages()];
    return bySequence(messages);
  }

  isScheduled(sequence: number): boolean {
    return this.#schedule.has(sequence);
  }

  counts(): QueueCounts {
    return {
      active: this.#active.size,
      locked: this.sessions?.locked ?? this.plain?.locked ?? 0,
      scheduled: this.#schedule.size,
      deadLettered: this.#dead.size,
      sessions: this.sessions?.sessionCount ?? 0,
    };
  }

  /** Takes over what the ledger remembers; called once, before anything else. */
  restore(memory: QueueMemory): void {
    this.#lastSequence = memory.lastSequence;
    for (const [id, at] of memory.seen) this.#history?.remember(id, at);
    for (const [sessionId, state] of memory.states) this.sessions?.setState(sessionId, state);
    for (const message of memory.dead.values()) {
      this.#dead.set(message.sequence, message);
      this.deadLetters.place(message);
    }
    for (const message of bySequence(memory.active.values())) this.#admit(message);
    for (const { message, dueAt } of memory.scheduled.values()) this.#schedule.add(message, dueAt);
  }

  /** Everything durable, in the form `restore` was fed from. */
  *snapshot(): Iterable<{ entry: LedgerEntry; payload?: Buffer }> {
    const q = this.settings.name;
    yield { entry: { t: 'next', q, n: this.#lastSequence } };
    for (const [id, at] of this.#history?.entries(this.#tools.agenda.now()) ?? [])
      yield { entry: { t: 'seen', q, id, at } };
    for (const [sid, payload] of this.sessions?.states() ?? [])
      yield { entry: { t: 'state', q, sid }, payload };
    for (const message of this.#dead.values())
      yield { entry: this.#entryOf(message, { dead: true }), payload: message.payload };
    for (const message of this.#active.values())
      yield { entry: this.#entryOf(message, {}), payload: message.payload };
    for (const [message, dueAt] of this.#schedule.entries())
      yield { entry: this.#entryOf(message, { dueAt }), payload: message.payload };
  }

  #entryOf(message: StoredMessage, where: Where): MessageEntry {
    return {
      t: 'put',
      q: this.settings.name,
      s: message.sequence,
      e: message.enqueueSequence,
      ...(message.messageId === undefined ? {} : { id: message.messageId }),
      ...(message.sessionId === undefined ? {} : { sid: message.sessionId }),
      at: message.enqueuedAt,
      exp: message.expiresAt,
      ...(where.dueAt === undefined ? {} : { due: where.dueAt }),
      ...(message.deliveryCount === 0 ? {} : { c: message.deliveryCount }),
      ...(Object.keys(message.overlay).length === 0 ? {} : { o: message.overlay }),
      ...(where.arrivedAt === undefined || this.#history === undefined ? {} : { in: where.arrivedAt }),
      ...(where.dead === true ? { d: true } : {}),
    };
  }

  #isDuplicate(messageId: string | undefined, now: number): boolean {
    if (this.#history === undefined || messageId === undefined) return false;
    if (this.#history.has(messageId, now)) return true;
    this.#history.remember(messageId, now);
    return false;
  }

  #admit(message: StoredMessage): void {
    this.#active.set(message.sequence, message);
    message.expiry = this.#tools.agenda.at(message.expiresAt, () => this.#expire(message));
    (this.sessions ?? this.plain)?.place(message);
  }

  /** A scheduled message is appended as if it had been sent now: it gets a new sequence number. */
  #activate(scheduled: StoredMessage): void {
    this.#lastSequence += 1;
    const now = this.#tools.agenda.now();
    const lifeMs = scheduled.expiresAt - scheduled.enqueuedAt;
    const message = { ...scheduled, sequence: this.#lastSequence, enqueuedAt: now, expiresAt: now + lifeMs };
    const { name: q } = this.settings;
    this.#tools.ledger.append({
      t: 'due',
      q,
      s: scheduled.sequence,
      n: message.sequence,
      at: now,
      exp: message.expiresAt,
    });
    this.#admit(message);
  }

  /** A message under lock is left to its holder; it leaves when it comes back. */
  #expire(message: StoredMessage): void {
    if ((this.sessions ?? this.plain)?.withdraw(message) === true) this.#bury(message, expired);
  }

  #bury(message: StoredMessage, overlay: Overlay): void {
    this.#tools.agenda.cancel(message.expiry);
    this.#active.delete(message.sequence);
    message.overlay = { ...message.overlay, ...overlay };
    this.#dead.set(message.sequence, message);
    this.#tools.ledger.append({ t: 'dead', q: this.settings.name, s: message.sequence, o: message.overlay });
    this.deadLetters.place(message);
  }

  #custody(): Custody {
    const { ledger, agenda, newToken } = this.#tools;
    const { name: q, lockMs, maxDeliveryCount } = this.settings;
    const keepUncounted = (message: StoredMessage): boolean => {
      if (message.expiresAt > agenda.now()) return true;
      this.#bury(message, expired);
      return false;
    };
    return {
      lockMs,
      newToken,
      keepUncounted,
      complete: (message) => {
        agenda.cancel(message.expiry);
        this.#active.delete(message.sequence);
        ledger.append({ t: 'end', q, s: message.sequence });
      },
      moveToDeadLetter: (message, overlay) => this.#bury(message, overlay),
      countFailure: (message, overlay) => {
        message.deliveryCount += 1;
        message.overlay = { ...message.overlay, ...overlay };
        ledger.append({ t: 'count', q, s: message.sequence, n: message.deliveryCount, o: message.overlay });
        if (message.deliveryCount < maxDeliveryCount) return keepUncounted(message);
        this.#bury(message, {
          DeadLetterReason: 'MaxDeliveryCountExceeded',
          DeadLetterErrorDescription: `Message could not be consumed after ${maxDeliveryCount} delivery attempts.`,
        });
        return false;
      },
    };
  }

  /** What is dead-lettered neither expires nor is moved on. */
  #deadCustody(): Custody {
    const { ledger, newToken } = this.#tools;
    const { name: q, lockMs } = this.settings;
    return {
      lockMs,
      newToken,
      keepUncounted: () => true,
      complete: (message) => {
        this.#dead.delete(message.sequence);
        ledger.append({ t: 'end', q, s: message.sequence, d: true });
      },
      moveToDeadLetter: (message) => this.deadLetters.place(message),
      countFailure: (message, overlay) => {
        message.deliveryCount += 1;
        message.overlay = { ...message.overlay, ...overlay };
        ledger.append({
          t: 'count',
          q,
          s: message.sequence,
          n: message.deliveryCount,
          o: message.overlay,
          d: true,
        });
        return true;
      },
    };
  }
}
