import type { Overlay } from './message.ts';

/** The durable part of a message. `c` and `o` are given where they are not 0 and empty; `d`: it is in the dead-letter queue; `due`: it is scheduled; `in`: when it arrived, where duplicates are detected. */
export type MessageEntry = {
  readonly t: 'put';
  readonly q: string;
  readonly s: number;
  readonly e: number;
  readonly id?: string;
  readonly sid?: string;
  readonly at: number;
  readonly exp: number;
  readonly due?: number;
  readonly in?: number;
  readonly c?: number;
  readonly o?: Overlay;
  readonly d?: true;
};

/**
 * One durable fact about a queue `q`; `s` is a sequence number. put: a message arrived (payload); due: a scheduled one became
 * active as `n`; end: settled or cancelled; count: failed deliveries; dead: moved to the dead-letter queue; state: session
 * state (payload, or none: cleared); seen: a message id; next: sequence numbers go on from here.
 */
export type LedgerEntry =
  | MessageEntry
  | {
      readonly t: 'due';
      readonly q: string;
      readonly s: number;
      readonly n: number;
      readonly at: number;
      readonly exp: number;
    }
  | { readonly t: 'end'; readonly q: string; readonly s: number; readonly d?: true }
  | {
      readonly t: 'count';
      readonly q: string;
      readonly s: number;
      readonly n: number;
      readonly o?: Overlay;
      readonly d?: true;
    }
  | { readonly t: 'dead'; readonly q: string; readonly s: number; readonly o: Overlay }
  | { readonly t: 'state'; readonly q: string; readonly sid: string }
  | { readonly t: 'seen'; readonly q: string; readonly id: string; readonly at: number }
  | { readonly t: 'next'; readonly q: string; readonly n: number };

/** Where facts go before anybody is told about them. */
export type Ledger = { append(entry: LedgerEntry, payload?: Buffer): void };

/** A fact as it is read back. */
export type LedgerRecord = { readonly entry: LedgerEntry; readonly payload: Buffer | undefined };
