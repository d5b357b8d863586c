import type { Agenda } from './agenda.ts';
import type { Custody } from './custody.ts';
import type { Consumer, Outcome, StoredMessage } from './message.ts';
import { Session, type SessionLock } from './session.ts';
import { type Waiting, WaitingRoom } from './waiting-room.ts';

/** Why a session was not given. */
export type Refusal = 'timeout' | 'locked';

/** A request for a session: a named one, or the next one that has messages and no lock. */
export type SessionRequest = {
  readonly sessionId: string | undefined;
  readonly timeoutMs: number;
  readonly granted: (lock: SessionLock) => void;
  readonly refused: (why: Refusal) => void;
  /** The lock expired while it was held. */
  readonly lost: () => void;
};

/**
 * Delivery by sessions.
 *
 *   message ─▶ session backlog ─▶ locked?  yes ─▶ its holder, as long as it has credit
 *                                  no ──▶ the accept that waits longest, else the session joins the free ones
 *
 * Wakes are direct calls: a message sent to a session with a waiting receiver leaves in the same turn of the event loop. A
 * holder that closes its link gives the session back at once and nothing is counted; a holder whose connection vanished
 * keeps the lock until it expires (it may still be working), and then every unsettled delivery counts as failed.
 */
export class SessionDispatch {
  readonly #agenda: Agenda;
  readonly #custody: Custody;
  readonly #sessions = new Map<string, Session>();
  /** Sessions without lock that have ready messages. Empty while accepts wait. */
  readonly #free = new Set<Session>();
  readonly #waiting: WaitingRoom<SessionRequest>;
  #locked = 0;

  constructor(agenda: Agenda, custody: Custody) {
    this.#agenda = agenda;
    this.#custody = custody;
    this.#waiting = new WaitingRoom(agenda);
  }

  /** Unsettled deliveries. */
  get locked(): number {
    return this.#locked;
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  place(message: StoredMessage): void {
    const session = this.#sessionOf(message.sessionId ?? '');
    session.backlog.push(message);
    if (session.lock === undefined) this.#offer(session);
    else this.pump(session.lock);
  }

  withdraw(message: StoredMessage): boolean {
    const session = this.#sessions.get(message.sessionId ?? '');
    if (session?.backlog.remove(message) !== true) return false;
    this.#tidy(session);
    return true;
  }

  /** Grants or refuses now or later; the answer withdraws a request that still waits. */
  accept(request: SessionRequest): () => void {
    if (request.sessionId !== undefined) {
      const session = this.#sessionOf(request.sessionId);
      if (session.lock === undefined) this.#grant(session, request);
      else request.refused('locked');
      return () => {};
    }
    const next = this.#oldestFree();
    if (next !== undefined) {
      this.#grant(next, request);
      return () => {};
    }
    const waiting: Waiting<SessionRequest> = this.#waiting.enter(request, request.timeoutMs, () =>
      request.refused('timeout'),
    );
    return () => this.#waiting.leave(waiting);
  }

  /** Delivers while there are messages and credit. */
  pump(lock: SessionLock): void {
    const { consumer, session } = lock;
    if (consumer === undefined || !lock.held) return;
    while (lock.held && session.backlog.size > 0 && consumer.credit() > 0) {
      this.#hand(lock, consumer, session.backlog.shift() as StoredMessage);
    }
  }

  settle(lock: SessionLock, token: string, outcome: Outcome): 'done' | 'lost' {
    const message = lock.handed.get(token);
    if (message === undefined || !lock.held) return 'lost';
    lock.handed.delete(token);
    this.#locked -= 1;
    if (outcome.type === 'complete') this.#custody.complete(message);
    else if (outcome.type === 'dead-letter') this.#custody.moveToDeadLetter(message, outcome.overlay);
    else if (outcome.type === 'release') this.#takeBack(lock, message, this.#custody.keepUncounted(message));
    else this.#takeBack(lock, message, this.#custody.countFailure(message, outcome.overlay));
    return 'done';
  }

  /** New end of the lock (epoch milliseconds), or undefined where it was lost. */
  renew(lock: SessionLock): number | undefined {
    if (!lock.held) return undefined;
    this.#agenda.cancel(lock.alarm);
    lock.until = this.#agenda.now() + this.#custody.lockMs;
    lock.alarm = this.#agenda.at(lock.until, () => this.#expire(lock));
    return lock.until;
  }

  /** The holder closed its link: the session is free at once, nothing is counted. */
  release(lock: SessionLock): void {
    if (!lock.held) return;
    this.#agenda.cancel(lock.alarm);
    this.#unlock(lock, (message) => this.#custody.keepUncounted(message));
  }

  /** The holder's connection vanished: nobody gets the session before the lock has expired. */
  abandonHolder(lock: SessionLock): void {
    lock.consumer = undefined;
  }

  stateOf(sessionId: string): Buffer | undefined {
    return this.#sessions.get(sessionId)?.state;
  }

  setState(sessionId: string, state: Buffer | undefined): void {
    const session = this.#sessionOf(sessionId);
    session.state = state;
    this.#tidy(session);
  }

  /** Sessions with a state, for the snapshot. */
  *states(): Iterable<readonly [string, Buffer]> {
    for (const session of this.#sessions.values())
      if (session.state !== undefined) yield [session.id, session.state];
  }

  #sessionOf(id: string): Session {
    let session = this.#sessions.get(id);
    if (session === undefined) {
      session = new Session(id);
      this.#sessions.set(id, session);
    }
    return session;
  }

  #oldestFree(): Session | undefined {
    let best: Session | undefined;
    let bestSequence = Number.POSITIVE_INFINITY;
    for (const session of this.#free) {
      const sequence = session.backlog.oldest()?.sequence ?? Number.POSITIVE_INFINITY;
      if (sequence < bestSequence) {
        best = session;
        bestSequence = sequence;
      }
    }
    return best;
  }

  #grant(session: Session, request: SessionRequest): void {
    const until = this.#agenda.now() + this.#custody.lockMs;
    const lock: SessionLock = {
      session,
      handed: new Map(),
      onLost: request.lost,
      consumer: undefined,
      until,
      alarm: this.#agenda.at(until, () => this.#expire(lock)),
      held: true,
    };
    session.lock = lock;
    this.#free.delete(session);
    request.granted(lock);
  }

  #hand(lock: SessionLock, consumer: Consumer, message: StoredMessage): void {
    const token = this.#custody.newToken();
    if (consumer.mode === 'receive-and-delete') {
      this.#custody.complete(message);
    } else {
      lock.handed.set(token, message);
      this.#locked += 1;
    }
    consumer.deliver(message, { token, until: lock.until });
  }

  #takeBack(lock: SessionLock, message: StoredMessage, stays: boolean): void {
    if (stays) lock.session.backlog.putBack(message);
    this.pump(lock);
  }

  #expire(lock: SessionLock): void {
    this.#unlock(lock, (message) => this.#custody.countFailure(message, {}));
    lock.onLost();
  }

  #unlock(lock: SessionLock, staysInQueue: (message: StoredMessage) => boolean): void {
    const { session } = lock;
    lock.held = false;
    session.lock = undefined;
    this.#locked -= lock.handed.size;
    for (const message of [...lock.handed.values()].reverse()) {
      if (staysInQueue(message)) session.backlog.putBack(message);
    }
    lock.handed.clear();
    this.#offer(session);
  }

  #offer(session: Session): void {
    if (session.backlog.size === 0) {
      this.#tidy(session);
      return;
    }
    const request = this.#waiting.takeFirst();
    if (request === undefined) this.#free.add(session);
    else this.#grant(session, request);
  }

  #tidy(session: Session): void {
    if (session.backlog.size === 0) this.#free.delete(session);
    if (session.isForgettable) this.#sessions.delete(session.id);
  }
}
