import type { StateCommand } from '../../shared/contracts/command.ts';
import type { Outcome } from '../../shared/contracts/result.ts';
import { applyAbsent } from './apply-absent.ts';
import { applyPresent } from './apply-present.ts';
import { applyRefused } from './apply-refused.ts';
import { applySuspended } from './apply-suspended.ts';
import { findEntry } from './find-entry.ts';
import { planAndApply } from './plan-and-apply.ts';
import { tellWhoRefers } from './tell-who-refers.ts';
import type { Progress, Workplace } from './workplace.ts';

/** Makes the entry of a user or group what the command says, and answers what became of it. Throws WritebackError. */
export async function applyState(
  command: StateCommand,
  workplace: Workplace,
  progress: Progress,
): Promise<Outcome> {
  if (command.state === 'present') return applyPresent(command, workplace, progress);
  if (command.state === 'suspended') return applySuspended(command, workplace, progress);
  if (command.state === 'refused') return applyRefused(command, workplace, progress);
  if (command.state === 'absent') return applyAbsent(command, workplace, progress);
  const { type: kind, id, objectGuid } = command;
  // Nothing is left to release of an entry that somebody moved to where the relay may not write.
  const entry = await findEntry({ kind, id, objectGuid, mayBeElsewhere: true }, workplace);
  progress.entry = entry;
  if (entry === undefined) return 'unchanged';
  await planAndApply(command, { entry }, workplace, progress);
  await tellWhoRefers({ kind, guid: entry.guid }, workplace, progress);
  return 'released';
}
