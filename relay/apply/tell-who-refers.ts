import type { Kind } from '../../shared/domain/object-id.ts';
import { WritebackError } from '../../shared/errors.ts';
import type { Guid } from '../ports.ts';
import { objectsOfOurs } from './objects-of-ours.ts';
import type { Progress, Workplace } from './workplace.ts';

/** Names who still refers to an entry whose object left: groups of ours that list it and users of ours that report to it. */
export async function tellWhoRefers(
  { kind, guid }: { kind: Kind; guid: Guid },
  workplace: Workplace,
  progress: Progress,
): Promise<void> {
  const { directory } = workplace;
  progress.memberOf = objectsOfOurs('group', await directory.memberOf(guid), workplace);
  if (kind === 'user') progress.reports = objectsOfOurs('user', await directory.reportsOf(guid), workplace);
}

/**
 * What a departure asks of the entry. Where it cannot be done to its end and the object is parked, until a person has seen to it, the
 * others let the entry go all the same: so `otherwise` runs before the error goes on. Not where the command is only held back.
 */
export async function orLetGo(departure: () => Promise<void>, otherwise: () => Promise<void>): Promise<void> {
  try {
    await departure();
  } catch (thrown) {
    const error = WritebackError.from(thrown);
    if (error.disposition !== 'retry' && error.disposition !== 'halt') await otherwise();
    throw error;
  }
}
