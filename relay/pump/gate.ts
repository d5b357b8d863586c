import type { DurationMs } from '../../shared/domain/time.ts';
import { type ErrorCode, WritebackError } from '../../shared/errors.ts';
import { backoffMs, type RelayClock } from '../clock.ts';

/*
 * The gate stands before the lanes. What hits one lane because the world is broken (directory away, Service Bus away,
 * destination gone, credentials refused) hits all, so the first lane that notices closes it for everybody:
 *
 *   open ──retry error──▶ paused ──check succeeds──▶ open
 *     └────halt error───▶ halted ──check succeeds──▶ trial (one lane) ──first success──▶ open
 *
 * Nobody holds a session while the gate is closed: nothing is delivered, so no delivery is burnt, and everything stays in
 * the queue. A pass is valid until the gate closes; workers look at theirs between commands.
 */

export type Pass = { readonly generation: number };

export type GateSettings = {
  clock: RelayClock;
  /** Tries what the error was about; throws while it is still broken. */
  check(error: WritebackError): Promise<void>;
  /** Whether something has changed that makes a new check worth it before its time. */
  isWorthTrying?(error: WritebackError): boolean;
  /** How the closed gate is told to people: once when it closes, and every 30 seconds. */
  report(state: 'paused' | 'halted' | 'open', error: WritebackError): void;
};

/** How often a halt is told. */
const remindMs = 30_000;
/** Wrong credentials lock an account out when they are tried often: first after 10 minutes, then hourly. */
const refusedMs = [600_000, 1_800_000, 3_600_000];

export class Gate {
  readonly #settings: GateSettings;
  #generation = 0;
  #error: WritebackError | undefined;
  #trial = false;
  #slotTaken = false;
  #waiting: (() => void)[] = [];
  #attempt = 0;

  constructor(settings: GateSettings) {
    this.#settings = settings;
  }

  /** Why the gate is closed, or undefined while it is open. */
  get error(): WritebackError | undefined {
    return this.#error;
  }

  /** Resolves when a worker may take a lane. Rejects with the signal's reason. */
  async enter(signal: AbortSignal): Promise<Pass> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#error === undefined && !(this.#trial && this.#slotTaken)) break;
      await this.#changed(signal);
    }
    if (this.#trial) this.#slotTaken = true;
    return { generation: this.#generation };
  }

  isValid(pass: Pass): boolean {
    return this.#error === undefined && pass.generation === this.#generation;
  }

  /** The worker is done with its lane. */
  leave(pass: Pass): void {
    if (!this.#trial || pass.generation !== this.#generation) return;
    this.#slotTaken = false;
    this.#wake();
  }

  /** A command was applied: the trial, if this was one, is over. */
  succeeded(pass: Pass): void {
    if (pass.generation !== this.#generation) return;
    this.#attempt = 0;
    if (!this.#trial) return;
    this.#trial = false;
    this.#slotTaken = false;
    this.#wake();
  }

  /** Closes the gate until the check succeeds. Of several errors a halt wins. */
  close(error: WritebackError, signal: AbortSignal): void {
    const known = this.#error;
    if (known !== undefined && (known.disposition === 'halt' || error.disposition !== 'halt')) return;
    this.#error = error;
    this.#settings.report(error.disposition === 'halt' ? 'halted' : 'paused', error);
    if (known !== undefined) return; // the loop below is running and sees the new error
    this.#generation++;
    this.#trial = false;
    this.#recover(signal).catch(() => undefined);
  }

  async #recover(signal: AbortSignal): Promise<void> {
    let checks = 0;
    let code: ErrorCode | undefined;
    for (;;) {
      const error = this.#error;
      if (error === undefined) return;
      checks = error.code === code ? checks + 1 : 0;
      code = error.code;
      await this.#waitBeforeCheck(error, checks, signal);
      try {
        if (this.#error !== error) continue; // it became a halt while we waited
        await this.#settings.check(error);
      } catch (thrown) {
        this.#stillBroken(WritebackError.from(thrown));
        continue;
      }
      this.#open(error);
      return;
    }
  }

  async #waitBeforeCheck(error: WritebackError, checks: number, signal: AbortSignal): Promise<void> {
    const { clock, report, isWorthTrying } = this.#settings;
    if (error.disposition !== 'halt') {
      const backoff = backoffMs(this.#attempt++, { base: 250, limit: 15_000 }, () => clock.random());
      return clock.sleep(Math.max(backoff, error.retryAfterMs ?? 0) as DurationMs, signal);
    }
    const until = clock.monotonicMs() + recheckMs(error.code, checks);
    while (clock.monotonicMs() < until && this.#error === error) {
      await clock.sleep(Math.min(remindMs, until - clock.monotonicMs()) as DurationMs, signal);
      if (isWorthTrying?.(error)) return;
      if (clock.monotonicMs() < until) report('halted', error);
    }
  }

  #stillBroken(error: WritebackError): void {
    const before = this.#error;
    if (before?.disposition === 'halt' && error.disposition !== 'halt') {
      this.#settings.report('halted', before);
      return;
    }
    this.#error = error;
    this.#settings.report(error.disposition === 'halt' ? 'halted' : 'paused', error);
  }

  #open(error: WritebackError): void {
    this.#error = undefined;
    this.#trial = error.disposition === 'halt';
    this.#slotTaken = false;
    this.#settings.report('open', error);
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => reject(new Error('aborted', { cause: signal.reason }));
      signal.addEventListener('abort', stop, { once: true });
      this.#waiting.push(() => {
        signal.removeEventListener('abort', stop);
        resolve();
      });
    });
  }
}

/** When a halt is looked at again. A message of an unknown version needs another build, so it is not. */
function recheckMs(code: ErrorCode, checks: number): number {
  if (code === 'version-unknown') return Number.POSITIVE_INFINITY;
  if (code === 'credentials-refused') return refusedMs[Math.min(checks, refusedMs.length - 1)] ?? remindMs;
  return remindMs;
}
