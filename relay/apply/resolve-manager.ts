import type { UserPresent } from '../../shared/contracts/command.ts';
import { markOf } from '../../shared/domain/mark.ts';
import { type MemberKey, parseMemberKey } from '../../shared/domain/member-key.ts';
import type { Guid, Sid } from '../ports.ts';
import type { Progress, Workplace } from './workplace.ts';

/**
 * The entry of a manager: one of ours by mark, a synced one by SID; `undefined` leaves the attribute alone, null clears it. A manager
 * without an entry is `missing` and the attribute is empty until it gets one: the manager of before is not the manager any more.
 *
 * Unlike a member, a manager may be privileged or built in. `manager` gives nobody a right and is not followed by access checks, and the
 * boss of a department may well be a domain admin; only that it is a user is asked for.
 */
export async function resolveManager(
  { manager: key, cause }: Pick<UserPresent, 'manager' | 'cause'>,
  workplace: Workplace,
  progress: Progress,
): Promise<Guid | null | undefined> {
  if (key === undefined || key === null) return key;
  const parsed = parseMemberKey(key);
  if (parsed?.type === 'sid') return managerBySid(key, parsed.sid as Sid, workplace, progress);
  if (parsed?.kind !== 'user') return omit(key, 'member-protected', progress);
  const { index, description } = workplace;
  const mark = markOf('user', parsed.id);
  const known = index.byMark(mark);
  // In a full round most managers that memory does not know have no entry yet. Without an index each search reads the whole OU; if
  // another relay just made the entry, the row of the manager knows, and the user is looked at again. Of several, one may have gone since.
  const isLikelyNone = known.length === 0 && cause === 'full-round' && !description.hasExternalId;
  const isBelieved = known.length === 1 || isLikelyNone;
  const [entry, another] = isBelieved ? known : (await index.confirm(mark)).owned;
  if (another !== undefined) return omit(key, 'mark-ambiguous', progress);
  if (entry !== undefined) return entry.guid;
  if (!progress.missing.includes(key)) progress.missing.push(key);
  return null;
}

async function managerBySid(
  key: MemberKey,
  sid: Sid,
  { principals }: Workplace,
  progress: Progress,
): Promise<Guid | null> {
  const principal = (await principals.find([sid])).get(sid);
  if (principal === undefined) return omit(key, 'member-missing', progress);
  return principal.kind === 'user' ? principal.guid : omit(key, 'member-protected', progress);
}

/** Reported as a member would be: it costs the command nothing else. */
function omit(key: MemberKey, code: Progress['omitted'][number]['code'], { omitted }: Progress): null {
  if (!omitted.some((each) => each.key === key)) omitted.push({ key, code });
  return null;
}
