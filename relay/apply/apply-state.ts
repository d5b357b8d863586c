import type { GroupPresent, StateCommand, UserPresent } from '../../shared/contracts/command.ts';
import type { Outcome } from '../../shared/contracts/result.ts';
import { markedObject } from '../../shared/domain/mark.ts';
import type { ObjectId } from '../../shared/domain/object-id.ts';
import { WritebackError } from '../../shared/errors.ts';
import { guardAttributes, guardPlan } from '../guard/guard-plan.ts';
import type { IssuedNames } from '../plan/issued-names.ts';
import { planState } from '../plan/plan-state.ts';
import type { Entry, Guid } from '../ports.ts';
import { applyPlan } from './apply-plan.ts';
import { findEntry } from './find-entry.ts';
import { issueNames, type RefusedNames } from './issue-names.ts';
import type { Progress, Workplace } from './workplace.ts';

/** Makes the entry of a user or group what the command says, and answers what became of it. Throws WritebackError. */
export async function applyState(
  command: StateCommand,
  workplace: Workplace,
  progress: Progress,
): Promise<Outcome> {
  if (command.state === 'present') return applyPresent(command, workplace, progress);
  const entry = await findEntry(objectOf(command), workplace);
  progress.entry = entry;
  if (entry === undefined) return 'unchanged';
  await planAndApply(command, { entry, names: undefined }, workplace, progress);
  if (command.state === 'absent') return 'deleted';
  if (command.state === 'released') return 'released';
  progress.memberOf = await ourGroupsOf(entry.guid, workplace);
  return 'suspended';
}

/** A name can be lost between the check and the write, and an entry found by cn can turn out to be this object's own. */
const mostAttempts = 25;
/** How often a refusal that no search explains is tried again. */
const mostBlindAttempts = 2;

async function applyPresent(
  command: UserPresent | GroupPresent,
  workplace: Workplace,
  progress: Progress,
): Promise<Outcome> {
  guardAttributes(command);
  const refused: RefusedNames = { cn: new Set(), userPrincipalName: new Set() };
  for (let attempt = 1; ; attempt++) {
    const { entry, issue } = await lookUp(command, refused, workplace);
    progress.entry = entry ?? progress.entry;
    try {
      await planAndApply(command, { entry, names: issue.names }, workplace, progress);
    } catch (thrown) {
      const error = WritebackError.from(thrown);
      const tried = { entry, names: issue.names, refused, attempt };
      if (attempt === mostAttempts || !(await canTryAgain(error, tried, workplace))) throw error;
      continue;
    }
    if (issue.conflict !== undefined) throw new WritebackError(issue.conflict);
    if (progress.created) return 'created';
    return progress.changed.size > 0 ? 'updated' : 'unchanged';
  }
}

/** Entry and names. Where memory knows no entry, its search and the search for name holders go side by side. */
async function lookUp(command: UserPresent | GroupPresent, refused: RefusedNames, workplace: Workplace) {
  const object = objectOf(command);
  const isProbablyNew =
    workplace.index.byMark(`${object.kind === 'user' ? 'User' : 'Group'}_${command.id}`).length === 0;
  const early = isProbablyNew ? issueNames(command, { entry: undefined, refused }, workplace) : undefined;
  early?.catch(() => undefined);
  const entry = await findEntry(object, workplace);
  const issue =
    entry === undefined && early !== undefined
      ? await early
      : await issueNames(command, { entry, refused }, workplace);
  return { entry, issue };
}

async function planAndApply(
  command: StateCommand,
  known: { entry: Entry | undefined; names: IssuedNames | undefined },
  workplace: Workplace,
  progress: Progress,
): Promise<void> {
  const { hasExternalId } = workplace.description;
  const plan = guardPlan(planState(command, { ...known, hasExternalId }), workplace.filters);
  await applyPlan(plan, workplace, progress);
}

/** After a refused name: whether there is another way, noted in `refused` or in the index. */
async function canTryAgain(
  error: WritebackError,
  tried: { entry: Entry | undefined; names: IssuedNames; refused: RefusedNames; attempt: number },
  { directory, index }: Workplace,
): Promise<boolean> {
  const { entry, names, refused } = tried;
  if (error.code === 'entry-missing' && entry !== undefined) {
    index.forget(entry.guid);
    return true;
  }
  if (error.code === 'upn-taken' && names.userPrincipalName !== undefined) {
    refused.userPrincipalName.add(names.userPrincipalName);
    return true;
  }
  if (error.code !== 'name-taken') return false;
  const holder = await directory.findByCn(names.cn);
  // Not the cn, then: the next search for holders shows who was faster.
  if (holder === undefined) return tried.attempt <= mostBlindAttempts;
  if (holder.guid === entry?.guid) return false;
  index.put(holder);
  refused.cn.add(names.cn);
  return true;
}

/** The groups of ours that list the entry. */
async function ourGroupsOf(guid: Guid, { directory, index }: Workplace): Promise<ObjectId[]> {
  const groups = await directory.memberOf(guid);
  return groups.flatMap((group) => {
    const mark = index.byGuid(group)?.mark;
    const object = mark === undefined ? undefined : markedObject(mark);
    return object?.kind === 'group' ? [object.id] : [];
  });
}

function objectOf(command: StateCommand) {
  return { kind: command.type, id: command.id, objectGuid: command.objectGuid };
}
