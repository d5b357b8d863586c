import { type Asked, askedOf } from './asked-of.ts';
import type { Result } from './result.ts';

/** The result of a command; what `part` does not name is empty. */
export function resultOf(command: Asked, part: Pick<Result, 'outcome' | 'relay'> & Partial<Result>): Result {
  const { v, traceparent, times, type, id, order, cause, page } = command;
  return {
    ...{ v, traceparent, times, type: 'result', of: type, id, order, cause },
    ...(page === undefined ? {} : { page }),
    ...askedOf(command),
    ...{ changed: [], added: 0, removed: 0, missing: [], omitted: [] },
    ...{ memberOf: [], reports: [], holders: [], notices: [] },
    ...part,
  };
}
