import type { Settings } from '../domain/settings.ts';
import type { DurationMs } from '../domain/time.ts';
import type { Clock, State, Tenant } from '../ports.ts';

/** How patient and how greedy a reader is. Spans in milliseconds. */
export type ReaderSettings = {
  /** After this, a notification that led to nothing new is looked at again, and a missing object is missing for good. */
  secondLookMs: DurationMs;
  /** Looks at a fresh object that is not readable yet, and at a rung group that no round has shown. */
  lookAgainMs: readonly DurationMs[];
  /** A direct membership read is repeated once after this (replicas lag up to 15 minutes). */
  repeatMembersMs: DurationMs;
  /** How much later a parked object is rung, by how often it failed; the last one repeats. */
  parkMs: readonly DurationMs[];
  /** An invocation that works longer rings its own doorbell and returns. */
  budgetMs: DurationMs;
  /** Pages of a full round whose last result may be outstanding. */
  pagesInFlight: number;
  /** Outstanding pages count as done when none moved for this long. Default 60,000. */
  brokenChainMs?: DurationMs;
};

export type ReaderDeps = {
  tenant: Tenant;
  state: State;
  clock: Clock;
  settings: ReaderSettings;
  /** What is written and how: the owner's configuration. */
  writeback: Settings;
  /** Unique per process: the owner of cursors. */
  instance: string;
};
