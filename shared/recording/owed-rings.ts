import type { Result } from '../contracts/result.ts';
import type { Ring, Want } from '../contracts/ring.ts';
import { chunksOf } from '../domain/chunks-of.ts';
import type { ObjectId } from '../domain/object-id.ts';
import { type DurationMs, durationMs } from '../domain/time.ts';
import { kindOf } from './result-kinds.ts';

/** A ring that is owed because of a result. */
export type OwedRing = {
  to: 'users' | 'groups';
  cause: Ring['cause'];
  want: Want;
  result: Result;
  attempt?: number;
  afterMs?: DurationMs;
};

/** The object of the result is looked at once more. */
export function lookAgain(result: Result, afterMs = durationMs(0)): OwedRing {
  return {
    to: doorbellOf(result),
    cause: 'again',
    want: { type: 'look', ids: [result.id] },
    result,
    attempt: 1,
    afterMs,
  };
}

/**
 * The object has an entry now: the groups that list it can have it, and users can have it as their manager. Who reports to it is
 * asked twice, because replicas lag (the reader of groups does so by itself).
 */
export function completions(result: Result, secondLookMs: DurationMs): OwedRing[] {
  // What came back from the recycle bin is in the groups it was in when it was deleted.
  const groups = result.memberOf.slice(0, 2_000);
  const memberships = ringMemberships(result, { cause: 'completion', groups });
  if (kindOf(result) === 'group') return [memberships];
  const want: Want = { type: 'reports', ids: [result.id] };
  const reports: OwedRing = { to: 'users', cause: 'completion', want, result };
  return [memberships, reports, { ...reports, attempt: 1, afterMs: secondLookMs }];
}

/** The groups that still list a suspended entry let it go, and so do its reports. */
export function departures(result: Result): OwedRing[] {
  const { memberOf, reports } = result;
  const groups = memberOf.slice(0, 2_000);
  return [
    ...(groups.length === 0 ? [] : [ringMemberships(result, { cause: 'departure', groups })]),
    ...chunksOf(reports, 500).map((ids): OwedRing => {
      return { to: 'users', cause: 'departure', want: { type: 'look', ids }, result };
    }),
  ];
}

/**
 * Synced from AD by now, and another entry there: groups that list the one that was ours list the other one from now on, and its
 * reports name that as their manager. Asked twice, because replicas lag (a list is repeated by itself).
 */
export function handovers(result: Result, secondLookMs: DurationMs): OwedRing[] {
  const { memberOf, reports } = result;
  const lists = chunksOf(memberOf, 500).map((ids): OwedRing => {
    return { to: 'groups', cause: 'departure', want: { type: 'members', ids }, result };
  });
  const looks = chunksOf(reports, 500).flatMap((ids): OwedRing[] => {
    const look: OwedRing = { to: 'users', cause: 'departure', want: { type: 'look', ids }, result };
    return [look, { ...look, afterMs: secondLookMs }];
  });
  return [...lists, ...looks];
}

/** Those who hold a name that the object of the result waits for. */
export function nameRings(result: Result): OwedRing[] {
  return (['user', 'group'] as const).flatMap((kind) => {
    const ids = result.holders.filter((holder) => holder.kind === kind).map(({ id }) => id);
    return chunksOf(ids, 500).map((some): OwedRing => {
      const want: Want = { type: 'look', ids: some, nameWanted: true };
      return { to: `${kind}s`, cause: 'name', want, result };
    });
  });
}

function ringMemberships(
  result: Result,
  about: { cause: 'completion' | 'departure'; groups: ObjectId[] },
): OwedRing {
  const want: Want = {
    type: 'memberships',
    members: [{ kind: kindOf(result), id: result.id, groups: about.groups }],
  };
  return { to: 'groups', cause: about.cause, want, result };
}

const doorbellOf = (result: Result): 'users' | 'groups' => (kindOf(result) === 'user' ? 'users' : 'groups');
