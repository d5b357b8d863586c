import type { Command } from './command.ts';
import type { Result } from './result.ts';

/** What a result takes over from its command. */
export type AnsweredCommand = Pick<
  Command,
  'v' | 'traceparent' | 'times' | 'type' | 'id' | 'order' | 'cause' | 'page'
> & { state?: Result['state'] };

/** The result of a command; what `part` does not name is empty. */
export function resultOf(
  command: AnsweredCommand,
  part: Pick<Result, 'outcome' | 'relay'> & Partial<Result>,
): Result {
  const { v, traceparent, times, type, id, order, cause, page, state } = command;
  return {
    ...{ v, traceparent, times, type: 'result', of: type, id, order, cause },
    ...(page === undefined ? {} : { page }),
    ...(state === undefined ? {} : { state }),
    ...{ changed: [], added: 0, removed: 0, missing: [], omitted: [] },
    ...{ memberOf: [], reports: [], holders: [], notices: [] },
    ...part,
  };
}
