/** Spans begin on the wall clock, as other processes do; how long they last is measured on one that nobody can set. */
export type SpanClock = {
  /** Epoch ms. */
  now(): number;
  /** Milliseconds and fractions of them since an arbitrary start; never goes back. */
  monotonicMs(): number;
};

export const processClock: SpanClock = { now: () => Date.now(), monotonicMs: () => performance.now() };
