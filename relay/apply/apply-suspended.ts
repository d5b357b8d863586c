import type { GroupSuspended, UserSuspended } from '../../shared/contracts/command.ts';
import type { Outcome } from '../../shared/contracts/result.ts';
import { cutText } from '../../shared/domain/clean-text.ts';
import { lastTwelve } from '../../shared/domain/names/name-parts.ts';
import { WritebackError } from '../../shared/errors.ts';
import type { Entry } from '../ports.ts';
import { findEntry } from './find-entry.ts';
import { orAtLeast } from './or-at-least.ts';
import { planAndApply } from './plan-and-apply.ts';
import { tellWhoRefers } from './tell-who-refers.ts';
import type { Progress, Workplace } from './workplace.ts';

/** Longest part of a leaver's cn before `_` and the last 12 digits of its id. */
const longestStem = 51;

/**
 * Makes the entry of an object that left what its policy says. The result names who still refers to it, also where that could not be done.
 * Where a leavers' OU is wanted and none is configured, the account is disabled all the same.
 */
export async function applySuspended(
  command: UserSuspended | GroupSuspended,
  workplace: Workplace,
  progress: Progress,
): Promise<Outcome> {
  const { type: kind, id, objectGuid } = command;
  const entry = await findEntry({ kind, id, objectGuid }, workplace);
  progress.entry = entry;
  if (entry === undefined) return 'unchanged';
  const tell = () => tellWhoRefers({ kind, guid: entry.guid }, workplace, progress);
  await orAtLeast(
    () =>
      command.type === 'user'
        ? suspendUser(command, entry, workplace, progress)
        : suspendGroup(command, entry, workplace, progress),
    tell,
  );
  await tell();
  return 'suspended';
}

async function suspendGroup(
  command: GroupSuspended,
  entry: Entry,
  workplace: Workplace,
  progress: Progress,
): Promise<void> {
  const isEmptied = command.members === 'empty';
  const members = isEmptied ? (await workplace.directory.members(entry.guid)).map(({ guid }) => guid) : [];
  await planAndApply(command, { entry, members }, workplace, progress);
}

async function suspendUser(
  command: UserSuspended,
  entry: Entry,
  workplace: Workplace,
  progress: Progress,
): Promise<void> {
  try {
    await planAndApply(command, { entry }, workplace, progress);
  } catch (thrown) {
    // The cn is unique in each place alone: in the leavers' OU somebody else may have it.
    const leaverCn = `${cutText(entry.cn, longestStem)}_${lastTwelve(command)}`;
    const error = WritebackError.from(thrown);
    if (error.code !== 'name-taken' || leaverCn === entry.cn) throw error;
    const now = (await findEntry({ kind: 'user', id: command.id }, workplace)) ?? entry;
    await planAndApply(command, { entry: now, leaverCn }, workplace, progress);
  }
  const hadName = entry.attributes['userPrincipalName'] !== undefined;
  if (command.names === 'let-go' && hadName) progress.notices.add('name-let-go');
  if (command.place === 'leavers' && workplace.description.leavers === undefined)
    throw new WritebackError('leavers-missing');
}
