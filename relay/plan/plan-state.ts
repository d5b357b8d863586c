import type { GroupPresent, StateCommand, UserPresent } from '../../shared/contracts/command.ts';
import { markOf } from '../../shared/domain/mark.ts';
import type { Entry } from '../ports.ts';
import type { IssuedNames } from './issued-names.ts';
import {
  accountDisabled,
  type Change,
  externalIdAttribute,
  markAttribute,
  normalAccount,
  type Plan,
  universalDistribution,
  universalSecurity,
} from './plan.ts';

/*
 * Ownership and plan. A command says what should be, an entry says what is, the plan is the difference: nothing here asks
 * the directory, so the same pair always gives the same plan, and the plan after applying one is empty (a property test
 * says so). What a plan may contain is decided after it, by the filters in relay/guard.
 *
 *   desired ─┐
 *            ├─▶ plan ─▶ guard (ownership, attributes, values) ─▶ [brake] ─▶ apply
 *   current ─┘
 *
 * Account control and passwords. An account is created disabled (514); one modify then sets a random password and, where
 * the account is wanted enabled, clears ACCOUNTDISABLE: Windows refuses to enable an account without a password, so an
 * account that was left half-created (pwdLastSet 0) first gets one. Every other bit stays as it is.
 */

export type PlanContext = {
  /** What the entry was read as; `undefined` where the object has none. */
  entry: Entry | undefined;
  /** Names that the relay issued. Needed for `present`. */
  names: IssuedNames | undefined;
  /** Whether the schema has msDS-ExternalDirectoryObjectId. */
  hasExternalId: boolean;
};

/** The difference between what a command says should be and what is. Pure. */
export function planState(command: StateCommand, context: PlanContext): Plan {
  const { entry } = context;
  const mark = markOf(command.type, command.id);
  const plan = (changes: Change[]): Plan => ({ kind: command.type, mark, entry, changes });
  if (command.state === 'present') {
    const { names } = context;
    if (names === undefined) return plan([]);
    const wanted = { command, names, marks: marksFor(mark, context.hasExternalId) };
    return plan(entry === undefined ? creation(wanted) : correction(wanted, entry));
  }
  if (entry === undefined) return plan([]);
  if (command.state === 'absent') return plan([{ type: 'delete' }]);
  if (command.state === 'released') return plan(release(context.hasExternalId));
  return plan(command.type === 'user' ? accountControl(entry, false) : suspendedGroup(entry));
}

type Wanted = {
  command: UserPresent | GroupPresent;
  names: IssuedNames;
  marks: Record<string, string>;
};

function marksFor(mark: string, hasExternalId: boolean): Record<string, string> {
  return { [markAttribute]: mark, ...(hasExternalId ? { [externalIdAttribute]: mark } : {}) };
}

function creation({ command, names, marks }: Wanted): Change[] {
  const texts = Object.entries(command.attributes).filter(
    (text): text is [string, string] => text[1] !== null,
  );
  const attributes = { ...Object.fromEntries(texts), ...namesOf(names), ...marks };
  if (command.type === 'group') {
    const groupType = command.security ? universalSecurity : universalDistribution;
    return [
      {
        type: 'create',
        kind: 'group',
        cn: names.cn,
        attributes: { ...attributes, groupType: `${groupType}` },
      },
    ];
  }
  const disabled = normalAccount | accountDisabled;
  const changes: Change[] = [
    {
      type: 'create',
      kind: 'user',
      cn: names.cn,
      attributes: { ...attributes, userAccountControl: `${disabled}` },
    },
    { type: 'password' },
  ];
  if (command.enabled) changes.push({ type: 'account-control', from: disabled, to: normalAccount });
  return changes;
}

function correction({ command, names, marks }: Wanted, entry: Entry): Change[] {
  const texts = { ...command.attributes, ...namesOf(names), ...marks };
  const changes: Change[] = [];
  for (const [attribute, value] of Object.entries(texts))
    if ((entry.attributes[attribute] ?? null) !== value) changes.push({ type: 'replace', attribute, value });
  if (command.type === 'user') {
    if (entry.passwordSet === false) changes.push({ type: 'password' });
    changes.push(...accountControl(entry, command.enabled));
  } else {
    changes.push(...groupType(entry, command.security ? universalSecurity : universalDistribution));
  }
  if (entry.cn !== names.cn) changes.push({ type: 'rename', cn: names.cn });
  return changes;
}

function namesOf(names: IssuedNames): Record<string, string> {
  return {
    sAMAccountName: names.sAMAccountName,
    ...(names.userPrincipalName === undefined ? {} : { userPrincipalName: names.userPrincipalName }),
  };
}

function accountControl(entry: Entry, enabled: boolean): Change[] {
  const from = entry.userAccountControl;
  if (from === undefined) return [];
  const to = enabled ? from & ~accountDisabled : from | accountDisabled;
  return from === to ? [] : [{ type: 'account-control', from, to }];
}

function groupType(entry: Entry, to: number): Change[] {
  return entry.groupType === to ? [] : [{ type: 'group-type', to }];
}

/** A security group loses its rights and keeps its SID; a distribution group has no rights to lose. */
function suspendedGroup(entry: Entry): Change[] {
  return entry.groupType === universalSecurity ? groupType(entry, universalDistribution) : [];
}

/** The external id goes first within the modify, but both go in one. */
function release(hasExternalId: boolean): Change[] {
  const marks = hasExternalId ? [externalIdAttribute, markAttribute] : [markAttribute];
  return marks.map((attribute) => ({ type: 'replace', attribute, value: null }));
}
