import { WritebackError } from '../errors.ts';
import type { Severity } from './telemetry.ts';

/** What heals by itself is a warning; for anything else a person should be woken. */
export function severityOf(error: unknown): Extract<Severity, 'warn' | 'loud'> {
  const { disposition } = WritebackError.from(error);
  return disposition === 'retry' || disposition === 'wait' ? 'warn' : 'loud';
}
