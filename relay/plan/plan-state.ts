import type {
  GroupPresent,
  GroupSuspended,
  StateCommand,
  UserPresent,
  UserRefused,
  UserSuspended,
} from '../../shared/contracts/command.ts';
import { markOf } from '../../shared/domain/mark.ts';
import type { DirectoryDescription, Entry, Guid } from '../ports.ts';
import type { IssuedNames } from './issued-names.ts';
import {
  type Change,
  externalIdAttribute,
  markAttribute,
  type NewAccount,
  type Plan,
  universalDistribution,
  universalSecurity,
  type Whereabouts,
} from './plan.ts';
import { type AccountState, planAccount, planLeaverAccount } from './plan-account.ts';
import { knownToSchema, planManager, planPhoto, planTexts, valuesOf, type Wanted } from './plan-values.ts';

/*
 * Ownership and plan. A command says what should be, an entry says what is, the plan is the difference: nothing here asks
 * the directory, so the same pair always gives the same plan, and the plan after applying one is empty (a property test
 * says so). What a plan may contain is decided after it, by the filters in relay/guard.
 *
 *   desired ─┐
 *            ├─▶ plan ─▶ guard (ownership, attributes, values) ─▶ [brake] ─▶ apply
 *   current ─┘
 *
 * Whatever needed the directory to find out (issued names, the manager's entry, the members of a group that is emptied) is in the
 * context. Attributes that a command does not name are in no plan: what an administrator wrote there survives every later write.
 */

export type PlanContext = {
  /** What the entry was read as; `undefined` where the object has none. */
  entry: Entry | undefined;
  description: Pick<DirectoryDescription, 'hasExternalId' | 'optionalAttributes' | 'leavers'>;
  newAccount: NewAccount;
  /** This very command brought the entry back from the recycle bin. */
  isBack?: boolean;
  /** Names that the relay issued. Needed for `present`. */
  names?: IssuedNames | undefined;
  /** The entry of the manager; null for nobody; undefined leaves it alone. */
  manager?: Guid | null | undefined;
  /** The current members of a group that is to be emptied. */
  members?: readonly Guid[];
  /** The cn that a leaver gets in the leavers' OU, where it cannot keep its own. */
  leaverCn?: string | undefined;
};

/** A plan, and whether the account (users) is enabled once it is applied. */
export type StatePlan = Plan & { account: AccountState | undefined };

/** What says how the entry should be; of one that could not be mapped only the account is known (apply-refused.ts). */
export type PlannedCommand = Exclude<StateCommand, UserRefused>;

/** The difference between what a command says should be and what is. Pure. */
export function planState(command: PlannedCommand, context: PlanContext): StatePlan {
  const { entry } = context;
  const about = { kind: command.type, mark: markOf(command.type, command.id), entry };
  if (command.state === 'present') {
    const { changes, account } = planPresent(command, context, about.mark);
    return { ...about, changes, account };
  }
  if (entry === undefined) return { ...about, changes: [], account: undefined };
  if (command.state === 'suspended') {
    const { changes, account } =
      command.type === 'user' ? leaver(command, entry, context) : leavingGroup(command, entry, context);
    return { ...about, changes, account };
  }
  const changes: Change[] =
    command.state === 'absent' ? [{ type: 'delete' }] : release(context.description.hasExternalId);
  return { ...about, changes, account: undefined };
}

/** Whether a command that carries `former` met the very entry that was deleted. */
export function isFormerEntry(command: UserPresent | GroupPresent, entry: { guid: Guid }): boolean {
  return command.former?.objectGuid === entry.guid;
}

type Steps = { changes: Change[]; account: AccountState | undefined };

function planPresent(command: UserPresent | GroupPresent, context: PlanContext, mark: string): Steps {
  const { entry, names, newAccount, isBack = false } = context;
  if (names === undefined) return { changes: [], account: undefined };
  const texts = textsOf(command, context, mark);
  if (command.type === 'group') {
    const groupType = command.security ? universalSecurity : universalDistribution;
    const changes =
      entry === undefined
        ? [creation('group', names.cn, { ...texts, groupType: `${groupType}` })]
        : [...planTexts(texts, entry), ...planGroupType(entry, groupType), ...planMove(entry, names.cn)];
    return { changes, account: undefined };
  }
  const { changes: control, account } = planAccount(command, entry, { newAccount, isBack });
  const links = [...planPhoto(command.photo, entry), ...planManager(context.manager, entry)];
  const changes =
    entry === undefined
      ? [creation('user', names.cn, texts), ...links, ...control]
      : [...planTexts(texts, entry), ...links, ...control, ...planMove(entry, names.cn)];
  return { changes, account };
}

/** All texts of a live object's entry: mapped, issued, marks; with a new entry also what is written only then. */
function textsOf(
  command: UserPresent | GroupPresent,
  { entry, names, description }: PlanContext,
  mark: string,
): Record<string, Wanted> {
  const mapped = entry === undefined ? { ...command.initial, ...command.attributes } : command.attributes;
  return {
    ...knownToSchema<Wanted>(mapped, description.optionalAttributes).known,
    ...(names === undefined ? {} : { sAMAccountName: names.sAMAccountName }),
    ...(names?.userPrincipalName === undefined ? {} : { userPrincipalName: names.userPrincipalName }),
    [markAttribute]: mark,
    ...(description.hasExternalId ? { [externalIdAttribute]: mark } : {}),
  };
}

function creation(kind: 'user' | 'group', cn: string, wanted: Record<string, Wanted>): Change {
  const attributes = Object.entries(wanted).flatMap(([name, value]) => {
    const values = valuesOf(value);
    const [first] = values;
    return first === undefined ? [] : [[name, values.length === 1 ? first : values] as const];
  });
  return { type: 'create', kind, cn, attributes: Object.fromEntries(attributes) };
}

/** Back to the destination, and to the cn that was issued: one step, as it is one modifyDN. */
function planMove(entry: Entry, cn: string): Change[] {
  return moved(entry, { cn, place: 'destination' });
}

function moved({ cn, place }: Entry, to: Whereabouts): Change[] {
  return cn === to.cn && place === to.place ? [] : [{ type: 'move', from: { cn, place }, to }];
}

function planGroupType(entry: Entry, to: number): Change[] {
  return entry.groupType === to ? [] : [{ type: 'group-type', to }];
}

/** Names and attributes stay as last written, but for a userPrincipalName that somebody else waits for. */
function leaver(command: UserSuspended, entry: Entry, { description, leaverCn }: PlanContext): Steps {
  const { changes, account } = planLeaverAccount(command, entry);
  const names = command.names === 'let-go' ? planTexts({ userPrincipalName: null }, entry) : [];
  const isMoved = command.place === 'leavers' && description.leavers !== undefined;
  const move = isMoved ? moved(entry, { cn: leaverCn ?? entry.cn, place: 'leavers' }) : [];
  return { changes: [...names, ...changes, ...move], account };
}

/** A security group loses its rights and keeps its SID; a distribution group has no rights to lose. */
function leavingGroup(command: GroupSuspended, entry: Entry, { members = [] }: PlanContext): Steps {
  const isSecurity = (entry.groupType ?? 0) < 0;
  const kind =
    command.kind === 'distribution' && isSecurity ? planGroupType(entry, universalDistribution) : [];
  const emptied: Change[] = members.length === 0 ? [] : [{ type: 'members', add: [], remove: members }];
  return { changes: [...kind, ...emptied], account: undefined };
}

/** The external id goes first within the modify, but both go in one. */
function release(hasExternalId: boolean): Change[] {
  const marks = hasExternalId ? [externalIdAttribute, markAttribute] : [markAttribute];
  return marks.map((attribute) => ({ type: 'replace', attribute, values: [] }));
}
