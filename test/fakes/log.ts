import type { Log, LogFields } from '../../shared/telemetry.ts';

export type LogLine = { level: 'info' | 'warn' | 'loud'; message: string; fields: LogFields };

/** Keeps what was logged. */
export function fakeLog(): Log & { lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at =
    (level: LogLine['level']) =>
    (message: string, fields: LogFields = {}): void => {
      lines.push({ level, message, fields });
    };
  return { lines, info: at('info'), warn: at('warn'), loud: at('loud') };
}
