import { format } from 'node:util';
import type { RpcLevel } from './functions-core.ts';

/** One line of the host's output, beside what the app itself writes. */
export type LogLine = {
  level: RpcLevel;
  message: string;
  function?: string;
  invocationId?: string;
} & Record<string, unknown>;

/** Writes one JSON object as a line on standard output. */
export function writeLine(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

export const log = (line: LogLine): void => writeLine(line);

/**
 * The real worker turns console output of the app into log lines; so does the host, and stdout stays JSON lines. What the app
 * already wrote as a JSON object (its own structured log) is passed on as `entry`, with its `msg` as the message.
 */
export function captureConsole(): void {
  const captured =
    (level: RpcLevel) =>
    (...args: unknown[]): void =>
      log({ level, ...contentOf(format(...args)) });
  console.log = captured('information');
  console.info = captured('information');
  console.debug = captured('debug');
  console.warn = captured('warning');
  console.error = captured('error');
}

function contentOf(text: string): { message: string; entry?: object } {
  if (!text.startsWith('{')) return { message: text };
  try {
    const entry = JSON.parse(text) as { msg?: unknown };
    return { message: typeof entry.msg === 'string' ? entry.msg : '', entry };
  } catch {
    return { message: text };
  }
}
