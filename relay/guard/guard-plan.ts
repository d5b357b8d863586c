import { markedObject } from '../../shared/domain/mark.ts';
import type { Kind } from '../../shared/domain/object-id.ts';
import { WritebackError } from '../../shared/errors.ts';
import {
  accountDisabled,
  type Change,
  externalIdAttribute,
  markAttribute,
  normalAccount,
  type Plan,
  universalDistribution,
  universalSecurity,
} from '../plan/plan.ts';
import { allowedAttributes, issuedAttributes } from './allowed.ts';
import { guardName } from './guard-names.ts';

/*
 * The last look at a plan before it is applied. Whatever a command said and whatever the planner made of it: an entry that
 * is not ours is not touched, an attribute that is not on the list is not written, a value outside its small set is not
 * written. A cloud side in wrong hands can do no more than these filters let through.
 */

/** Looks at a plan and answers what may be applied of it. Throws WritebackError where nothing may. */
export type PlanFilter = (plan: Plan) => Plan;

/**
 * The filters of this relay, in order. The brake (mass-change limit) will be one more, at the end: it needs what the others
 * let through.
 */
export function guardFilters(isOurs: (entry: NonNullable<Plan['entry']>) => boolean): PlanFilter[] {
  return [
    (plan) => guardOwnership(plan, isOurs),
    (plan) => {
      for (const change of plan.changes) guardChange(plan, change);
      return plan;
    },
  ];
}

/** Runs a plan through the filters. */
export function guardPlan(plan: Plan, filters: readonly PlanFilter[]): Plan {
  return filters.reduce((guarded, filter) => filter(guarded), plan);
}

/** Throws attribute-not-allowed where a command names an attribute that is on no list, even one that would not change. */
export function guardAttributes(command: { type: Kind; attributes: Record<string, unknown> }): void {
  for (const attribute of Object.keys(command.attributes))
    if (!allowedAttributes[command.type].has(attribute))
      throw new WritebackError('attribute-not-allowed', { detail: attribute });
}

function guardOwnership(plan: Plan, isOurs: (entry: NonNullable<Plan['entry']>) => boolean): Plan {
  const { entry } = plan;
  if (entry === undefined || plan.changes.length === 0) return plan;
  if (entry.mark !== plan.mark || !isOurs(entry) || entry.kind !== plan.kind)
    throw new WritebackError('mark-foreign', { detail: entry.guid });
  if (entry.adminCount === 1) throw new WritebackError('entry-protected', { detail: entry.guid });
  return plan;
}

function guardChange(plan: Plan, change: Change): void {
  if (change.type === 'create') guardCreation(plan, change);
  else if (change.type === 'replace') guardText(plan, change.attribute, change.value);
  else if (change.type === 'rename') guardName(plan.kind, 'cn', change.cn);
  else if (change.type === 'account-control') {
    if (plan.kind !== 'user' || (change.from ^ change.to) !== accountDisabled)
      notAllowed('userAccountControl');
  } else if (change.type === 'group-type') {
    guardGroupType(plan, change.to);
  } else if (change.type === 'password' && plan.kind !== 'user') {
    notAllowed('unicodePwd');
  }
}

function guardCreation(plan: Plan, change: Change & { type: 'create' }): void {
  if (change.kind !== plan.kind) notAllowed('objectClass');
  guardName(plan.kind, 'cn', change.cn);
  for (const [attribute, value] of Object.entries(change.attributes)) {
    if (attribute === 'groupType') guardGroupType(plan, Number(value));
    else if (attribute === 'userAccountControl') {
      const allowed = value === String(normalAccount | accountDisabled);
      if (plan.kind !== 'user' || !allowed) notAllowed(attribute);
    } else guardText(plan, attribute, value);
  }
}

function guardGroupType(plan: Plan, value: number): void {
  const allowed = value === universalSecurity || value === universalDistribution;
  if (plan.kind !== 'group' || !allowed) notAllowed('groupType');
}

/** A text attribute: on the list, or issued by the relay and then of the right form. */
function guardText(plan: Plan, attribute: string, value: string | null): void {
  if (allowedAttributes[plan.kind].has(attribute)) return;
  if (!issuedAttributes[plan.kind].has(attribute))
    throw new WritebackError('attribute-not-allowed', { detail: attribute });
  if (attribute === markAttribute || attribute === externalIdAttribute) {
    const mayStand = value === null || (value === plan.mark && markedObject(value) !== undefined);
    if (!mayStand) notAllowed(attribute);
    return;
  }
  if (value === null) notAllowed(attribute);
  else guardName(plan.kind, attribute === 'sAMAccountName' ? 'sAMAccountName' : 'userPrincipalName', value);
}

function notAllowed(attribute: string): never {
  throw new WritebackError('value-not-allowed', { detail: attribute });
}
