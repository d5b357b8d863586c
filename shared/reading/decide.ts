import { desiredHash } from '../domain/desired-hash.ts';
import { compareOrders } from '../domain/order.ts';
import type { DurationMs } from '../domain/time.ts';
import type { Looked, Row, RowCommanded } from '../ports.ts';
import type { CloudObject, KindRules, PresentBody } from './kind-rules.ts';
import type { Ask } from './merge-rings.ts';

/** What a delta page said about an object that was then read directly. */
export type Shown = { type: 'live'; hash: string } | { type: 'removed'; reason: 'changed' | 'deleted' };

export type StateBody = PresentBody | { state: 'suspended' | 'absent' | 'released' } | 'unusable';

/** What follows from one read of one object. */
export type Decision = {
  /** What to send; absent where nothing is new. */
  body?: StateBody;
  /** What the row says from now on. */
  patch: Partial<RowCommanded>;
  /** Look once more, after this. */
  again?: { afterMs: DurationMs; attempt: number; missedAt?: number };
};

export type Question<T extends CloudObject> = {
  rules: KindRules<T>;
  ask: Pick<Ask, 'attempt' | 'fresh' | 'forced' | 'parked' | 'missedAt'>;
  looked: Looked<T>;
  row: Row | undefined;
  shown?: Shown;
  /** The value is that of a page of a full round, not of a direct read. */
  isPageValue: boolean;
  now: number;
  settings: { secondLookMs: DurationMs; lookAgainMs: readonly DurationMs[] };
};

/** Pure: read × row → what to send, what to remember, when to look again. */
export function decide<T extends CloudObject>(question: Question<T>): Decision {
  const { looked } = question;
  if (looked.found === 'missing') return decideMissing(question);
  const decision = decideFound(question, looked);
  const again = secondLook(question, decision);
  return again === undefined ? decision : { ...decision, again };
}

function decideFound<T extends CloudObject>(
  question: Question<T>,
  looked: Exclude<Looked<T>, { found: 'missing' }>,
): Decision {
  const { rules, row } = question;
  const { object } = looked;
  const scope = rules.scopeOf(object);
  if (scope === 'synced') return decideSynced(question, object.onPremisesSecurityIdentifier);
  if (looked.found === 'deleted' || scope === 'outside') {
    if (hasEntry(row)) return settle(question, { state: 'suspended' }, 'suspended');
    return { patch: looked.found === 'live' && row?.state !== 'outside' ? { state: 'outside' } : {} };
  }
  const body = rules.present(object);
  if (body === undefined) return { body: 'unusable', patch: { state: row?.state ?? 'outside' } };
  return settle(question, body, desiredHash(body));
}

/** Mastered in AD: let go of what we wrote, else only remember the SID (a removal needs it later). */
function decideSynced<T extends CloudObject>(question: Question<T>, sid: string | null): Decision {
  const { row } = question;
  const known = sid === null || row?.sid === sid ? {} : { sid };
  if (hasEntry(row) || row?.state === 'released') {
    const decision = settle(question, { state: 'released' }, 'released');
    return { ...decision, patch: { ...decision.patch, ...known } };
  }
  return { patch: row?.state === 'synced' ? known : { state: 'synced', ...known } };
}

/**
 * In neither place. One such answer may be a lagging replica, and deleting an entry loses its SID for ever: so only a
 * second one counts, or the word of delta that the object was deleted for good.
 */
function decideMissing<T extends CloudObject>(question: Question<T>): Decision {
  const { ask, row, shown, now, settings } = question;
  if (!hasEntry(row)) {
    const afterMs = settings.lookAgainMs[ask.attempt];
    const awaited = row?.state === undefined && shown?.type !== 'removed' && afterMs !== undefined;
    return awaited ? { patch: {}, again: { afterMs, attempt: ask.attempt + 1 } } : { patch: {} };
  }
  const purged = shown?.type === 'removed' && shown.reason === 'deleted';
  const missedTwice = ask.missedAt !== undefined && now - ask.missedAt >= settings.secondLookMs;
  if (purged || missedTwice || row?.state === 'absent')
    return settle(question, { state: 'absent' }, 'absent');
  return {
    patch: {},
    again: {
      afterMs: settings.secondLookMs,
      attempt: ask.attempt + 1,
      missedAt: ask.missedAt ?? now,
    },
  };
}

/** Sends what differs from what was last sent, or what is not known to have been done. */
function settle<T extends CloudObject>(
  question: Question<T>,
  body: Exclude<StateBody, 'unusable'>,
  hash: string,
): Decision {
  const { row } = question;
  const same = row?.hash === hash && row.state === body.state;
  if (same && !mustRepeat(question, row)) return { patch: {} };
  return { body, patch: { state: body.state, hash } };
}

function mustRepeat<T extends CloudObject>({ ask, now }: Question<T>, row: Row): boolean {
  if (ask.forced || uncommitted(row)) return true;
  // A parked object has one ring to come; an older one, or a replay of delta, must not start a second series of them.
  const waits = (row.ringAt ?? 0) > now;
  return waits ? ask.fresh && failed(row) : ask.parked || failed(row);
}

/**
 * Once more after a while, in three cases: a notification led to nothing new, so the read may lag behind it; a read led to
 * something new, which a lagging replica may have made old again (a leaver who is live once more); a page says otherwise than
 * the read. The second read is later than any lag that
 * matters; where it finds nothing new it is the last.
 */
function secondLook<T extends CloudObject>(question: Question<T>, decision: Decision): Decision['again'] {
  const { ask, rules, row, settings } = question;
  // The delta link that follows a full round is as old as its pages.
  if (question.isPageValue) return undefined;
  // Rung groups are asked about until a delta round shows them (await-shown.ts), which includes this.
  const isUnanswered = ask.fresh && decision.body === undefined && rules.kind === 'user';
  const isNews = decision.body !== undefined && decision.patch.hash !== row?.hash;
  const isWanted = isUnanswered || isNews || (ask.attempt === 0 && disagrees(question));
  return isWanted ? { afterMs: settings.secondLookMs, attempt: Math.max(1, ask.attempt) } : undefined;
}

function disagrees<T extends CloudObject>({ shown, looked, rules }: Question<T>): boolean {
  if (shown === undefined || looked.found === 'missing') return false;
  if (shown.type === 'removed') return looked.found === 'live';
  return looked.found !== 'live' || shown.hash !== hashOf(rules, looked.object);
}

/** Hash of what the object would look like in AD, whatever its scope: tells two reads apart. */
export function hashOf<T extends CloudObject>(rules: KindRules<T>, object: T): string {
  return desiredHash({ scope: rules.scopeOf(object), body: rules.present(object) ?? null });
}

/** Whether an entry of ours exists or may exist. After a crash between send and commit only the recorder's half tells. */
export function hasEntry(row: Row | undefined): boolean {
  if (row === undefined || row.state === 'released') return false;
  return row.state === 'present' || row.state === 'suspended' || row.state === 'absent' || !!row.objectGuid;
}

/** The last command is known not to have been applied. */
function failed(row: Row): boolean {
  return row.outcome === 'rejected' || row.outcome === 'dead-lettered' || row.outcome === 'stale';
}

/** The directory did something newer than the row knows: the row's hash proves nothing. */
function uncommitted(row: Row): boolean {
  if (row.resultOrder === undefined) return false;
  return row.order === undefined || compareOrders(row.resultOrder, row.order) > 0;
}
