import type { GroupPresent, UserPresent } from '../../shared/contracts/command.ts';
import type { Outcome } from '../../shared/contracts/result.ts';
import { markOf } from '../../shared/domain/mark.ts';
import { WritebackError } from '../../shared/errors.ts';
import { guardAttributes } from '../guard/guard-plan.ts';
import type { IssuedNames } from '../plan/issued-names.ts';
import { photoAttribute } from '../plan/plan.ts';
import { isFormerEntry } from '../plan/plan-state.ts';
import { knownToSchema } from '../plan/plan-values.ts';
import type { Entry, Guid } from '../ports.ts';
import { disableAccount } from './disable-account.ts';
import { findEntry } from './find-entry.ts';
import { type Issue, issueNames, noneRefused, type RefusedNames } from './issue-names.ts';
import { objectsOfOurs } from './objects-of-ours.ts';
import { orAtLeast } from './or-at-least.ts';
import { planAndApply } from './plan-and-apply.ts';
import { resolveManager } from './resolve-manager.ts';
import { restoreFormer } from './restore-former.ts';
import type { Progress, Workplace } from './workplace.ts';

type Present = UserPresent | GroupPresent;

/** What one attempt was about, to judge its failure by. */
type Attempt = {
  entry: Entry | undefined;
  names: IssuedNames;
  manager: Guid | null | undefined;
  refused: RefusedNames;
  /** How often the very same names were tried. */
  blind: number;
};

/** A name can be lost between the check and the write, and an entry found by cn can turn out to be this object's own. */
const mostAttempts = 25;
/** How often a refusal that no search explains is tried again with the same names. */
const mostBlindAttempts = 2;

/**
 * Creates or corrects the entry of a live object. What a taken name leaves possible is done before its code is thrown; whom the cloud has
 * disabled is disabled, whatever else of him cannot be written.
 */
export function applyPresent(command: Present, workplace: Workplace, progress: Progress): Promise<Outcome> {
  return orAtLeast(
    () => correct(command, workplace, progress),
    async () => {
      if (command.type === 'user' && !command.enabled) await disableAccount(command, workplace, progress);
    },
  );
}

async function correct(command: Present, workplace: Workplace, progress: Progress): Promise<Outcome> {
  guardAttributes(command, workplace.rules);
  const refused = noneRefused();
  const tried = new Map<string, number>();
  for (let attempt = 1; ; attempt++) {
    const { entry, issue } = await lookUp(command, refused, workplace, progress);
    progress.entry = entry ?? progress.entry;
    const { names } = issue;
    const blind = (tried.get(JSON.stringify(names)) ?? 0) + 1;
    tried.set(JSON.stringify(names), blind);
    const manager = command.type === 'user' ? await resolveManager(command, workplace, progress) : undefined;
    try {
      await planAndApply(command, { entry, names, manager, isBack: progress.restored }, workplace, progress);
    } catch (thrown) {
      const error = WritebackError.from(thrown);
      const failed: Attempt = { entry, names, manager, refused, blind };
      if (attempt === mostAttempts || !(await canTryAgain(error, failed, workplace))) throw error;
      continue;
    }
    noteWords(command, { entry, issue }, workplace, progress);
    if (issue.conflict !== undefined) throw new WritebackError(issue.conflict);
    if (progress.created || progress.restored) return 'created';
    return progress.changed.size > 0 ? 'updated' : 'unchanged';
  }
}

/** Entry and names. Where memory knows no entry, its search and the search for name holders go side by side. */
async function lookUp(
  command: Present,
  refused: RefusedNames,
  workplace: Workplace,
  progress: Progress,
): Promise<{ entry: Entry | undefined; issue: Issue }> {
  const { type: kind, id, objectGuid } = command;
  const object = { kind, id, objectGuid };
  const isKnown = workplace.index.byMark(markOf(kind, id)).length > 0;
  const mayReturn = command.former !== undefined && !progress.restored;
  const early =
    isKnown || mayReturn ? undefined : issueNames(command, { entry: undefined, refused }, workplace);
  early?.catch(() => undefined);
  const more = attributesOfInterest(command);
  let entry = await findEntry(object, workplace, more);
  if (entry === undefined && mayReturn && (await restoreFormer(command, workplace, progress)) !== undefined)
    entry = await findEntry(object, workplace, more);
  if (entry !== undefined && isFormerEntry(command, entry)) {
    // It brought the links along that it had: the cloud may have withdrawn some of these memberships since.
    const groups = await workplace.directory.memberOf(entry.guid);
    progress.memberOf = objectsOfOurs('group', groups, workplace);
  }
  const issue =
    entry === undefined && early !== undefined
      ? await early
      : await issueNames(command, { entry, refused }, workplace);
  return { entry, issue };
}

/** What the plan compares. A photo is too big to be read without need. */
function attributesOfInterest(command: Present): string[] {
  const hasPhoto = command.type === 'user' && command.photo !== undefined;
  return [...Object.keys(command.attributes), ...(hasPhoto ? [photoAttribute] : [])];
}

/** What a person should know of a command that was applied. */
function noteWords(
  command: Present,
  { entry, issue }: { entry: Entry | undefined; issue: Issue },
  { description }: Workplace,
  progress: Progress,
): void {
  const { notices } = progress;
  progress.holders = issue.holders;
  if (progress.account === 'disabled-on-premises') notices.add('disabled-on-premises');
  if (command.former !== undefined && progress.entry !== undefined)
    notices.add(isFormerEntry(command, progress.entry) ? 'restored-from-recycle-bin' : 'sid-new');
  const hadName = entry?.attributes['userPrincipalName'] !== undefined;
  if (hadName && issue.names.userPrincipalName === null) notices.add('name-let-go');
  const mapped = progress.created ? { ...command.initial, ...command.attributes } : command.attributes;
  if (knownToSchema(mapped, description.optionalAttributes).lacking) notices.add('schema-lacks-attribute');
}

/** After a failure: whether there is another way, noted in `refused` or in the index. */
async function canTryAgain(error: WritebackError, failed: Attempt, workplace: Workplace): Promise<boolean> {
  const { entry, names, refused } = failed;
  if (error.code === 'entry-missing' && entry !== undefined) {
    workplace.index.forget(entry.guid);
    return true;
  }
  if (error.code === 'member-missing' || error.code === 'value-refused')
    return isManagerGone(failed, workplace);
  if (error.code === 'upn-taken' && typeof names.userPrincipalName === 'string') {
    // The next search shows who was faster; a holder that no search shows (another domain of the forest) is refused blindly.
    if (failed.blind >= mostBlindAttempts) refused.userPrincipalName.add(names.userPrincipalName);
    return failed.blind <= mostBlindAttempts;
  }
  return error.code === 'name-taken' && isAnotherNameLeft(failed, workplace);
}

async function isAnotherNameLeft(
  { entry, names, refused, blind }: Attempt,
  { directory, index }: Workplace,
): Promise<boolean> {
  const holder = await directory.findByCn(names.cn, 'destination');
  if (holder !== undefined && holder.guid !== entry?.guid && !refused.cn.has(names.cn)) {
    index.put(holder);
    refused.cn.add(names.cn);
    return true;
  }
  // Not the cn, then: the next search for holders shows who was faster.
  if (entry !== undefined) return false;
  if (blind >= mostBlindAttempts) refused.sAMAccountName.add(names.sAMAccountName);
  return blind <= mostBlindAttempts;
}

/** The manager's entry can vanish between its resolution and the write. */
async function isManagerGone({ manager }: Attempt, { directory, index }: Workplace): Promise<boolean> {
  if (manager === undefined || manager === null || index.byGuid(manager) === undefined) return false;
  if ((await directory.read(manager, [])) !== undefined) return false;
  index.forget(manager);
  return true;
}
