import type {
  Command,
  GroupPresent,
  GroupSuspended,
  MembershipCommand,
  StateCommand,
  UserPresent,
  UserSuspended,
} from '../../../shared/contracts/command.ts';
import type { Notice, Result } from '../../../shared/contracts/result.ts';
import { resultOf } from '../../../shared/contracts/result-of.ts';
import type { MemberKey } from '../../../shared/domain/member-key.ts';
import type { Kind, ObjectId } from '../../../shared/domain/object-id.ts';
import { createLanes } from './lanes.ts';
import { keyOfMember, type SmallDirectory, type SmallEntry, smallDirectory } from './small-directory.ts';

/** A relay and a directory in a few lines: lanes in order, the epoch fence, commands applied. */
export type SmallRelay = Pick<SmallDirectory, 'entry' | 'entries'> & {
  directory: SmallDirectory;
  accept(command: Command): void;
  busyLanes(): string[];
  /** Applies the next command of a lane. */
  work(lane: string): Result;
  /** Takes the next command off a lane, as the dead-letter queue does. */
  discard(lane: string): Command;
  /** Deletes an entry behind everybody's back. */
  lose(kind: Kind, id: ObjectId): void;
  /** How many of the next commands are rejected. */
  rejections: number;
  applied: Command[];
};

type Part = Partial<Result> & Pick<Result, 'outcome'>;

export function smallRelay(clock: { now(): number }): SmallRelay {
  const directory = smallDirectory();
  const lanes = createLanes();

  const relay: SmallRelay = {
    directory,
    rejections: 0,
    applied: [],
    entry: directory.entry,
    entries: directory.entries,
    accept: lanes.accept,
    busyLanes: lanes.busyLanes,
    discard: lanes.take,
    lose(kind, id) {
      const gone = directory.entry(kind, id);
      if (gone !== undefined) directory.remove(gone, 'nowhere');
    },
    work(lane) {
      const command = lanes.take(lane);
      const part = partOf(command);
      const { times } = command;
      return resultOf(command, { relay: 'small', times: { ...times, commit: clock.now() }, ...part });
    },
  };
  return relay;

  function partOf(command: Command): Part {
    if (lanes.isStale(command)) return { outcome: 'stale' };
    if (relay.rejections > 0) {
      relay.rejections--;
      return { outcome: 'rejected', code: 'directory-refused', reason: 'for the test' };
    }
    relay.applied.push(command);
    return 'state' in command ? applyState(directory, command) : applyMembers(directory, command);
  }
}

function applyState(directory: SmallDirectory, command: StateCommand): Part {
  const entry = directory.entry(command.type, command.id);
  if (command.state === 'present') return applyPresent(directory, command, entry);
  if (entry === undefined) return { outcome: 'unchanged' };
  if (command.state === 'suspended') return applySuspended(directory, command, entry);
  if (command.state === 'refused') {
    entry.enabled = false;
    return { outcome: 'rejected', code: command.code, reason: command.reason, account: 'disabled' };
  }
  if (command.state === 'absent') {
    directory.remove(entry);
    return { outcome: 'deleted' };
  }
  directory.release(entry);
  return {
    outcome: 'released',
    objectGuid: entry.guid,
    objectSid: entry.sid,
    ...referringTo(directory, entry),
  };
}

function applySuspended(
  directory: SmallDirectory,
  command: UserSuspended | GroupSuspended,
  entry: SmallEntry,
): Part {
  const wasEnabled = entry.enabled;
  entry.suspended = true;
  if (command.type === 'user') {
    if (command.account === 'disable') entry.enabled = false;
    if (command.place === 'leavers') entry.place = 'leavers';
    if (command.names === 'let-go') entry.upn = undefined;
  } else {
    if (command.kind === 'distribution') entry.security = false;
    if (command.members === 'empty') entry.members.clear();
  }
  return {
    ...{ outcome: 'suspended', objectGuid: entry.guid, objectSid: entry.sid },
    ...referringTo(directory, entry),
    ...(command.type === 'user' ? leaverAccount(command, wasEnabled) : {}),
  };
}

function referringTo(directory: SmallDirectory, entry: SmallEntry): Pick<Result, 'memberOf' | 'reports'> {
  const all = directory.entries();
  return {
    memberOf: all.filter(({ members }) => members.has(entry)).map(({ id }) => id),
    reports: all.filter(({ manager }) => manager === entry).map(({ id }) => id),
  };
}

/** Of an account that is kept nothing is said: the rows go on knowing who disabled it. */
function leaverAccount({ account, mayEnable }: UserSuspended, wasEnabled: boolean): Partial<Result> {
  if (account === 'keep') return {};
  return { account: wasEnabled || mayEnable ? 'disabled' : 'disabled-on-premises' };
}

function applyPresent(
  directory: SmallDirectory,
  command: UserPresent | GroupPresent,
  known: SmallEntry | undefined,
): Part {
  const { former } = command;
  const restored = known === undefined && former !== undefined ? directory.restore(former.objectGuid) : known;
  const entry = restored ?? directory.create(command.type, command.id);
  const notices: Notice[] = known !== undefined || former === undefined ? [] : [returned(restored)];
  const before = JSON.stringify(shallow(entry));
  const { cn, sAMAccountName } = command.names;
  const values = JSON.stringify([cn, sAMAccountName, command.attributes]);
  Object.assign(entry, { values, suspended: false, place: 'destination' });
  const part: Partial<Result> =
    command.type === 'user'
      ? applyUser(directory, command, { entry, isNew: known === undefined })
      : Object.assign(entry, { security: command.security }) && {};
  const outcome =
    known === undefined ? 'created' : before === JSON.stringify(shallow(entry)) ? 'unchanged' : 'updated';
  return {
    ...{ outcome, objectGuid: entry.guid, objectSid: entry.sid },
    ...part,
    notices: [...notices, ...(part.notices ?? [])],
  };
}

const returned = (restored: SmallEntry | undefined): Notice =>
  restored === undefined ? 'sid-new' : 'restored-from-recycle-bin';

/** An entry without its links to others. */
function shallow({ members: _, manager, ...rest }: SmallEntry): object {
  return { ...rest, manager: manager && keyOfMember(manager) };
}

/** Account, manager and UPN: the entry lets its own name go before it waits for another. */
function applyUser(
  directory: SmallDirectory,
  command: UserPresent,
  { entry, isNew }: { entry: SmallEntry; isNew: boolean },
): Partial<Result> {
  const notices: Notice[] = [];
  const staysDisabled = command.enabled && !entry.enabled && !command.mayEnable && !isNew;
  if (staysDisabled) notices.push('disabled-on-premises');
  else entry.enabled = command.enabled;
  const account = staysDisabled ? 'disabled-on-premises' : entry.enabled ? 'enabled' : 'disabled';
  const missing: MemberKey[] = [];
  if (command.manager !== undefined) {
    const manager = command.manager === null ? undefined : directory.resolve(command.manager);
    if (manager === 'missing' && command.manager !== null) missing.push(command.manager);
    entry.manager = manager === 'missing' ? undefined : manager;
  }
  const candidates = command.names.userPrincipalName;
  if (entry.upn !== undefined && candidates.includes(entry.upn)) return { account, missing, notices };
  const holderOf = (upn: string) => directory.entries().find((one) => one !== entry && one.upn === upn);
  entry.upn = candidates.find((upn) => holderOf(upn) === undefined);
  if (entry.upn !== undefined) return { account, missing, notices };
  const holders = candidates.flatMap((upn) => holderOf(upn) ?? []).map(({ kind, id }) => ({ kind, id }));
  const awaited = { outcome: 'rejected', code: 'name-awaited', reason: 'for the test' } as const;
  return { account, missing, holders, notices: [...notices, 'name-let-go'], ...awaited };
}

function applyMembers(directory: SmallDirectory, command: MembershipCommand): Part {
  const group = directory.entry('group', command.id);
  if (group === undefined) return { outcome: 'rejected', code: 'entry-missing' };
  const before = new Set(group.members);
  const missing: MemberKey[] = [];
  const resolve = (key: MemberKey): (SmallEntry | string)[] => {
    const member = directory.resolve(key);
    if (member === 'missing') missing.push(key);
    return member === undefined || member === 'missing' ? [] : [member];
  };
  if (command.type === 'difference') {
    for (const member of command.remove.flatMap(resolve)) group.members.delete(member);
    missing.length = 0;
    for (const member of command.add.flatMap(resolve)) group.members.add(member);
  } else {
    const inRange = (key: string) => key >= command.from && (command.to === null || key < command.to);
    for (const member of group.members) if (inRange(keyOfMember(member))) group.members.delete(member);
    for (const member of command.members.flatMap(resolve)) group.members.add(member);
  }
  const added = [...group.members].filter((member) => !before.has(member)).length;
  const removed = [...before].filter((member) => !group.members.has(member)).length;
  return { outcome: added + removed > 0 ? 'updated' : 'unchanged', added, removed, missing };
}
