import type { GroupPresent, UserPresent } from '../../shared/contracts/command.ts';
import { markOf } from '../../shared/domain/mark.ts';
import { type ErrorCode, WritebackError } from '../../shared/errors.ts';
import { allowedNames } from '../guard/guard-names.ts';
import type { DeletedEntry, EntrySummary, Guid } from '../ports.ts';
import type { Progress, Workplace } from './workplace.ts';

/*
 * Somebody returns whose entry was deleted. The command names the entry it had (`former`). It comes back from the recycle bin only where
 * that is certainly the entry of this very object: same objectGUID, same SID, our mark for this id, created by our account, and never
 * privileged. All of that is read of the deleted entry, before anything is written: what somebody else deleted is not revived. From then
 * on it is planned like any entry that exists: the cloud's values, enabled as the cloud says.
 *
 * A tombstone (no recycle bin) has lost what it was; it is left where it is, and the object gets a new entry with a new SID. So it is with
 * an entry that is not certainly ours, and where the account has no right to restore. A name that somebody else has taken meanwhile is different: a person can resolve that, and a
 * new SID cannot be taken back. So the object is parked with the code of the conflict.
 */

/** Refusals after which there is nothing to be done but a new entry. */
const notRestorable: ReadonlySet<ErrorCode> = new Set([
  'rights-missing',
  'directory-refused',
  'entry-missing',
]);

/** Brings the former entry of an object back, where it can be; the index knows it then. */
export async function restoreFormer(
  command: UserPresent | GroupPresent,
  workplace: Workplace,
  progress: Progress,
): Promise<EntrySummary | undefined> {
  const { former } = command;
  if (former === undefined) return undefined;
  const { directory, index } = workplace;
  const deleted = await directory.findDeleted(former.objectGuid as Guid);
  if (deleted?.restorable !== true || !isThisObjects(deleted, command) || !index.isOurs(deleted))
    return undefined;
  const entry = await restore(deleted.guid, command, workplace);
  if (entry === undefined) return undefined;
  index.put(entry);
  progress.entry = entry;
  progress.restored = true;
  return entry;
}

/** Whether a deleted entry is the one that the command names as its object's former entry, and never was privileged. */
function isThisObjects(deleted: DeletedEntry, command: UserPresent | GroupPresent): boolean {
  return (
    deleted.mark === markOf(command.type, command.id) &&
    deleted.kind === command.type &&
    deleted.sid === command.former?.objectSid &&
    deleted.adminCount !== 1
  );
}

/** Under the first cn that no sibling has. */
async function restore(
  guid: Guid,
  command: UserPresent | GroupPresent,
  { directory }: Workplace,
): Promise<EntrySummary | undefined> {
  const candidates = allowedNames(command.type, 'cn', command.names.cn);
  for (const [at, cn] of candidates.entries()) {
    try {
      return await directory.restore(guid, cn);
    } catch (thrown) {
      const error = WritebackError.from(thrown);
      if (notRestorable.has(error.code)) return undefined;
      const isLast = at === candidates.length - 1;
      const isTwin =
        error.code === 'name-taken' && (await directory.findByCn(cn, 'destination')) !== undefined;
      if (isLast || !isTwin) throw error;
    }
  }
  return undefined;
}
