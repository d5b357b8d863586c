import type { Difference, MembershipCommand, Slice } from '../../shared/contracts/command.ts';
import type { Outcome } from '../../shared/contracts/result.ts';
import { markOf } from '../../shared/domain/mark.ts';
import { type MemberKey, parseMemberKey } from '../../shared/domain/member-key.ts';
import { WritebackError } from '../../shared/errors.ts';
import { guardPlan } from '../guard/guard-plan.ts';
import { coversKey, planSlice } from '../plan/plan-members.ts';
import type { Entry, Guid, MemberEdit, MemberOutcome } from '../ports.ts';
import { applyPlan } from './apply-plan.ts';
import { currentMembers, rekeyed } from './current-members.ts';
import { findEntry } from './find-entry.ts';
import type { ListInHand, Misses } from './list-memory.ts';
import { newMisses, type ResolvedMembers, resolveLeavers, resolveMembers } from './resolve-members.ts';
import type { Progress, Workplace } from './workplace.ts';

/** The group's entry as it was read, and the mark that the command's object should have. */
type Group = { entry: Entry; mark: string };

/** What to do to the members of a group. `keyOf` names whoever is in it. */
type Edit = MemberEdit & { keyOf(guid: Guid): string | undefined };

/**
 * Edits the members of a group as a difference or a slice says. Throws entry-missing where the group has no entry. A member
 * that has no entry is `missing`, one that is refused is `omitted`: neither fails the command.
 */
export async function applyMembership(
  command: MembershipCommand,
  workplace: Workplace,
  progress: Progress,
): Promise<Outcome> {
  const inHand = command.type === 'slice' ? workplace.lists.take(command) : undefined;
  workplace.lists.forget(command.id);
  const group = await groupOf(command, workplace, progress);
  if (command.type === 'slice') await applySlice(command, { group, inHand }, workplace, progress);
  else await applyEdit(group, await editOfDifference(command, workplace, progress), workplace, progress);
  return progress.added + progress.removed > 0 ? 'updated' : 'unchanged';
}

async function groupOf(command: MembershipCommand, workplace: Workplace, progress: Progress): Promise<Group> {
  const { id, objectGuid } = command;
  const entry = await findEntry({ kind: 'group', id, objectGuid }, workplace);
  progress.entry = entry;
  if (entry === undefined) throw new WritebackError('entry-missing');
  return { entry, mark: markOf('group', id) };
}

/** The group is read for the first slice of a list; the ones after it find it in hand. */
async function applySlice(
  command: Slice,
  known: { group: Group; inHand: ListInHand | undefined },
  workplace: Workplace,
  progress: Progress,
): Promise<void> {
  const { group, inHand } = known;
  const misses = inHand?.misses ?? newMisses();
  const wanted = await resolveMembers(command.members, workplace, misses);
  noteUnresolved(wanted, progress);
  const list = inHand ?? (await readList(group.entry.guid, misses, workplace));
  const { members } = list;
  const keys = new Map(byGuid(wanted.guids));
  // Whom this slice names, no later one removes under the key that memory had for it.
  for (const [guid, key] of keys) if (members.has(guid)) members.set(guid, key);
  const { add, remove } = planSlice({ range: command, wanted: wanted.guids, current: members });
  for (const [guid, key] of await rekeyed(remove, workplace)) members.set(guid, key);
  const edit: Edit = {
    add,
    remove: remove.filter((guid) => coversKey(command, members.get(guid) ?? '')),
    keyOf: (guid) => keys.get(guid) ?? members.get(guid),
  };
  const done = await applyEdit(group, edit, workplace, progress);
  for (const guid of done.remove) members.delete(guid);
  for (const guid of done.add) members.set(guid, keys.get(guid) ?? `x:${guid}`);
  workplace.lists.keep(command, list);
}

async function readList(group: Guid, misses: Misses, workplace: Workplace): Promise<ListInHand> {
  const readMs = workplace.lists.nowMs();
  return { members: await currentMembers(group, workplace), readMs, misses };
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
  const remove = [...leavers.keys()].filter((guid) => !add.has(guid));
  const keys = new Map<Guid, string>([...leavers, ...byGuid(joiners.guids)]);
  return { add: [...add], remove, keyOf: (guid) => keys.get(guid) };
}

/** Plans, guards and applies an edit; answers what of it was done. */
async function applyEdit(
  group: Group,
  edit: Edit,
  workplace: Workplace,
  progress: Progress,
): Promise<MemberEdit> {
  const isEmpty = edit.add.length + edit.remove.length === 0;
  const plan = guardPlan(
    {
      kind: 'group',
      mark: group.mark,
      entry: group.entry,
      changes: isEmpty ? [] : [{ type: 'members', add: edit.add, remove: edit.remove }],
    },
    workplace.filters,
  );
  const refused = await applyPlan(plan, workplace, progress);
  for (const member of refused) noteRefused(member, edit, workplace, progress);
  const left = new Set(refused.map(({ guid }) => guid));
  const edits = plan.changes.filter((change) => change.type === 'members');
  return {
    add: edits.flatMap(({ add }) => add.filter((guid) => !left.has(guid))),
    remove: edits.flatMap(({ remove }) => remove.filter((guid) => !left.has(guid))),
  };
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
  { keyOf }: Edit,
  { index }: Workplace,
  progress: Progress,
): void {
  const key = keyOf(guid);
  const parsed = key === undefined ? undefined : parseMemberKey(key);
  if (code === 'member-missing') index.forget(guid);
  if (key === undefined || parsed === undefined) return;
  if (parsed.type === 'written' && code === 'member-missing') progress.missing.push(key as MemberKey);
  else progress.omitted.push({ key: key as MemberKey, code });
}
