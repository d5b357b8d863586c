import type { GroupBare, UserBare } from '../../shared/contracts/command.ts';
import type { Outcome } from '../../shared/contracts/result.ts';
import { WritebackError } from '../../shared/errors.ts';
import type { Entry } from '../ports.ts';
import { findEntry } from './find-entry.ts';
import { planAndApply } from './plan-and-apply.ts';
import { orLetGo, tellWhoRefers } from './tell-who-refers.ts';
import type { Progress, Workplace } from './workplace.ts';

/**
 * Deletes the entry. One that AD does not let go (objects below it, a protected entry, a missing right) waits for a person; its rights
 * do not: the account is disabled, and the result names who still refers to it.
 */
export async function applyAbsent(
  command: UserBare | GroupBare,
  workplace: Workplace,
  progress: Progress,
): Promise<Outcome> {
  const { type: kind, id, objectGuid } = command;
  const entry = await findEntry({ kind, id, objectGuid }, workplace);
  progress.entry = entry;
  if (entry === undefined) return 'unchanged';
  await orLetGo(
    () => planAndApply(command, { entry }, workplace, progress),
    async () => {
      if (command.type === 'user') await disable(command, entry, workplace, progress);
      await tellWhoRefers({ kind, guid: entry.guid }, workplace, progress);
    },
  );
  return 'deleted';
}

/** As far as AD allows: what it refuses here, too, is said by the error of the deletion. */
async function disable(
  command: UserBare,
  entry: Entry,
  workplace: Workplace,
  progress: Progress,
): Promise<void> {
  const left = {
    state: 'suspended',
    account: 'disable',
    place: 'stay',
    names: 'keep',
    mayEnable: true,
  } as const;
  try {
    await planAndApply({ ...command, ...left }, { entry }, workplace, progress);
  } catch (thrown) {
    const { disposition } = WritebackError.from(thrown);
    if (disposition === 'retry' || disposition === 'halt') throw thrown;
  }
}
