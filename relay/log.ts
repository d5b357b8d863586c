import type { Result } from '../shared/contracts/result.ts';
import type { FieldsOf } from '../shared/telemetry/events.ts';
import type { Log } from '../shared/telemetry/log.ts';
import { traceIdOf } from '../shared/telemetry/trace.ts';
import { lagOf } from './measure/measure-result.ts';
import type { Answering } from './pump/command-desk.ts';

/**
 * The canonical line of one command, which is the audit log too: names, ids, codes, counts and times. A sealed password is no matter
 * for a log.
 */
export function logApplied(log: Log, result: Result, how: Answering): void {
  const { code, outcome, traceparent } = result;
  const line = lineOf(result, how);
  if (code === 'defect') log.loud('applied', line, traceparent);
  else if (outcome === 'rejected') log.warn('applied', line, traceparent);
  else log.info('applied', line, traceparent);
}

function lineOf(result: Result, { tookMs, lane }: Answering): FieldsOf<'applied'> {
  const { id, of, state, cause, outcome, code, reason, changed, added, removed, order, times } = result;
  const { missing, omitted, notices, holders, account, objectGuid, relay, traceparent } = result;
  const lagMs = lagOf(result);
  return {
    id,
    of,
    ...(state === undefined ? {} : { state }),
    cause,
    outcome,
    ...(code === undefined ? {} : { code, reason }),
    changed,
    added,
    removed,
    ...(missing.length === 0 ? {} : { missing: missing.length }),
    ...(omitted.length === 0 ? {} : { omitted: omitted.length }),
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
