import type { Kind } from '../../shared/domain/object-id.ts';
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
