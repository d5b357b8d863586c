import type { Log } from '../../shared/telemetry/log.ts';

export type LogLine = { level: 'info' | 'warn' | 'loud'; message: string; fields: Record<string, unknown> };

/** Keeps what was logged. */
export function fakeLog(): Log & { lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at =
    (level: LogLine['level']) =>
    (message: string, fields: Record<string, unknown> = {}): void => {
      lines.push({ level, message, fields });
    };
  return { lines, info: at('info'), warn: at('warn'), loud: at('loud') };
}
