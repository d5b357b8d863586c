import type { Result } from '../contracts/result.ts';
import { durationMs, epochMs } from '../domain/time.ts';
import type { Row, RowRecorded } from '../ports.ts';
import type { Decision, Recording } from './decision.ts';
import { managerMissing } from './manager-missing.ts';
import { completions, departures, handovers, lookAgain, nameRings, type OwedRing } from './owed-rings.ts';
import { isParkedForItsList, notParked } from './parked.ts';
import { parkedFor, ringAfter } from './parked-for.ts';
import { isNewer, isNotNewer, isSuccess } from './result-kinds.ts';

/** What the result of a command about the object itself makes of its row. */
export function recordState(current: Partial<Row>, result: Result, recording: Recording): Decision {
  if (isNotNewer(result.order, current.resultOrder)) return recordLate(current, result, recording);
  if (result.outcome === 'stale') return recordStale(current, result, recording);
  if (result.outcome === 'rejected') return recordRejected(current, result, recording);
  return recordDone(current, result, recording);
}

function recordDone(current: Partial<Row>, result: Result, recording: Recording): Decision {
  if (result.state === 'absent' && isGoneForGood(current, result)) return { change: 'removed', rings: [] };
  const isUncommitted = current.order === undefined || isNewer(result.order, current.order);
  const isOfBefore = result.order.epoch < recording.epoch;
  const rings = [
    ...completion(current, result, recording),
    ...departure(current, result, recording),
    ...handover(current, result, recording),
  ];
  if (isUncommitted || isOfBefore) rings.push(lookAgain(result, recording.settings.lookAgainMs[0]));
  if (result.state === 'present' && wasMistaken(current, result))
    rings.push({ ...lookAgain(result), cause: 'completion' });
  return { change: { ...done(current, result), ...outcomeOf(current, result) }, rings };
}

/**
 * The object was purged, and nothing newer was asked of it since: its row goes with the entry. The row of one that may return
 * stays (docs/adr/rows-outlive-entries-that-may-return.md).
 */
function isGoneForGood({ order, leftFor }: Partial<Row>, result: Result): boolean {
  return order === undefined || (leftFor === 'hardDelete' && !isNewer(order, result.order));
}

function done(current: Partial<Row>, result: Result): Partial<RowRecorded> {
  // The list of a group may fail for itself, and has its own ring to come.
  const isListParked = result.state === 'present' && isParkedForItsList(current);
  return {
    ...(isListParked ? {} : notParked),
    outcome: result.outcome,
    resultOrder: result.order,
    ...(result.times.commit === undefined ? {} : { committedAt: epochMs(result.times.commit) }),
    ...toldOf(current, result),
  };
}

/** What a result tells of the entry, whatever became of the command. */
function toldOf(current: Partial<Row>, result: Result): Partial<RowRecorded> {
  const { notices, account, sealedPassword } = result;
  const isMistaken = wasMistaken(current, result);
  const told = notices.filter((notice) => !(isMistaken && notice === 'disabled-on-premises'));
  // Of the users that report to a manager without an entry, these are sent again when it has one (reading/managers/reports.ts).
  const lacksManager = result.of === 'user' && result.missing.length > 0;
  return {
    notices: [...told, ...(lacksManager ? [managerMissing] : [])].join(','),
    ...(account === undefined || isMistaken ? {} : { account }),
    ...(sealedPassword === undefined ? {} : { sealedPassword }),
  };
}

/**
 * Nobody on-premises disabled it: a command of ours did, which the reader did not know of when it sent this one (a zombie's).
 * Sent again, it is enabled.
 */
function wasMistaken(current: Partial<Row>, { account }: Result): boolean {
  return account === 'disabled-on-premises' && current.account === 'disabled';
}

function outcomeOf(current: Partial<Row>, result: Result): Partial<RowRecorded> {
  if (result.state === 'absent') return deleted(current, result);
  // A released entry is not ours any more: nothing may be bound to it. Who names it does so by its SID, and is told when that changes.
  if (result.state === 'released') return { ...unbound, formerGuid: '', formerSid: '', awaited: true };
  // Whatever a repeated suspension answers. Groups and reports let it go now, and have to have it again when it is back.
  if (result.state === 'suspended') return { ...boundTo(result), outcome: 'suspended', awaited: true };
  return { ...boundTo(result), formerGuid: '', formerSid: '', awaited: false };
}

const unbound = { objectGuid: '', objectSid: '', account: '', sealedPassword: '' } as const;

/** Whatever the relay found (it may have been gone already); the SID it had is remembered for the return. */
function deleted(current: Partial<Row>, result: Result): Partial<RowRecorded> {
  return {
    ...unbound,
    outcome: 'deleted',
    awaited: true,
    formerGuid: result.objectGuid || current.objectGuid || current.formerGuid || '',
    formerSid: result.objectSid || current.objectSid || current.formerSid || '',
  };
}

function boundTo({ objectGuid, objectSid }: Result): Partial<RowRecorded> {
  return {
    ...(objectGuid === undefined ? {} : { objectGuid }),
    ...(objectSid === undefined ? {} : { objectSid }),
  };
}

/** The object got an entry, or its entry is back (who left is awaited since). */
function completion(current: Partial<Row>, result: Result, { settings }: Recording): OwedRing[] {
  if (result.state !== 'present') return [];
  // In a full round the groups' lists follow the users; only who is waited for by name is completed.
  const isFollowed = result.cause === 'full-round' && current.awaited !== true;
  const isDue = current.awaited === true || (isNewEntry(current, result) && !isFollowed);
  return isDue ? completions(result, settings.secondLookMs) : [];
}

function isNewEntry(current: Partial<Row>, { objectGuid, notices }: Result): boolean {
  if (notices.includes('sid-new')) return true;
  return objectGuid !== undefined && objectGuid !== (current.objectGuid ?? '');
}

/** Asked for again, because a difference may be on its way just now. */
function departure(current: Partial<Row>, result: Result, { settings }: Recording): OwedRing[] {
  if (result.state !== 'suspended') return [];
  const rings = departures(result);
  // Only for the first: a repeated suspension may answer `suspended` too, and would ask again for ever.
  if (result.outcome === 'suspended' && current.outcome !== 'suspended') {
    rings.push({ ...lookAgain(result, settings.secondLookMs), cause: 'departure' });
  }
  return rings;
}

/** Where our own entry is the one that is synced, nothing changes for the others. */
function handover(current: Partial<Row>, result: Result, { settings }: Recording): OwedRing[] {
  const isAnother = result.outcome === 'released' && result.objectSid !== current.sid;
  return isAnother ? handovers(result, settings.secondLookMs) : [];
}

/** A name that another object of ours lets go at this moment is free in less than a second, mostly. */
const nameWaitsMs = [400, 2_000, 10_000].map(durationMs);

/**
 * Parked: the id is kept, not the command; whoever looks next sends what is true then. Some of it may have been done: an entry
 * that was made without its name is an entry.
 */
function recordRejected(current: Partial<Row>, result: Result, recording: Recording): Decision {
  const { settings, now } = recording;
  const waitsForName = result.code === 'name-awaited';
  const waitedForName = current.code === 'name-awaited';
  // Another refusal begins the schedule anew: whoever mended the first one does not wait for the end of its longest wait.
  const attempts = current.code === result.code ? (current.attempts ?? 0) : 0;
  const afterMs = parkedFor(waitsForName ? [...nameWaitsMs, ...settings.parkMs] : settings.parkMs, attempts);
  const isDead = result.code === 'dead-lettered';
  const isNew = result.state === 'present' && isNewEntry(current, result);
  // Two that wait for each other, asked before their time, must not ring each other without end.
  const isEarly = waitedForName && (current.ringAt ?? 0) > now;
  const cause = isDead ? 'dead-letter' : waitsForName ? 'name' : 'parked';
  const completed = isNew ? completion(current, result, recording) : [];
  const departed = halfDeparture(current, result);
  return {
    change: {
      outcome: isDead ? 'dead-lettered' : 'rejected',
      code: result.code ?? 'defect',
      reason: result.reason ?? '',
      ringAt: epochMs(now + afterMs),
      attempts: attempts + 1,
      resultOrder: result.order,
      ...toldOf(current, result),
      ...(isNew ? boundTo(result) : {}),
      ...(completed.length > 0 ? { awaited: false } : {}),
      ...(departed.length > 0 ? { awaited: true } : {}),
    },
    rings: [
      { ...lookAgain(result, ringAfter(afterMs)), cause, attempt: 0 },
      ...(waitsForName && !isEarly ? nameRings(result) : []),
      ...completed,
      ...departed,
    ],
  };
}

/**
 * A departure that could not be done to its end (no leavers' OU, objects below an entry that is to be deleted) names who still refers to it:
 * they let it go all the same. Asked twice, like any departure: now, and when the parked object is tried again; not at every try to come.
 */
function halfDeparture(current: Partial<Row>, result: Result): OwedRing[] {
  if (result.state !== 'suspended' && result.state !== 'absent') return [];
  const isFirst = current.awaited !== true || current.code !== result.code;
  return isFirst || (current.attempts ?? 0) < 2 ? departures(result) : [];
}

/** A zombie's command was refused. If the row believes that it was done, nobody would ever send it again. */
function recordStale(current: Partial<Row>, result: Result, { settings }: Recording): Decision {
  if (current.order !== undefined && isNewer(current.order, result.order)) return { rings: [] };
  return {
    change: { outcome: 'stale', resultOrder: result.order },
    rings: [lookAgain(result, settings.lookAgainMs[0])],
  };
}

/**
 * Results arrive in any order: a sealed password may be told after what was done to its account; a suspension that is told after the return from it still took the memberships; and where the
 * newer command was rejected without a word about the account, the older one's word is the newest.
 */
function recordLate(current: Partial<Row>, result: Result, { settings }: Recording): Decision {
  if (current.resultOrder === undefined || !isNewer(current.resultOrder, result.order)) return { rings: [] };
  const sealed = sealedLate(current, result);
  if (!isSuccess(result)) return { ...sealed, rings: [] };
  const tookMemberships = result.state === 'suspended' && current.outcome !== 'suspended';
  const rings = tookMemberships ? completions(result, settings.secondLookMs) : [];
  const { account } = result;
  const isLastWord = account !== undefined && account !== current.account && current.outcome === 'rejected';
  return isLastWord ? { change: { ...sealed.change, account }, rings } : { ...sealed, rings };
}

/** The only copy of the first password of the account that the newer result is about. */
function sealedLate(
  current: Partial<Row>,
  { sealedPassword, objectGuid }: Result,
): { change?: Partial<RowRecorded> } {
  const isOfOther = objectGuid === undefined || objectGuid !== current.objectGuid;
  if (sealedPassword === undefined || isOfOther || current.sealedPassword) return {};
  return { change: { sealedPassword } };
}
