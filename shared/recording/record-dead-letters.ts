import type { Command } from '../contracts/command.ts';
import type { Result } from '../contracts/result.ts';
import type { Handler } from '../handler.ts';
import { record } from './record-results.ts';
import type { RecorderDeps } from './recorder-deps.ts';

/**
 * Takes commands from `writes/$DeadLetterQueue`: they were delivered too often without success. Each is recorded as a
 * rejected one: the object is parked, or its group is behind, and the reader looks anew; the command itself is dropped.
 */
export function createDeadLetterHandler(deps: RecorderDeps): Handler<readonly Command[]> {
  return (commands) => record(deps, commands.map(rejectionOf));
}

function rejectionOf(command: Command): Result {
  return {
    v: command.v,
    traceparent: command.traceparent,
    times: command.times,
    type: 'result',
    of: command.type,
    id: command.id,
    order: command.order,
    cause: command.cause,
    ...(command.page === undefined ? {} : { page: command.page }),
    ...('state' in command ? { state: command.state } : {}),
    outcome: 'rejected',
    code: 'dead-lettered',
    reason: 'the command was delivered too often without success',
    changed: [],
    added: 0,
    removed: 0,
    missing: [],
    omitted: [],
    memberOf: [],
    relay: 'dead-letter',
  };
}
