import type { Result } from '../contracts/result.ts';
import type { Ring, Want } from '../contracts/ring.ts';
import type { ObjectId } from '../domain/object-id.ts';
import { compareOrders, type Order } from '../domain/order.ts';
import { type DurationMs, durationMs, epochMs } from '../domain/time.ts';
import type { Row, RowRecorded } from '../ports.ts';
import type { RecorderSettings } from './recorder-deps.ts';
import { isStateResult, isSuccess, kindOf } from './result-kinds.ts';

/**
 * Two halves of a row. The reader writes what it sent (`order`, `hash`), the recorder what became of it (`resultOrder`,
 * `outcome`), each without looking at the other's half. That is enough as long as every sent command is also committed. Where
 * it is not (a crash between send and commit, a zombie), the two orders tell:
 *
 *   resultOrder < order   a result is still to come
 *   resultOrder = order   the directory is what the hash says
 *   resultOrder > order   the directory did something that the reader does not know of: its hash proves nothing
 *
 * The third case, and a `stale` result for the very command that the row believes in, ring the reader, which then sends
 * whatever the hash says. In the ordinary race (the result is quicker than the commit) that look finds both orders equal
 * and sends nothing.
 *
 * A fourth case shows in neither order: a zombie sends a value that it read before the takeover, into a lane that the new
 * reader has not reached, and commits it as well. So whatever was done under an epoch that is over is looked at once more.
 */
export type Decision = {
  /** The recorder's columns as they should be, or `removed`. Absent: the row stays as it is. */
  change?: Partial<RowRecorded> | 'removed';
  rings: RingForObject[];
};

export type RingForObject = {
  to: 'users' | 'groups';
  cause: Ring['cause'];
  want: Want;
  result: Result;
  attempt?: number;
  afterMs?: DurationMs;
};

/** `epoch`: of the newest reader of that kind. */
export type Recording = { settings: RecorderSettings; now: number; epoch: number };

/** What results of one object, in their order, make of its row. */
export function recordObject(
  row: Row | undefined,
  results: readonly Result[],
  recording: Recording,
): Decision {
  let current: Partial<Row> = row ?? {};
  let change: Decision['change'];
  const rings: RingForObject[] = [];
  for (const result of results) {
    const next = isStateResult(result)
      ? recordState(current, result, recording)
      : recordMembership(current, result, recording);
    rings.push(...next.rings);
    if (next.change === 'removed') {
      change = 'removed';
      current = {};
    } else if (next.change !== undefined) {
      change = { ...(change === 'removed' ? {} : change), ...next.change };
      current = { ...current, ...next.change };
    }
  }
  return change === undefined ? { rings } : { change, rings };
}

function recordState(current: Partial<Row>, result: Result, recording: Recording): Decision {
  if (isNotNewer(result.order, current.resultOrder)) return recordLate(current, result);
  if (result.outcome === 'stale') return recordStale(current, result, recording);
  if (result.outcome === 'rejected') return recordRejected(current, result, recording);
  const isUncommitted = current.order === undefined || isNewer(result.order, current.order);
  const isOfBefore = result.order.epoch < recording.epoch;
  if (result.state === 'absent' && (current.order === undefined || !isNewer(current.order, result.order))) {
    return { change: 'removed', rings: [] };
  }
  const rings = [...completion(current, result), ...departure(current, result, recording)];
  if (isUncommitted || isOfBefore) rings.push(lookAgain(result, recording.settings.lookAgainMs[0]));
  return { change: succeeded(result), rings };
}

function succeeded(result: Result): Partial<RowRecorded> {
  const isReleased = result.state === 'released';
  return {
    // Whatever a repeated suspension answers; what matters later is that the entry is suspended.
    outcome: result.state === 'suspended' ? 'suspended' : result.outcome,
    code: '',
    reason: '',
    ringAt: null,
    attempts: null,
    awaited: false,
    resultOrder: result.order,
    ...(result.times.commit === undefined ? {} : { committedAt: epochMs(result.times.commit) }),
    // A released entry is not ours any more: nothing may be bound to it.
    ...(isReleased ? { objectGuid: '', objectSid: '' } : {}),
    ...(isReleased || result.objectGuid === undefined ? {} : { objectGuid: result.objectGuid }),
    ...(isReleased || result.objectSid === undefined ? {} : { objectSid: result.objectSid }),
  };
}

/** The object got an entry, or its entry is back: the groups that list it can have it now. */
function completion(current: Partial<Row>, result: Result): RingForObject[] {
  if (result.state !== 'present') return [];
  const isNew = result.objectGuid !== undefined && result.objectGuid !== (current.objectGuid ?? '');
  const isBack = current.outcome === 'suspended';
  // In a full round the groups' lists follow the users; only who is waited for by name is completed.
  const isFollowed = result.cause === 'full-round' && current.awaited !== true;
  const isDue = current.awaited === true || ((isNew || isBack) && !isFollowed);
  return isDue ? [ringMemberships(result, { cause: 'completion', groups: [] })] : [];
}

/** Groups that still list a suspended entry let it go. Asked for again, because a difference may be on its way just now. */
function departure(current: Partial<Row>, result: Result, { settings }: Recording): RingForObject[] {
  if (result.state !== 'suspended') return [];
  const rings: RingForObject[] = [];
  if (result.memberOf.length > 0) {
    rings.push(ringMemberships(result, { cause: 'departure', groups: result.memberOf.slice(0, 2_000) }));
  }
  // Only for the first: a repeated suspension may answer `suspended` too, and would ask again for ever.
  if (result.outcome === 'suspended' && current.outcome !== 'suspended') {
    rings.push({ ...lookAgain(result, settings.secondLookMs), cause: 'departure' });
  }
  return rings;
}

/** Parked: the id is kept, not the command; whoever looks next sends what is true then. */
function recordRejected(current: Partial<Row>, result: Result, { settings, now }: Recording): Decision {
  const attempts = current.attempts ?? 0;
  const afterMs = parkedFor(settings, attempts);
  const isDead = result.code === 'dead-lettered';
  return {
    change: {
      outcome: isDead ? 'dead-lettered' : 'rejected',
      code: result.code ?? 'defect',
      reason: result.reason ?? '',
      ringAt: epochMs(now + afterMs),
      attempts: attempts + 1,
      resultOrder: result.order,
    },
    rings: [{ ...lookAgain(result, afterMs), cause: isDead ? 'dead-letter' : 'parked', attempt: 0 }],
  };
}

/** A zombie's command was refused. If the row believes that it was done, nobody would ever send it again. */
function recordStale(current: Partial<Row>, result: Result, { settings }: Recording): Decision {
  if (current.order !== undefined && isNewer(current.order, result.order)) return { rings: [] };
  return {
    change: { outcome: 'stale', resultOrder: result.order },
    rings: [lookAgain(result, settings.lookAgainMs[0])],
  };
}

/** Results arrive in any order: a suspension that is told after the return from it still took the memberships. */
function recordLate(current: Partial<Row>, result: Result): Decision {
  const isOlder = current.resultOrder !== undefined && isNewer(current.resultOrder, result.order);
  const tookMemberships =
    result.state === 'suspended' && isSuccess(result) && current.outcome !== 'suspended';
  return {
    rings: isOlder && tookMemberships ? [ringMemberships(result, { cause: 'completion', groups: [] })] : [],
  };
}

/** A membership command that did not do makes its group behind: what comes next is the complete list. */
function recordMembership(current: Partial<Row>, result: Result, recording: Recording): Decision {
  if (isSuccess(result)) return recordMended(current, result);
  if (current.behindOrder !== undefined && !isNewer(result.order, current.behindOrder)) return { rings: [] };
  const { settings, now } = recording;
  const change = { behindOrder: result.order };
  const want: Want = { type: 'members', ids: [result.id] };
  if (result.outcome === 'stale') {
    const soon = settings.lookAgainMs[0] ?? durationMs(0);
    return { change, rings: [{ to: 'groups', cause: 'behind', want, result, afterMs: soon }] };
  }
  const named = { ...change, code: result.code ?? 'defect', reason: result.reason ?? '' };
  // Several slices of one list fail together: one ring is enough.
  if ((current.ringAt ?? 0) > now) return { change: named, rings: [] };
  const attempts = failsInARow(current, recording) ? (current.attempts ?? 0) : 0;
  const afterMs = parkedFor(settings, attempts);
  const cause = result.code === 'dead-lettered' ? 'dead-letter' : 'behind';
  return {
    change: { ...named, ringAt: epochMs(now + afterMs), attempts: attempts + 1 },
    rings: [{ to: 'groups', cause, want, result, afterMs }],
  };
}

/** The list that was rung for failed again, as opposed to a first failure long after the last one was mended. */
function failsInARow({ ringAt, attempts }: Partial<Row>, { settings, now }: Recording): boolean {
  if (ringAt === undefined || ringAt === null) return false;
  return now - ringAt < 2 * parkedFor(settings, Math.max(0, (attempts ?? 1) - 1));
}

/** `listOrder` alone says whether a group is behind; here only what people read is cleared. */
function recordMended(current: Partial<Row>, result: Result): Decision {
  const { behindOrder, listOrder, outcome, code } = current;
  const isMended =
    result.of === 'slice' &&
    !!code &&
    outcome !== 'rejected' &&
    outcome !== 'dead-lettered' &&
    behindOrder !== undefined &&
    listOrder !== undefined &&
    isNewer(listOrder, behindOrder);
  return isMended ? { change: { code: '', reason: '' }, rings: [] } : { rings: [] };
}

function parkedFor({ parkMs }: RecorderSettings, attempts: number): DurationMs {
  return parkMs[Math.min(attempts, parkMs.length - 1)] ?? durationMs(60_000);
}

function lookAgain(result: Result, afterMs = durationMs(0)): RingForObject {
  const to = kindOf(result) === 'user' ? 'users' : 'groups';
  return { to, cause: 'again', want: { type: 'look', ids: [result.id] }, result, attempt: 1, afterMs };
}

function ringMemberships(
  result: Result,
  about: { cause: 'completion' | 'departure'; groups: ObjectId[] },
): RingForObject {
  const want: Want = {
    type: 'memberships',
    members: [{ kind: kindOf(result), id: result.id, groups: about.groups }],
  };
  return { to: 'groups', cause: about.cause, want, result };
}

const isNewer = (a: Order, b: Order): boolean => compareOrders(a, b) > 0;
const isNotNewer = (a: Order, b: Order | undefined): boolean => b !== undefined && compareOrders(a, b) <= 0;
