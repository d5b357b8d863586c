import { WritebackError } from '../../shared/errors.ts';
import type { Operation } from './diagnostic.ts';
import type { LdapClient } from './ldap-client.ts';
import { ldapFailure } from './ldap-failure.ts';

/*
 * A few connections to one domain controller, each lent to one request at a time.
 *
 * One at a time, because ldapts destroys the socket on a timeout and would fail every other request on it; and because a client
 * whose connection broke keeps half a message in its parser, so it is thrown away on any error that is not an answer of the server.
 * A connection that the server has dropped is noticed before it is lent; ldapts must never reconnect by itself, as it would do
 * so unbound.
 *
 * A request waits at most a quarter of the timeout for a connection and is not sent once half of it is over, so that whoever checked a
 * lock that outlives the timeout knows that no write starts late.
 */

export type PoolOptions = {
  open: () => Promise<LdapClient>;
  size: number;
  timeoutMs: number;
  /** A clock that nobody can set. */
  monotonicMs?: () => number;
  observe?: ObserveRequest;
};

/** Told of every request that was sent, a bind too: how long its answer took, and what it failed with. */
export type ObserveRequest = (
  operation: Operation,
  tookMs: number,
  failure: WritebackError | undefined,
) => void;

/** A connection lent for several requests. */
type Held = {
  ask: <T>(operation: Operation, request: (client: LdapClient) => Promise<T>) => Promise<T>;
  release: (healthy: boolean) => Promise<void>;
};

/** Windows drops a connection after 15 minutes (MaxConnIdleTime), firewalls often sooner and silently. */
const longestIdleMs = 300_000;

type Waiting = { give: () => void; refuse: (error: WritebackError) => void };
type Lent = { client: LdapClient; fresh: boolean };

export class ConnectionPool {
  readonly #options: PoolOptions;
  readonly #now: () => number;
  readonly #idle: { client: LdapClient; since: number }[] = [];
  readonly #waiting: Waiting[] = [];
  #lent = 0;
  #closed = false;
  /** Set by the first refused bind: repeated tries would lock the account out. */
  #refused: WritebackError | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#now = options.monotonicMs ?? (() => performance.now());
  }

  /**
   * Runs a request that changes nothing. Where a connection that was idle turns out dead, it runs once more on a new one.
   */
  async read<T>(operation: Operation, request: (client: LdapClient) => Promise<T>): Promise<T> {
    const first = await this.#attempt(operation, request);
    if (!('error' in first)) return first.value;
    if (first.fresh || first.error.code !== 'directory-unavailable') throw first.error;
    return this.#once(operation, request);
  }

  /**
   * Runs a write once. Where the server said that the connection is not bound (it dropped an idle one), nothing was done, so the
   * write runs again on a new one; any other lost connection leaves its outcome unknown and is the caller's to resolve.
   * A write that had to read something first says when it began, so that the time it may take counts from there.
   */
  async write<T>(
    operation: Operation,
    request: (client: LdapClient) => Promise<T>,
    since?: number,
  ): Promise<T> {
    const first = await this.#attempt(operation, request, since);
    if (!('error' in first)) return first.value;
    if (first.fresh || !first.unbound) throw first.error;
    return this.#once(operation, request, since);
  }

  /** Now, on the clock of `since`. */
  now(): number {
    return this.#now();
  }

  /** Lends one connection for several requests in a row, such as the pages of one search. */
  async hold(): Promise<Held> {
    const { client } = await this.#borrow(this.#now());
    return {
      ask: (operation, request) => this.#observed(operation, () => request(client)),
      release: (healthy) => this.#giveBack(client, healthy),
    };
  }

  /** Runs a request on every idle connection, discarding the dead; opens one where there is none. */
  async onIdle(request: (client: LdapClient) => Promise<unknown>): Promise<void> {
    const count = Math.max(1, this.#idle.length);
    await Promise.all(Array.from({ length: count }, () => this.read('search', request)));
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { refuse } of this.#waiting.splice(0)) refuse(closedError());
    await Promise.all(this.#idle.splice(0).map(({ client }) => discard(client)));
  }

  async #once<T>(
    operation: Operation,
    request: (client: LdapClient) => Promise<T>,
    since?: number,
  ): Promise<T> {
    const outcome = await this.#attempt(operation, request, since);
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  async #attempt<T>(
    operation: Operation,
    request: (client: LdapClient) => Promise<T>,
    since = this.#now(),
  ): Promise<{ value: T } | { error: WritebackError; fresh: boolean; unbound: boolean }> {
    const { client, fresh } = await this.#borrow(since);
    try {
      const value = await this.#observed(operation, () => request(client));
      await this.#giveBack(client, true);
      return { value };
    } catch (thrown) {
      const error = ldapFailure(thrown, operation);
      const unavailable = error.code === 'directory-unavailable' || error.code === 'defect';
      await this.#giveBack(client, !unavailable);
      return { error, fresh, unbound: 'resultCode' in error && error.resultCode === 1 && unavailable };
    }
  }

  async #borrow(askedAt: number): Promise<Lent> {
    if (this.#closed) throw closedError();
    if (this.#refused !== undefined) throw this.#refused;
    if (this.#lent < this.#options.size) this.#lent++;
    else await this.#turn();
    try {
      const idle = await this.#takeIdle();
      const lent =
        idle === undefined ? { client: await this.#open(), fresh: true } : { client: idle, fresh: false };
      if (this.#now() - askedAt <= this.#options.timeoutMs / 2) return lent;
      await discard(lent.client);
      throw new WritebackError('directory-unavailable', { detail: 'connecting took too long' });
    } catch (error) {
      this.#next();
      throw error;
    }
  }

  /** The last used, if it is still bound and not idle for so long that something between here and there may have dropped it. */
  async #takeIdle(): Promise<LdapClient | undefined> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.client.isBound && this.#now() - idle.since < longestIdleMs) return idle.client;
      await discard(idle.client);
    }
    return undefined;
  }

  async #open(): Promise<LdapClient> {
    try {
      return await this.#observed('bind', this.#options.open);
    } catch (thrown) {
      const error = ldapFailure(thrown, 'bind');
      if (error.code === 'credentials-refused') this.#refused = error;
      throw error;
    }
  }

  async #observed<T>(operation: Operation, request: () => Promise<T>): Promise<T> {
    const { observe } = this.#options;
    if (observe === undefined) return request();
    const sentAt = this.#now();
    const tell = (failure: WritebackError | undefined): void => {
      const tookMs = this.#now() - sentAt;
      // Whoever watches must not change what became of the request: a write that was done would count as failed.
      try {
        observe(operation, tookMs, failure);
      } catch {
        return;
      }
    };
    try {
      const value = await request();
      tell(undefined);
      return value;
    } catch (thrown) {
      const failure = ldapFailure(thrown, operation);
      tell(failure);
      throw failure;
    }
  }

  #turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        give: () => {
          clearTimeout(timer);
          resolve();
        },
        refuse: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(new WritebackError('directory-busy', { detail: 'no free connection' }));
      };
      const timer = setTimeout(giveUp, this.#options.timeoutMs / 4);
      this.#waiting.push(waiting);
    });
  }

  async #giveBack(client: LdapClient, healthy: boolean): Promise<void> {
    if (healthy && client.isBound && !this.#closed) this.#idle.push({ client, since: this.#now() });
    else await discard(client);
    this.#next();
  }

  /** The turn goes to who waits longest, without being free in between for somebody else to take. */
  #next(): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#lent--;
    else waiting.give();
  }
}

const closedError = (): WritebackError =>
  new WritebackError('directory-unavailable', { detail: 'the directory was closed' });

/** Ends a connection; one that is broken already has nothing left to say. */
async function discard(client: LdapClient): Promise<void> {
  await client.unbind().catch(() => undefined);
}
