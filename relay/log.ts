import { type Logger, pino } from 'pino';
import type { Result } from '../shared/contracts/result.ts';

/** JSON lines on stdout. Names, ids, codes and counts; never a value of an attribute, never a secret. */
export function createLog(relay: string): Logger {
  return pino({
    base: { relay },
    formatters: { level: (level) => ({ level }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
}

/** The canonical line of one command. `ms`: from its delivery to its settlement. A sealed password is no matter for a log. */
export function logApplied(log: Logger, result: Result, tookMs: number): void {
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
  if (code === 'defect') log.error(line, 'applied');
  else if (outcome === 'rejected') log.warn(line, 'applied');
  else log.info(line, 'applied');
}
