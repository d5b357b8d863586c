import type { Result } from '../shared/contracts/result.ts';
import type { MemberKey } from '../shared/domain/member-key.ts';
import { type ErrorCode, errorTable } from '../shared/errors.ts';
import type { FieldsOf } from '../shared/telemetry/events.ts';
import type { Log } from '../shared/telemetry/log.ts';
import { traceIdOf } from '../shared/telemetry/trace.ts';
import { lagOf } from './measure/measure-result.ts';
import type { Answering } from './pump/command-desk.ts';

/** Of the members left out for one code, as many are named: a slice can leave out 2,000. The table `log` names more. */
const namedMembers = 5;

/** Members left out for one code: how many, why, and the first of them. */
type OmittedFor = { code: ErrorCode; count: number; reason: string; members: MemberKey[] };

/**
 * The canonical line of one command, which is the audit log too: names, ids, codes, counts and times. A sealed password is no matter
 * for a log. A warning: what somebody may have to do something about.
 */
export function logApplied(log: Log, result: Result, how: Answering): void {
  const { code, outcome, omitted, traceparent } = result;
  const line = lineOf(result, how);
  if (code === 'defect') log.loud('applied', line, traceparent);
  else if (outcome === 'rejected' || omitted.length > 0) log.warn('applied', line, traceparent);
  else log.info('applied', line, traceparent);
}

function lineOf(result: Result, { tookMs, lane }: Answering): FieldsOf<'applied'> {
  const { id, of, state, asked, cause, outcome, code, reason, changed, added, removed, order, times } =
    result;
  const { missing, omitted, notices, holders, account, objectGuid, relay, traceparent } = result;
  const lagMs = lagOf(result);
  return {
    id,
    of,
    ...(state === undefined ? {} : { state }),
    ...(asked === undefined ? {} : { asked }),
    cause,
    outcome,
    ...(code === undefined ? {} : { code, reason }),
    changed,
    added,
    removed,
    ...(missing.length === 0 ? {} : { missing: missing.length }),
    ...(omitted.length === 0 ? {} : { omitted: omitted.length, omittedFor: reasonsOf(omitted) }),
    ...(notices.length === 0 ? {} : { notices }),
    ...(holders.length === 0 ? {} : { holders: holders.map((holder) => holder.id) }),
    ...(account === undefined ? {} : { account }),
    ...(objectGuid === undefined ? {} : { objectGuid }),
    order,
    times,
    traceId: traceIdOf(traceparent),
    ms: Math.round(tookMs * 10) / 10,
    ...(lagMs === undefined ? {} : { lagMs }),
    lane,
    relay,
  };
}

/** Why members were left out, in words: the command itself succeeded, so nothing else says it to anybody. */
function reasonsOf(omitted: Result['omitted']): OmittedFor[] {
  return [...Map.groupBy(omitted, ({ code }) => code)].map(([code, same]) => ({
    code,
    count: same.length,
    reason: errorTable[code][1],
    members: same.slice(0, namedMembers).map(({ key }) => key),
  }));
}
