import type { DurationMs } from '../domain/time.ts';
import type { Clock, State } from '../ports.ts';
import type { ParkingNews } from './parking-news.ts';

export type RecorderSettings = {
  /** How much later a failed object is rung, by how often it failed; the last one repeats. */
  parkMs: readonly DurationMs[];
  /** After this, a suspension is asked for once more, and a vanished entry is made anew. */
  secondLookMs: DurationMs;
  /** The first of these: when an object is looked at whose row and result do not fit. */
  lookAgainMs: readonly DurationMs[];
  /** After this, a list that changed something is read once more. */
  repeatMembersMs: DurationMs;
};

export type RecorderDeps = {
  state: State;
  clock: Clock;
  settings: RecorderSettings;
  /** Is told who is parked from now on and who no longer is. `trace`: the traceparent of the result that made it so. */
  tell: (news: ParkingNews, trace: string) => void;
};
