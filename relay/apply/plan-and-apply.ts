import { WritebackError } from '../../shared/errors.ts';
import { isInEverySchema } from '../guard/attribute-rules.ts';
import { guardPlan } from '../guard/guard-plan.ts';
import { attributesOf } from '../plan/plan.ts';
import { type AccountState, isDisabled } from '../plan/plan-account.ts';
import { type PlanContext, type PlannedCommand, planState, type StatePlan } from '../plan/plan-state.ts';
import { applyPlan } from './apply-plan.ts';
import type { Progress, Workplace } from './workplace.ts';

/** What was found out for a plan; the rest of its context is the workplace's. */
export type Known = Omit<PlanContext, 'description' | 'newAccount'>;

/** The way of every state command: plan, guard, apply. What the account is by then is in `progress`, done or not. */
export async function planAndApply(
  command: PlannedCommand,
  known: Known,
  workplace: Workplace,
  progress: Progress,
): Promise<void> {
  const { description, newAccount, filters } = workplace;
  const plan = planState(command, { ...known, description, newAccount });
  const guarded = guardPlan(plan, filters);
  try {
    await applyPlan(guarded, workplace, progress);
    progress.account = plan.account;
  } catch (thrown) {
    progress.account = accountLeft(plan, progress);
    throw withNames(thrown, plan, workplace);
  }
}

/** The account after a plan that failed: what was wanted counts only where the bits were written, or did not have to be. */
function accountLeft(plan: StatePlan, { entry, changed }: Progress): AccountState | undefined {
  if (plan.account === undefined || entry === undefined) return undefined;
  if (changed.has('userAccountControl') && plan.entry !== undefined) return plan.account;
  const bits = plan.entry?.userAccountControl;
  if (bits !== undefined && !isDisabled(bits)) return 'enabled';
  return plan.account === 'enabled' ? 'disabled' : plan.account;
}

/** The directory says that an attribute is unknown, but often not which one: those that can be meant are named. */
function withNames(thrown: unknown, plan: StatePlan, { rules }: Workplace): WritebackError {
  const error = WritebackError.from(thrown);
  if (error.code !== 'schema-missing') return error;
  const names = plan.changes.flatMap(attributesOf);
  const suspects = names.filter((name) => !isInEverySchema(name, plan.kind, rules));
  const detail = (suspects.length > 0 ? suspects : names).join(', ');
  return new WritebackError('schema-missing', { detail, cause: error });
}
