import { desiredHash } from '../../domain/desired-hash.ts';
import { MappingError } from '../../domain/mapping-error.ts';
import { errorTable } from '../../errors.ts';
import type { Looked } from '../../ports.ts';
import type { CloudObject } from '../kind-rules.ts';
import { decideLeaving } from './decide-leaving.ts';
import { decidePresent } from './decide-present.ts';
import type { Decision, Question, RefusedBody } from './decision.ts';
import { clockStopped, hasEntry, hasFailed, hereAgain } from './row-state.ts';
import { secondLook } from './second-look.ts';
import { settle } from './settle.ts';

/** Pure: read × row → what to send, what to remember, when to look again. */
export function decide<T extends CloudObject>(question: Question<T>): Decision {
  const { looked } = question;
  if (looked.found === 'missing') return decideMissing(question);
  const decision = decideFound(question, looked);
  const again = secondLook(question, decision);
  return again === undefined ? decision : { ...decision, again };
}

type Found<T> = Exclude<Looked<T>, { found: 'missing' }>;

/** Where the owner's filter fails, nobody knows whether a leaver is back: its clock goes on. */
function decideFound<T extends CloudObject>(question: Question<T>, looked: Found<T>): Decision {
  return orRefused(question, {}, () => decideByScope(question, looked));
}

/** Only a function of the owner's can fail here, and then nothing but this object waits. */
function orRefused<T extends CloudObject>(
  question: Question<T>,
  patch: Decision['patch'],
  answer: () => Decision,
): Decision {
  try {
    return answer();
  } catch (error) {
    if (!(error instanceof MappingError)) throw error;
    const reason = `${errorTable['mapping-failed'][1]} (${error.message})`;
    return refuse(question, { state: 'refused', code: 'mapping-failed', reason }, patch);
  }
}

function decideByScope<T extends CloudObject>(question: Question<T>, looked: Found<T>): Decision {
  const { rules, row, writeback, facts } = question;
  const { object } = looked;
  if (object.onPremisesSyncEnabled === true) return decideSynced(question, looked);
  // Whatever its scope was: the owner's filter is asked about live objects only.
  if (looked.found === 'deleted')
    return hasEntry(row) ? decideLeaving(question, 'softDelete') : { patch: {} };
  if (rules.scopeOf(object, writeback, facts) === 'outside') {
    if (hasEntry(row)) return decideLeaving(question, 'outOfScope');
    const isKnown = row?.state === 'outside' || row?.state === 'absent';
    if (isKnown) return { patch: {} };
    // Synced until now: what names it by its SID names nobody who is written.
    const wasSynced = row?.state === 'synced' || row?.state === 'released';
    return { patch: { state: 'outside' }, ...(wasSynced ? { isFollowed: true } : {}) };
  }
  const patch = clockStopped(row);
  return orRefused(question, patch, () => {
    const present = decidePresent(question, object);
    if (present !== undefined) return settle(question, present);
    const reason = errorTable['object-unusable'][1];
    return refuse(question, { state: 'refused', code: 'object-unusable', reason }, patch);
  });
}

/**
 * The row keeps the state that was written last (a group's members go on), but not its hash: what can be mapped again is sent. Whom the
 * cloud has disabled is disabled all the same.
 */
function refuse<T extends CloudObject>(
  question: Question<T>,
  refused: RefusedBody,
  patch: Decision['patch'],
): Decision {
  const { rules, looked, row } = question;
  const state = row?.state ?? 'outside';
  const isLive = rules.kind === 'user' && looked.found === 'live';
  const isDisabled = isLive && looked.object.accountEnabled !== true && hasEntry(row);
  const body = isDisabled ? { ...refused, disables: true as const } : refused;
  const account = isDisabled ? { enabled: false } : {};
  return settle(question, { body, state, hash: desiredHash(body), patch: { ...patch, ...account } });
}

/** Mastered in AD: let go of what we wrote, else only remember the SID (a removal needs it later). */
function decideSynced<T extends CloudObject>(question: Question<T>, looked: Found<T>): Decision {
  const { row } = question;
  const sid = looked.object.onPremisesSecurityIdentifier;
  const known = sid === null || row?.sid === sid ? {} : { sid };
  if (hasEntry(row) || row?.state === 'released') {
    const decision = release(question);
    // Out of scope it was in no group; by its SID it is listed again.
    const followed = decision.isNews === true && looked.found === 'live' ? { isFollowed: true as const } : {};
    return { ...decision, ...followed, patch: { ...decision.patch, ...known } };
  }
  const isListed = looked.found === 'live';
  const standing = isListed ? hereAgain(row) : awayFrom(question);
  const patch = { ...(row?.state === 'synced' ? {} : { state: 'synced' as const }), ...known, ...standing };
  return isListed && mustBeFollowed(question, sid) ? { patch, isFollowed: true } : { patch };
}

function release<T extends CloudObject>(question: Question<T>): Decision {
  const body = { state: 'released' } as const;
  return settle(question, { body, state: 'released', hash: 'released', patch: hereAgain(question.row) });
}

/** The cloud hides the memberships of who is deleted, and shows them again without a word. */
function awayFrom<T extends CloudObject>({ row, now }: Question<T>): Decision['patch'] {
  return row?.leftFor ? {} : { leftFor: 'softDelete', leftAt: now };
}

/**
 * Restored; known until now as somebody whom groups leave out, or by another SID (it moved to another domain); or seen for the first
 * time, and nobody knows since when it is a member. Who is not known at all is on a page of a first load, whose lists follow.
 */
function mustBeFollowed<T extends CloudObject>({ row, round }: Question<T>, sid: string | null): boolean {
  if (row === undefined) return round !== 'page';
  return !!row.leftFor || row.state !== 'synced' || (sid !== null && row.sid !== sid);
}

/**
 * In neither place. One such answer may be a lagging replica, and deleting an entry loses its SID for ever: so only a
 * second one counts, or the word of delta that the object was deleted for good.
 */
function decideMissing<T extends CloudObject>(question: Question<T>): Decision {
  const { ask, row, shown, now, settings } = question;
  // What could not be let go of yet is still ours in name.
  if (row?.state === 'released' && hasFailed(row)) return release(question);
  if (!hasEntry(row) && row?.state !== 'absent') {
    // Known, and live by its page: this replica lags, and delta will not name it again.
    if (row !== undefined && shown?.type === 'live')
      return { patch: {}, again: { afterMs: settings.secondLookMs, attempt: ask.attempt + 1 } };
    const afterMs = settings.lookAgainMs[ask.attempt];
    const isAwaited = row?.state === undefined && shown?.type !== 'removed' && afterMs !== undefined;
    return isAwaited ? { patch: {}, again: { afterMs, attempt: ask.attempt + 1 } } : { patch: {} };
  }
  const purged = shown?.type === 'removed' && shown.reason === 'deleted';
  const missedTwice = ask.missedAt !== undefined && now - ask.missedAt >= settings.secondLookMs;
  if (purged || missedTwice || row?.leftFor === 'hardDelete') return decideLeaving(question, 'hardDelete');
  return {
    patch: {},
    again: {
      afterMs: settings.secondLookMs,
      attempt: ask.attempt + 1,
      missedAt: ask.missedAt ?? now,
      ...(ask.forced ? { forced: true } : {}),
      ...(ask.list === undefined ? {} : { list: ask.list }),
    },
  };
}
