import { attributesOf, type Change, markAttribute, type Plan } from '../plan/plan.ts';
import type { Directory, EntrySummary, Guid, MemberOutcome, Replacements } from '../ports.ts';
import type { Progress, Workplace } from './workplace.ts';

/** Members per LDAP modify: far below what Microsoft recommends for one transaction (5,000). */
const membersPerEdit = 1_000;

/**
 * Applies a guarded plan with as few round trips as it can: an add (with its read-back), one modify for everything that is
 * a value, member edits in chunks, the rename last, because it is the step that a stranger's name can refuse. What is done
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
  await rename(entry, plan, workplace, progress);
  return refused;
}

async function replaceValues(
  entry: EntrySummary,
  plan: Plan,
  { directory, index, newPassword }: Workplace,
  progress: Progress,
): Promise<void> {
  const values: Record<string, Replacements[string]> = {};
  const changes = plan.changes.filter((change) => {
    const replacement = replacementOf(change, newPassword);
    if (replacement !== undefined) values[replacement.attribute] = replacement.values;
    return replacement !== undefined;
  });
  if (changes.length === 0) return;
  await directory.replace(entry.guid, values);
  note(progress, changes);
  if (values[markAttribute]?.length === 0) index.forget(entry.guid);
}

function replacementOf(
  change: Change,
  newPassword: () => Uint8Array,
): { attribute: string; values: Replacements[string] } | undefined {
  if (change.type === 'replace')
    return { attribute: change.attribute, values: change.value === null ? [] : [change.value] };
  if (change.type === 'password') return { attribute: 'unicodePwd', values: [newPassword()] };
  if (change.type === 'account-control') return { attribute: 'userAccountControl', values: [`${change.to}`] };
  if (change.type === 'group-type') return { attribute: 'groupType', values: [`${change.to}`] };
  return undefined;
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

async function rename(
  entry: EntrySummary,
  plan: Plan,
  { directory, index }: Workplace,
  progress: Progress,
): Promise<void> {
  const change = plan.changes.find((candidate) => candidate.type === 'rename');
  if (change === undefined) return;
  const dn = await directory.rename(entry.guid, change.cn);
  index.put({ ...entry, dn });
  note(progress, [change]);
}

function note(progress: Progress, changes: readonly Change[]): void {
  for (const attribute of changes.flatMap(attributesOf)) progress.changed.add(attribute);
}
