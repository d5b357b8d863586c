import type { UserRefused } from '../../shared/contracts/command.ts';
import type { Outcome } from '../../shared/contracts/result.ts';
import { disableAccount } from './disable-account.ts';
import type { Progress, Workplace } from './workplace.ts';

/** A user that cannot be mapped, and that the cloud has disabled. It is parked for what the command says, whatever became of the account. */
export async function applyRefused(
  command: UserRefused,
  workplace: Workplace,
  progress: Progress,
): Promise<Outcome> {
  await disableAccount(command, workplace, progress);
  return 'rejected';
}
