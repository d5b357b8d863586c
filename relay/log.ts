import type { Result } from '../shared/contracts/result.ts';
import type { Log } from '../shared/telemetry/log.ts';

/** The canonical line of one command. `ms`: from its delivery to its settlement. A sealed password is no matter for a log. */
export function logApplied(log: Log, result: Result, tookMs: number): void {
  const { id, of, outcome, code, changed, added, removed, missing, omitted, order, times } = result;
  const { notices, holders, account } = result;
  const line = {
    id,
    of,
    outcome,
    ...(code === undefined ? {} : { code, reason: result.reason }),
    changed,
    added,
    removed,
    ...(missing.length === 0 ? {} : { missing: missing.length }),
    ...(omitted.length === 0 ? {} : { omitted: omitted.length }),
    ...(notices.length === 0 ? {} : { notices }),
    ...(holders.length === 0 ? {} : { holders: holders.map((holder) => holder.id) }),
    ...(account === undefined ? {} : { account }),
    order,
    times,
    traceId: result.traceparent.slice(3, 35),
    ms: Math.round(tookMs * 10) / 10,
  };
  if (code === 'defect') log.loud('applied', line);
  else if (outcome === 'rejected') log.warn('applied', line);
  else log.info('applied', line);
}
