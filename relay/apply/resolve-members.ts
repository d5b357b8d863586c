import { markOf } from '../../shared/domain/mark.ts';
import { type MemberKey, parseMemberKey } from '../../shared/domain/member-key.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import { mayBeMember } from '../index/principals.ts';
import type { EntrySummary, Guid, Sid } from '../ports.ts';
import type { Misses } from './list-memory.ts';
import type { Workplace } from './workplace.ts';

/** Who the keys of a command are. `missing`: no entry yet; `omitted`: may not be a member, and why. */
export type ResolvedMembers = {
  guids: Map<MemberKey, Guid>;
  missing: MemberKey[];
  omitted: { key: MemberKey; code: ErrorCode }[];
};

/** A list that begins, or a command that is none: nothing was confirmed yet. */
export const newMisses = (): Misses => ({ confirmed: 0, allRead: false });

/**
 * Finds the entries behind member keys. Written-back objects by mark, synced ones by SID; misses are confirmed. For the slices of
 * one list everything is read at most once: an entry that another relay creates after that is reported as missing, and its
 * own result completes the membership (shared/recording/record-missing.ts).
 */
export async function resolveMembers(
  keys: readonly MemberKey[],
  workplace: Workplace,
  misses: Misses = newMisses(),
): Promise<ResolvedMembers> {
  const written: { key: MemberKey; mark: string }[] = [];
  const synced: { key: MemberKey; sid: Sid }[] = [];
  for (const key of new Set(keys)) {
    const parsed = parseMemberKey(key);
    if (parsed?.type === 'written') written.push({ key, mark: markOf(parsed.kind, parsed.id) });
    if (parsed?.type === 'sid') synced.push({ key, sid: parsed.sid as Sid });
  }
  const members: ResolvedMembers = { guids: new Map(), missing: [], omitted: [] };
  await confirmMisses(written, workplace, misses);
  resolveWritten(written, workplace, members);
  await resolveSynced(synced, workplace, members);
  return members;
}

async function confirmMisses(
  keys: readonly { mark: string }[],
  { index }: Workplace,
  misses: Misses,
): Promise<void> {
  // Several are confirmed as well: one of them may have gone since.
  const unknown = keys.map(({ mark }) => mark).filter((mark) => index.byMark(mark).length !== 1);
  if (unknown.length === 0 || misses.allRead) return;
  misses.allRead = (await index.confirmAll(unknown, misses.confirmed)) === 'all';
  misses.confirmed += unknown.length;
}

function resolveWritten(
  keys: readonly { key: MemberKey; mark: string }[],
  { index }: Workplace,
  members: ResolvedMembers,
): void {
  for (const { key, mark } of keys) {
    const [entry, another] = index.byMark(mark);
    if (entry === undefined) members.missing.push(key);
    else if (another !== undefined) members.omitted.push({ key, code: 'mark-ambiguous' });
    else members.guids.set(key, entry.guid);
  }
}

async function resolveSynced(
  keys: readonly { key: MemberKey; sid: Sid }[],
  { principals }: Workplace,
  members: ResolvedMembers,
): Promise<void> {
  if (keys.length === 0) return;
  const found = await principals.find(keys.map(({ sid }) => sid));
  for (const { key, sid } of keys) {
    const principal = found.get(sid);
    if (principal === undefined) members.omitted.push({ key, code: 'member-missing' });
    else if (!mayBeMember(principal)) members.omitted.push({ key, code: 'member-protected' });
    else members.guids.set(key, principal.guid);
  }
}

/**
 * Entries that a removal means, with the key of each: a privileged member may go, of several entries of ours with one mark all go,
 * and a key that means nobody is nothing to remove.
 */
export async function resolveLeavers(
  keys: readonly MemberKey[],
  workplace: Workplace,
): Promise<Map<Guid, MemberKey>> {
  const { guids, omitted } = await resolveMembers(keys, workplace);
  const leavers = new Map([...guids].map(([key, guid]) => [guid, key]));
  for (const { key, code } of omitted)
    if (code === 'mark-ambiguous') for (const { guid } of entriesOf(key, workplace)) leavers.set(guid, key);
  const sids = omitted.flatMap(({ key, code }) => {
    const parsed = code === 'member-protected' ? parseMemberKey(key) : undefined;
    return parsed?.type === 'sid' ? [{ key, sid: parsed.sid as Sid }] : [];
  });
  const found = await workplace.principals.find(sids.map(({ sid }) => sid));
  for (const { key, sid } of sids) {
    const principal = found.get(sid);
    if (principal !== undefined) leavers.set(principal.guid, key);
  }
  return leavers;
}

function entriesOf(key: MemberKey, { index }: Workplace): EntrySummary[] {
  const parsed = parseMemberKey(key);
  return parsed?.type === 'written' ? index.byMark(markOf(parsed.kind, parsed.id)) : [];
}
