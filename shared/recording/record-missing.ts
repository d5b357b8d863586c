import type { Result } from '../contracts/result.ts';
import type { Kind, ObjectId } from '../domain/object-id.ts';
import type { DurationMs } from '../domain/time.ts';
import type { Row } from '../ports.ts';
import type { Decision } from './decision.ts';
import type { OwedRing } from './owed-rings.ts';

/**
 * Why no membership is ever lost.
 *
 * A group command that meets a member without an entry leaves it out and names it (`missing`); a user's command does the same
 * with a manager. The member's own command may be applied at that very moment, in another lane, and its result be recorded by
 * another process. Two sides, one row:
 *
 *   group's side    m is missing   ──▶ row(m): has it an objectGUID?  yes ──▶ ring completion
 *                                                                     no  ──▶ write `awaited`, if the row is unchanged
 *   member's side   m was created  ──▶ row(m): is it `awaited`?       yes ──▶ ring completion
 *                                      write objectGUID, if the row is unchanged
 *
 * Both writes depend on the tag of the row that was read, so one of them comes first and the other side, whose write is
 * refused, reads again and sees it. There is no order in which neither rings. A crash is no exception: rings are sent before
 * the row is written, and what was not written is recorded again.
 *
 * An objectGUID that is older than the group's command is a different case: the entry has vanished from AD since. Completing
 * would meet the same gap, again and again; so the member itself is asked for anew, and is awaited.
 */
export function recordMissing(
  row: Row | undefined,
  missing: { kind: Kind; id: ObjectId; result: Result },
  secondLookMs: DurationMs,
): Decision {
  const { kind, id, result } = missing;
  const change = { awaited: true };
  if (!row?.objectGuid || row.outcome === 'suspended')
    return row?.awaited ? { rings: [] } : { change, rings: [] };
  const commandedAt = result.times.command ?? result.times.ring;
  if ((row.committedAt ?? 0) >= commandedAt) {
    return { rings: [completionOf(missing)] };
  }
  const again: OwedRing = {
    to: kind === 'user' ? 'users' : 'groups',
    cause: 'completion',
    want: { type: 'look', ids: [id] },
    result,
    attempt: 1,
    afterMs: secondLookMs,
  };
  return row.awaited ? { rings: [again] } : { change, rings: [again] };
}

/** The entry was made meanwhile: the group can have it as a member now, the user as its manager. */
function completionOf({ kind, id, result }: { kind: Kind; id: ObjectId; result: Result }): OwedRing {
  if (result.of === 'user') {
    return { to: 'users', cause: 'completion', want: { type: 'look', ids: [result.id] }, result };
  }
  const members = [{ kind, id, groups: [] }];
  return { to: 'groups', cause: 'completion', want: { type: 'memberships', members }, result };
}
