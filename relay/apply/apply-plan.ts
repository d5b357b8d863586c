import { attributesOf, type Change, markAttribute, type Plan, photoAttribute } from '../plan/plan.ts';
import type { Directory, EntrySummary, Guid, MemberOutcome, Replacements } from '../ports.ts';
import type { NewPassword, Progress, Workplace } from './workplace.ts';

/** Members per LDAP modify: far below what Microsoft recommends for one transaction (5,000). */
const membersPerEdit = 1_000;

/**
 * Applies a guarded plan with as few round trips as it can: an add (with its read-back), one modify for everything that is
 * a value, member edits in chunks, the move last, because it is the step that a stranger's name can refuse. What is done
 * is in `progress` from the moment it is done. Answers members that the directory refused.
 */
export async function applyPlan(
  plan: Plan,
  workplace: Workplace,
  progress: Progress,
): Promise<MemberOutcome['refused']> {
  const { directory, index } = workplace;
  let entry: EntrySummary | undefined = plan.entry;
  const creation = plan.changes.find((change) => change.type === 'create');
  if (creation !== undefined) {
    entry = await directory.add({ kind: creation.kind, cn: creation.cn, attributes: creation.attributes });
    index.put(entry);
    progress.entry = entry;
    progress.created = true;
    note(progress, [creation]);
  }
  if (entry === undefined) return [];
  if (plan.changes.some((change) => change.type === 'delete')) {
    await directory.remove(entry.guid);
    index.forget(entry.guid);
    return [];
  }
  await replaceValues(entry, plan, workplace, progress);
  const refused = await editMembers(entry.guid, plan, directory, progress);
  await move(entry, plan, workplace, progress);
  return refused;
}

/** In the order of the plan: a password comes before what depends on it. */
async function replaceValues(
  entry: EntrySummary,
  plan: Plan,
  { directory, index, newPassword }: Workplace,
  progress: Progress,
): Promise<void> {
  const hasPassword = plan.changes.some(({ type }) => type === 'password');
  const password = hasPassword ? newPassword() : undefined;
  const values: Record<string, Replacements[string]> = {};
  const changes = plan.changes.filter((change) => {
    const replacements = replacementsOf(change, password);
    Object.assign(values, replacements);
    return replacements !== undefined;
  });
  if (changes.length === 0) return;
  await directory.replace(entry.guid, values);
  note(progress, changes);
  if (password?.sealed !== undefined) progress.sealedPassword = password.sealed;
  if (values[markAttribute]?.length === 0) index.forget(entry.guid);
}

function replacementsOf(change: Change, password: NewPassword | undefined): Replacements | undefined {
  switch (change.type) {
    case 'replace':
      return { [change.attribute]: change.values };
    case 'photo':
      return { [photoAttribute]: change.bytes === null ? [] : [change.bytes] };
    case 'manager':
      // By GUID: a rename or move of the manager at the same moment cannot break the write.
      return { manager: change.to === null ? [] : [`<GUID=${change.to}>`] };
    case 'password':
      return {
        ...(password === undefined ? {} : { unicodePwd: [password.bytes] }),
        ...(change.once ? { pwdLastSet: ['0'] } : {}),
      };
    case 'account-control':
      return { userAccountControl: [`${change.to}`] };
    case 'group-type':
      return { groupType: [`${change.to}`] };
    case 'create':
    case 'members':
    case 'move':
    case 'delete':
      return undefined;
  }
}

async function editMembers(
  group: Guid,
  plan: Plan,
  directory: Directory,
  progress: Progress,
): Promise<MemberOutcome['refused']> {
  const refused: MemberOutcome['refused'] = [];
  for (const change of plan.changes) {
    if (change.type !== 'members') continue;
    for (const edit of chunks(change)) {
      const outcome = await directory.editMembers(group, edit);
      progress.added += outcome.added;
      progress.removed += outcome.removed;
      refused.push(...outcome.refused);
      if (outcome.added + outcome.removed > 0) note(progress, [change]);
    }
  }
  return refused;
}

function* chunks({ add, remove }: { add: readonly Guid[]; remove: readonly Guid[] }) {
  for (let at = 0; at < Math.max(add.length, remove.length); at += membersPerEdit)
    yield { add: add.slice(at, at + membersPerEdit), remove: remove.slice(at, at + membersPerEdit) };
}

/** To its new cn and, where it changed, to the other OU. */
async function move(
  entry: EntrySummary,
  plan: Plan,
  { directory, index }: Workplace,
  progress: Progress,
): Promise<void> {
  const change = plan.changes.find((candidate) => candidate.type === 'move');
  if (change === undefined) return;
  const dn = await directory.move(entry.guid, change.to);
  index.put({ ...entry, dn, place: change.to.place });
  note(progress, [change]);
}

function note(progress: Progress, changes: readonly Change[]): void {
  for (const attribute of changes.flatMap(attributesOf)) progress.changed.add(attribute);
}
