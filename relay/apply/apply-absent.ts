import type { GroupBare, UserBare } from '../../shared/contracts/command.ts';
import type { Outcome } from '../../shared/contracts/result.ts';
import { disableAccount } from './disable-account.ts';
import { findEntry } from './find-entry.ts';
import { orAtLeast } from './or-at-least.ts';
import { planAndApply } from './plan-and-apply.ts';
import { tellWhoRefers } from './tell-who-refers.ts';
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
  await orAtLeast(
    () => planAndApply(command, { entry }, workplace, progress),
    async () => {
      if (command.type === 'user') await disableAccount(command, workplace, progress);
      await tellWhoRefers({ kind, guid: entry.guid }, workplace, progress);
    },
  );
  return 'deleted';
}
