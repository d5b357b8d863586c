import type { MemberKey } from '../../domain/member-key.ts';
import type { ObjectId } from '../../domain/object-id.ts';
import type { ScopeFacts } from '../../domain/scope.ts';
import type { Settings } from '../../domain/settings.ts';
import type { DurationMs, EpochMs } from '../../domain/time.ts';
import type { ErrorCode } from '../../errors.ts';
import type { Looked, Row, RowCommanded } from '../../ports.ts';
import type { CloudObject, KindRules, LeftBody, PresentBody } from '../kind-rules.ts';
import type { Ask, ListAttempt } from '../merge-rings.ts';

/** What a delta page said about an object that was then read directly. `manager`: absent where the page did not say. */
export type Shown =
  | { type: 'live'; hash: string; manager?: ObjectId | null }
  | { type: 'removed'; reason: 'changed' | 'deleted' };

/** An object that cannot be mapped: it is parked like one that the relay rejects. `disables`: but its account is not to wait for that. */
export type RefusedBody = { state: 'refused'; code: ErrorCode; reason: string; disables?: true };

export type StateBody = PresentBody | LeftBody | { state: 'released' } | RefusedBody;

/** Another look, after this. */
export type Again = {
  afterMs: DurationMs;
  attempt: number;
  missedAt?: number;
  /** What this read was to send whatever it found is still to be sent. */
  forced?: boolean;
  /** So is the list that goes with it. */
  list?: ListAttempt;
};

/** What follows from one read of one object. */
export type Decision = {
  /** What to send; absent where nothing is new. */
  body?: StateBody;
  /** The body differs from what was last sent. */
  isNews?: boolean;
  /** What the row says from now on. */
  patch: Partial<RowCommanded>;
  /** Look once more, after this. */
  again?: Again;
  /** Who lists it or reports to it has to name it otherwise from now on, and no delta of theirs says so. */
  isFollowed?: true;
  /** When the policy for an object that left says something else. */
  leaveAt?: EpochMs;
};

export type Question<T extends CloudObject> = {
  rules: KindRules<T>;
  ask: Pick<Ask, 'attempt' | 'fresh' | 'forced' | 'parked' | 'nameWanted' | 'missedAt' | 'list'>;
  looked: Looked<T>;
  row: Row | undefined;
  shown?: Shown;
  /** Part of a full round: `page` values come from its page, `closing` asks about those that no page showed. */
  round?: 'page' | 'closing';
  now: EpochMs;
  settings: { secondLookMs: DurationMs; lookAgainMs: readonly DurationMs[] };
  writeback: Settings;
  /** Absent where the scope of this kind does not depend on memberships. */
  facts?: ScopeFacts | undefined;
  /** Users: who the manager is; absent where it was not read. */
  manager?: MemberKey | null | undefined;
};
