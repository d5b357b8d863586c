import { pino } from 'pino';
import type { EventName, FieldsOf } from './events.ts';
import type { Severity, Telemetry } from './telemetry.ts';

/** Writes events. `loud` is for our own bugs and for what stops the work: somebody should be woken. `trace`: the traceparent it belongs to. */
export type Log = {
  info<E extends EventName>(event: E, fields?: FieldsOf<E>, trace?: string): void;
  warn<E extends EventName>(event: E, fields?: FieldsOf<E>, trace?: string): void;
  loud<E extends EventName>(event: E, fields?: FieldsOf<E>, trace?: string): void;
};

const levels = { info: 'info', warn: 'warn', loud: 'fatal' } as const satisfies Record<Severity, string>;

/**
 * JSON lines by pino, and the same as telemetry. The lines leave through `console.log`, which the Functions worker hands to the
 * host's log (what is written to stdout directly, it may not); anywhere else that is stdout.
 */
export function createLog(
  base: Record<string, string>,
  telemetry: Pick<Telemetry, 'event'>,
  write: (line: string) => void = (line) => console.log(line),
): Log {
  const logger = pino(
    {
      base: null,
      formatters: { level: (level) => ({ level }) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    { write: (line: string) => write(line.trimEnd()) },
  );
  const say =
    (severity: Severity) =>
    (event: EventName, fields: Record<string, unknown> = {}, trace?: string): void => {
      // Not pino's own base: a field of the same name would be in the line twice, which not every reader of JSON takes.
      logger[levels[severity]]({ ...base, ...fields }, event);
      telemetry.event(event, { severity, fields, ...(trace === undefined ? {} : { trace }) });
    };
  return { info: say('info'), warn: say('warn'), loud: say('loud') };
}
