import type { Result } from '../contracts/result.ts';
import type { Want } from '../contracts/ring.ts';
import { durationMs, epochMs } from '../domain/time.ts';
import type { Row } from '../ports.ts';
import type { Decision, Recording } from './decision.ts';
import type { OwedRing } from './owed-rings.ts';
import { parkedFor } from './parked-for.ts';
import { isNewer, isSuccess } from './result-kinds.ts';

/** A membership command that did not do makes its group behind: what comes next is the complete list. */
export function recordMembership(current: Partial<Row>, result: Result, recording: Recording): Decision {
  if (isSuccess(result)) return { ...recordMended(current, result), rings: repetition(result, recording) };
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
  const afterMs = parkedFor(settings.parkMs, attempts);
  const cause = result.code === 'dead-lettered' ? 'dead-letter' : 'behind';
  return {
    change: { ...named, ringAt: epochMs(now + afterMs), attempts: attempts + 1 },
    rings: [{ to: 'groups', cause, want, result, afterMs }],
  };
}

/** The list that was rung for failed again, as opposed to a first failure long after the last one was mended. */
function failsInARow({ ringAt, attempts }: Partial<Row>, { settings, now }: Recording): boolean {
  if (ringAt === undefined || ringAt === null) return false;
  return now - ringAt < 2 * parkedFor(settings.parkMs, Math.max(0, (attempts ?? 1) - 1));
}

/**
 * A list that took somebody out is read once more. Whoever was deleted just then and restored a moment later is not on it, and
 * nothing would put them back: their own reader finds them as they were, and the groups' delta tells neither.
 */
function repetition(result: Result, { settings }: Recording): OwedRing[] {
  if (result.of !== 'slice' || result.removed === 0) return [];
  const want: Want = { type: 'members', ids: [result.id] };
  return [{ to: 'groups', cause: 'again', want, result, attempt: 1, afterMs: settings.repeatMembersMs }];
}

/** `listOrder` alone says whether a group is behind; here only what people read is cleared. */
function recordMended(current: Partial<Row>, result: Result): Pick<Decision, 'change'> {
  const { behindOrder, listOrder, outcome, code } = current;
  const isMended =
    result.of === 'slice' &&
    !!code &&
    outcome !== 'rejected' &&
    outcome !== 'dead-lettered' &&
    behindOrder !== undefined &&
    listOrder !== undefined &&
    isNewer(listOrder, behindOrder);
  return isMended ? { change: { code: '', reason: '' } } : {};
}
