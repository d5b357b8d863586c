import { pino } from 'pino';

/** Fields of a log line: names, ids, codes and counts; never attribute values or secrets. */
export type LogFields = Record<string, unknown>;

/** Writes log lines. `loud` is for our own bugs and for what stops the work: somebody should be woken. */
export type Log = {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  loud(message: string, fields?: LogFields): void;
};

/**
 * JSON lines by pino. They leave through `console.log`, which the Functions worker hands to the host's log (what is written to
 * stdout directly, it may not); anywhere else that is stdout.
 */
export function createLog(
  base: LogFields = {},
  write: (line: string) => void = (line) => console.log(line),
): Log {
  const logger = pino({ base, messageKey: 'msg' }, { write: (line: string) => write(line.trimEnd()) });
  return {
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    loud: (message, fields = {}) => logger.fatal(fields, message),
  };
}

/** The trace id of a traceparent (W3C Trace Context), for log lines. */
export const traceIdOf = (traceparent: string): string => traceparent.split('-')[1] ?? '';

/** A traceparent that begins a trace; `randomHex` gives that many random bytes as lower-case hex. */
export const beginTrace = (randomHex: (bytes: number) => string): string =>
  `00-${randomHex(16)}-${randomHex(8)}-01`;
