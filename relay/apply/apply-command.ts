import { askedOf } from '../../shared/contracts/asked-of.ts';
import type { Command } from '../../shared/contracts/command.ts';
import type { Outcome, Result } from '../../shared/contracts/result.ts';
import type { EpochMs } from '../../shared/domain/time.ts';
import { errorTable, WritebackError } from '../../shared/errors.ts';
import { applyMembership } from './apply-membership.ts';
import { applyState } from './apply-state.ts';
import { newProgress, type Progress, type Workplace } from './workplace.ts';

/** Who answers, and when it is. */
export type Answerer = { relay: string; now(): EpochMs };

/**
 * Applies a command and answers its result. Throws only what must hold the command back (retry, halt); what concerns this
 * object alone (reject, wait, defect) is the result `rejected`.
 */
export async function applyCommand(
  command: Command,
  workplace: Workplace,
  answerer: Answerer,
): Promise<{ result: Result; error: WritebackError | undefined }> {
  const progress = newProgress();
  try {
    const isState = command.type === 'user' || command.type === 'group';
    const outcome = isState
      ? await applyState(command, workplace, progress)
      : await applyMembership(command, workplace, progress);
    return { result: resultOf(command, { outcome, progress }, answerer), error: refusalOf(command) };
  } catch (thrown) {
    const error = WritebackError.from(thrown);
    if (error.disposition === 'retry' || error.disposition === 'halt') throw error;
    return { result: resultOf(command, { outcome: 'rejected', progress, error }, answerer), error };
  }
}

/** Why an object is parked that could not even be mapped. */
const refusalOf = (command: Command): WritebackError | undefined =>
  'code' in command ? new WritebackError(command.code) : undefined;

/** The result of a command of an older epoch: nothing was done. */
export function staleResult(command: Command, answerer: Answerer): Result {
  return resultOf(command, { outcome: 'stale', progress: newProgress() }, answerer);
}

function resultOf(
  command: Command,
  done: { outcome: Outcome; progress: Progress; error?: WritebackError },
  answerer: Answerer,
): Result {
  const { outcome, progress, error } = done;
  return {
    v: command.v,
    traceparent: command.traceparent,
    times: { ...command.times, commit: answerer.now() },
    type: 'result',
    of: command.type,
    id: command.id,
    order: command.order,
    cause: command.cause,
    ...(command.page === undefined ? {} : { page: command.page }),
    ...askedOf(command),
    outcome,
    ...(error === undefined ? {} : { code: error.code, reason: reasonOf(error) }),
    ...('code' in command && outcome === 'rejected' ? { code: command.code, reason: command.reason } : {}),
    ...(progress.entry === undefined
      ? {}
      : { objectGuid: progress.entry.guid, objectSid: progress.entry.sid }),
    changed: [...progress.changed],
    added: progress.added,
    removed: progress.removed,
    missing: progress.missing,
    omitted: progress.omitted,
    memberOf: progress.memberOf,
    reports: progress.reports,
    holders: progress.holders,
    notices: [...progress.notices],
    ...(progress.account === undefined ? {} : { account: progress.account }),
    ...(progress.sealedPassword === undefined ? {} : { sealedPassword: progress.sealedPassword }),
    relay: answerer.relay,
  };
}

/** The sentence of the code, with the detail that our own errors carry: names, ids and counts, never values. */
function reasonOf(error: WritebackError): string {
  return error.message.startsWith(`[${error.code}] `)
    ? error.message.slice(error.code.length + 3)
    : errorTable[error.code][1];
}
