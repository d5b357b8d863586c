import type { Result } from '../contracts/result.ts';
import type { Row } from '../ports.ts';
import type { Decision, Recording } from './decision.ts';
import type { OwedRing } from './owed-rings.ts';
import { recordMembership } from './record-membership.ts';
import { recordState } from './record-state.ts';
import { isStateResult } from './result-kinds.ts';

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
 *
 * This is what results of one object, in their order, make of its row.
 */
export function recordObject(
  row: Row | undefined,
  results: readonly Result[],
  recording: Recording,
): Decision {
  let current: Partial<Row> = row ?? {};
  let change: Decision['change'];
  const rings: OwedRing[] = [];
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
