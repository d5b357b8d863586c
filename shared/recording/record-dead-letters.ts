import type { Command } from '../contracts/command.ts';
import type { Result } from '../contracts/result.ts';
import { resultOf } from '../contracts/result-of.ts';
import { errorTable } from '../errors.ts';
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
  return resultOf(command, {
    outcome: 'rejected',
    code: 'dead-lettered',
    reason: errorTable['dead-lettered'][1],
    relay: 'dead-letter',
  });
}
