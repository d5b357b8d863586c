import type { UserCommand } from '../../shared/contracts/command.ts';
import { WritebackError } from '../../shared/errors.ts';
import { findEntry } from './find-entry.ts';
import { planAndApply } from './plan-and-apply.ts';
import type { Progress, Workplace } from './workplace.ts';

/**
 * Disables the account of a user, and nothing else, as far as AD and the guard allow: whatever else is the matter with the object has its
 * own error. Throws only what holds the command back.
 */
export async function disableAccount(
  command: UserCommand,
  workplace: Workplace,
  progress: Progress,
): Promise<void> {
  if (progress.account === 'disabled') return;
  const { v, traceparent, times, type, id, order, cause, objectGuid } = command;
  const base = { v, traceparent, times, type, id, order, cause, objectGuid };
  const disabling = {
    state: 'suspended',
    account: 'disable',
    place: 'stay',
    names: 'keep',
    mayEnable: true,
  } as const;
  try {
    const entry = await findEntry({ kind: type, id, objectGuid }, workplace);
    progress.entry ??= entry;
    if (entry !== undefined) await planAndApply({ ...base, ...disabling }, { entry }, workplace, progress);
  } catch (thrown) {
    const { disposition } = WritebackError.from(thrown);
    if (disposition === 'retry' || disposition === 'halt') throw thrown;
  }
}
