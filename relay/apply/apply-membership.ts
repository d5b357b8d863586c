import type { Difference, MembershipCommand, Slice } from '../../shared/contracts/command.ts';
import type { Outcome } from '../../shared/contracts/result.ts';
import { markOf } from '../../shared/domain/mark.ts';
import { type MemberKey, parseMemberKey } from '../../shared/domain/member-key.ts';
import { WritebackError } from '../../shared/errors.ts';
import { guardPlan } from '../guard/guard-plan.ts';
import { planSlice } from '../plan/plan-members.ts';
import type { Guid, MemberEdit, MemberOutcome } from '../ports.ts';
import { applyPlan } from './apply-plan.ts';
import { currentMembers } from './current-members.ts';
import { findEntry } from './find-entry.ts';
import { type ResolvedMembers, resolveLeavers, resolveMembers } from './resolve-members.ts';
import type { Progress, Workplace } from './workplace.ts';

/** An edit, and the key of every member in it. */
type Edit = MemberEdit & { keys: ReadonlyMap<Guid, string> };

/**
 * Edits the members of a group as a difference or a slice says. Throws entry-missing where the group has no entry. A member
 * that has no entry is `missing`, one that is refused is `omitted`: neither fails the command.
 */
export async function applyMembership(
  command: MembershipCommand,
  workplace: Workplace,
  progress: Progress,
): Promise<Outcome> {
  const entry = await findEntry({ kind: 'group', id: command.id, objectGuid: command.objectGuid }, workplace);
  progress.entry = entry;
  if (entry === undefined) throw new WritebackError('entry-missing');
  const edit =
    command.type === 'slice'
      ? await editOfSlice(command, entry.guid, workplace, progress)
      : await editOfDifference(command, workplace, progress);
  const isEmpty = edit.add.length + edit.remove.length === 0;
  const plan = guardPlan(
    {
      kind: 'group',
      mark: markOf('group', command.id),
      entry,
      changes: isEmpty ? [] : [{ type: 'members', add: edit.add, remove: edit.remove }],
    },
    workplace.filters,
  );
  const refused = await applyPlan(plan, workplace, progress);
  for (const member of refused) noteRefused(member, edit, workplace, progress);
  return progress.added + progress.removed > 0 ? 'updated' : 'unchanged';
}

async function editOfSlice(
  command: Slice,
  group: Guid,
  workplace: Workplace,
  progress: Progress,
): Promise<Edit> {
  const wanted = await resolveMembers(command.members, workplace);
  noteUnresolved(wanted, progress);
  const current = await currentMembers(group, workplace);
  const edit = planSlice({ range: command, wanted: wanted.guids, current });
  return { ...edit, keys: new Map([...current, ...byGuid(wanted.guids)]) };
}

async function editOfDifference(
  command: Difference,
  workplace: Workplace,
  progress: Progress,
): Promise<Edit> {
  const joiners = await resolveMembers(command.add, workplace);
  noteUnresolved(joiners, progress);
  const leavers = await resolveLeavers(command.remove, workplace);
  const add = new Set(joiners.guids.values());
  const remove = [...new Set(leavers.values())].filter((guid) => !add.has(guid));
  return { add: [...add], remove, keys: new Map([...byGuid(leavers), ...byGuid(joiners.guids)]) };
}

function byGuid(guids: ReadonlyMap<MemberKey, Guid>): [Guid, MemberKey][] {
  return [...guids].map(([key, guid]) => [guid, key]);
}

function noteUnresolved({ missing, omitted }: ResolvedMembers, progress: Progress): void {
  progress.missing.push(...missing);
  progress.omitted.push(...omitted);
}

/** An entry that is gone after all is forgotten, so that the next look finds the truth. */
function noteRefused(
  { guid, code }: MemberOutcome['refused'][number],
  { keys }: Edit,
  { index }: Workplace,
  progress: Progress,
): void {
  const key = keys.get(guid);
  const parsed = key === undefined ? undefined : parseMemberKey(key);
  if (code === 'member-missing') index.forget(guid);
  if (key === undefined || parsed === undefined) return;
  if (parsed.type === 'written' && code === 'member-missing') progress.missing.push(key as MemberKey);
  else progress.omitted.push({ key: key as MemberKey, code });
}
