import type { Result } from '../contracts/result.ts';
import type { Want } from '../contracts/ring.ts';
import { orderText } from '../domain/order.ts';
import { durationMs, epochMs } from '../domain/time.ts';
import type { Row } from '../ports.ts';
import type { Decision, Recording } from './decision.ts';
import type { OwedRing } from './owed-rings.ts';
import { isParkedItself, notParked } from './parked.ts';
import { parkedFor, ringAfter } from './parked-for.ts';
import { isNewer, isSuccess } from './result-kinds.ts';

/** A membership command that did not do makes its group behind: what comes next is the complete list. */
export function recordMembership(current: Partial<Row>, result: Result, recording: Recording): Decision {
  if (isSuccess(result))
    return { ...recordMended(current, result), rings: repetition(current, result, recording) };
  if (current.behindOrder !== undefined && !isNewer(result.order, current.behindOrder)) return { rings: [] };
  const { settings, now } = recording;
  const change = { behindOrder: result.order };
  const want: Want = { type: 'members', ids: [result.id] };
  if (result.outcome === 'stale') {
    const soon = settings.lookAgainMs[0] ?? durationMs(0);
    return { change, rings: [{ to: 'groups', cause: 'behind', want, result, afterMs: soon }] };
  }
  // What parks the group itself is why its list fails, too: the word that somebody can act on is that one.
  const own = { code: result.code ?? 'defect', reason: result.reason ?? '' };
  const named = isParkedItself(current) ? change : { ...change, ...own };
  // Several slices of one list fail together: one ring is enough.
  if ((current.ringAt ?? 0) > now) return { change: named, rings: [] };
  const attempts = failsInARow(current, recording) ? (current.attempts ?? 0) : 0;
  const afterMs = parkedFor(settings.parkMs, attempts);
  const cause = result.code === 'dead-lettered' ? 'dead-letter' : 'behind';
  return {
    change: { ...named, ringAt: epochMs(now + afterMs), attempts: attempts + 1 },
    rings: [{ to: 'groups', cause, want, result, afterMs: ringAfter(afterMs) }],
  };
}

/** The list that was rung for failed again, as opposed to a first failure long after the last one was mended. */
function failsInARow({ ringAt, attempts }: Partial<Row>, { settings, now }: Recording): boolean {
  if (ringAt === undefined || ringAt === null) return false;
  return now - ringAt < 2 * parkedFor(settings.parkMs, Math.max(0, (attempts ?? 1) - 1));
}

/**
 * A list that changed something is read once more. Day to day the differences have told it all before, so what a list changes
 * comes from what they cannot tell, and may be a passing thing: somebody deleted just then and restored a moment later, whom the
 * list lacks and nothing would put back; or a replica that had not seen the newest changes. The first list of a group that this
 * full round created fills it; those are not all read twice.
 */
function repetition(current: Partial<Row>, result: Result, { settings }: Recording): OwedRing[] {
  if (result.of !== 'slice' || result.added + result.removed === 0) return [];
  if (result.removed === 0 && isFirstList(current, result)) return [];
  const want: Want = { type: 'members', ids: [result.id] };
  return [{ to: 'groups', cause: 'again', want, result, attempt: 1, afterMs: settings.repeatMembersMs }];
}

/** The name of a round sorts as orders do: what is ordered after it was sent in it. */
function isFirstList({ outcome, resultOrder }: Partial<Row>, { page }: Result): boolean {
  if (outcome !== 'created' || resultOrder === undefined || page === undefined) return false;
  return orderText(resultOrder) > page.round;
}

/** `listOrder` alone says whether a group is behind; here what people read is cleared, and the wait that the next failure begins with. */
function recordMended(current: Partial<Row>, result: Result): Pick<Decision, 'change'> {
  const { behindOrder, listOrder, code } = current;
  const isMended =
    result.of === 'slice' &&
    !!code &&
    !isParkedItself(current) &&
    behindOrder !== undefined &&
    listOrder !== undefined &&
    isNewer(listOrder, behindOrder);
  return isMended ? { change: notParked } : {};
}
