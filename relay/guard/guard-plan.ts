import type { Kind } from '../../shared/domain/object-id.ts';
import { WritebackError } from '../../shared/errors.ts';
import {
  accountDisabled,
  type Change,
  type NewAccount,
  type Plan,
  passwordNotRequired,
  smartcardRequired,
  universalDistribution,
  universalSecurity,
} from '../plan/plan.ts';
import type { AttributeRules } from './attribute-rules.ts';
import { guardName } from './guard-names.ts';
import { guardPhoto, guardTexts, notAllowed } from './guard-values.ts';

/*
 * The last look at a plan before it is applied. Whatever a command said and whatever the planner made of it: an entry that
 * is not ours is not touched, an attribute that is not on the list is not written, a value outside its small set is not
 * written. A cloud side in wrong hands can do no more than these filters let through.
 *
 * The manager has no rule of its own here: the planner takes a GUID that the relay itself resolved, and being somebody's manager
 * gives nobody a right (`managedBy` can, and is on no list).
 */

/** Looks at a plan and answers what may be applied of it. Throws WritebackError where nothing may. */
export type PlanFilter = (plan: Plan) => Plan;

export type GuardSettings = {
  isOurs(entry: NonNullable<Plan['entry']>): boolean;
  rules: AttributeRules;
  newAccount: NewAccount;
};

/**
 * The filters of this relay, in order. The brake (mass-change limit) will be one more, at the end: it needs what the others
 * let through.
 */
export function guardFilters(settings: GuardSettings): PlanFilter[] {
  return [
    (plan) => guardOwnership(plan, settings),
    (plan) => {
      for (const change of plan.changes) guardChange(plan, change, settings);
      return plan;
    },
  ];
}

/** Runs a plan through the filters. */
export function guardPlan(plan: Plan, filters: readonly PlanFilter[]): Plan {
  return filters.reduce((guarded, filter) => filter(guarded), plan);
}

/** Throws attribute-not-allowed where a command names an attribute that is on no list, even one that would not change. */
export function guardAttributes(
  command: { type: Kind; attributes: Record<string, unknown>; initial: Record<string, unknown> },
  rules: AttributeRules,
): void {
  for (const attribute of [...Object.keys(command.attributes), ...Object.keys(command.initial)])
    if (!rules[command.type].has(attribute))
      throw new WritebackError('attribute-not-allowed', { detail: attribute });
}

function guardOwnership(plan: Plan, { isOurs }: GuardSettings): Plan {
  const { entry } = plan;
  if (entry === undefined || plan.changes.length === 0) return plan;
  if (entry.mark !== plan.mark || !isOurs(entry) || entry.kind !== plan.kind)
    throw new WritebackError('mark-foreign', { detail: entry.guid });
  if (entry.adminCount === 1) throw new WritebackError('entry-protected', { detail: entry.guid });
  return plan;
}

/** Changes that only the account of a user can have, by the attribute they touch. */
const ofUsersOnly: Partial<Record<Change['type'], string>> = {
  photo: 'thumbnailPhoto',
  manager: 'manager',
  password: 'unicodePwd',
  'account-control': 'userAccountControl',
};

function guardChange(plan: Plan, change: Change, { rules, newAccount }: GuardSettings): void {
  const ofUsers = ofUsersOnly[change.type];
  if (ofUsers !== undefined && plan.kind !== 'user') notAllowed(ofUsers);
  if (change.type === 'create') guardCreation(plan, change, rules);
  else if (change.type === 'replace') guardTexts(plan, rules, change);
  else if (change.type === 'photo') guardPhoto(change);
  else if (change.type === 'move' && change.from.cn !== change.to.cn)
    guardName(plan.kind, 'cn', change.to.cn);
  else if (change.type === 'account-control') guardControl(plan, change, newAccount);
  else if (change.type === 'group-type') guardGroupType(plan, change.to);
}

function guardCreation(plan: Plan, change: Change & { type: 'create' }, rules: AttributeRules): void {
  if (change.kind !== plan.kind) notAllowed('objectClass');
  guardName(plan.kind, 'cn', change.cn);
  for (const [attribute, value] of Object.entries(change.attributes)) {
    if (attribute === 'groupType') guardGroupType(plan, Number(value));
    // Nor userAccountControl: the directory knows best how an account begins, and a password is to come first.
    else guardTexts(plan, rules, { attribute, values: [value].flat() });
  }
}

/**
 * ACCOUNTDISABLE either way; with a first password only, PASSWD_NOTREQD cleared, and SMARTCARD_REQUIRED set where this relay is
 * configured so. Every other bit, whoever set it, stays.
 */
function guardControl(
  plan: Plan,
  change: Change & { type: 'account-control' },
  newAccount: NewAccount,
): void {
  const isFirst = plan.changes.some(({ type }) => type === 'password');
  const mayRequireCard = isFirst && newAccount === 'smart-card' && (change.to & smartcardRequired) !== 0;
  const mayClear = isFirst && (change.to & passwordNotRequired) === 0;
  const ours =
    accountDisabled | (mayRequireCard ? smartcardRequired : 0) | (mayClear ? passwordNotRequired : 0);
  if (((change.from ^ change.to) & ~ours) !== 0) notAllowed('userAccountControl');
  if (!isFirst) guardEnabling(plan, change);
}

/** AD enables an account of which no password is required without one; so where nobody knows of a password, it stays disabled. */
function guardEnabling({ entry }: Plan, { from, to }: Change & { type: 'account-control' }): void {
  const isEnabling = (from & accountDisabled) !== 0 && (to & accountDisabled) === 0;
  if (isEnabling && (to & passwordNotRequired) !== 0 && entry?.passwordSet !== true)
    throw new WritebackError('rights-missing', { detail: 'pwdLastSet cannot be read' });
}

function guardGroupType(plan: Plan, value: number): void {
  const allowed = value === universalSecurity || value === universalDistribution;
  if (plan.kind !== 'group' || !allowed) notAllowed('groupType');
}
