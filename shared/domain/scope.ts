import type { CloudGroup, CloudUser } from './cloud-object.ts';
import { askWhether } from './mapping-error.ts';
import type { Kind } from './object-id.ts';
import type { ScopeRules, Settings } from './settings.ts';

/**
 * Where a cloud object stands: `inside` is written back, `synced` is mastered in AD and never touched, `outside` is not
 * written.
 */
export type Scope = 'inside' | 'synced' | 'outside';

/** What only Graph can tell of an object: whether it is in one of the chosen groups, and whether it is on the deny list. */
export type ScopeFacts = { inChosen: boolean; denied: boolean };

const noFacts: ScopeFacts = { inChosen: true, denied: false };

/** Throws MappingError where the owner's filter fails. Facts are needed where `needsFacts` says so. */
export function userScope(user: CloudUser, settings: Settings, facts: ScopeFacts = noFacts): Scope {
  if (user.onPremisesSyncEnabled === true) return 'synced';
  if (settings.users === false) return 'outside';
  const { scope } = settings.users;
  if (user.userType === 'Guest' && !scope.guests) return 'outside';
  return ruledIn('users.filter', scope, user) && factsAllow(facts) ? 'inside' : 'outside';
}

/** Throws MappingError where the owner's filter fails. `securityEnabled` is not asked: a soft-deleted security group says false. */
export function groupScope(group: CloudGroup, settings: Settings, facts: ScopeFacts = noFacts): Scope {
  if (group.onPremisesSyncEnabled === true) return 'synced';
  if (settings.groups === false) return 'outside';
  const { scope } = settings.groups;
  if (group.isAssignableToRole === true && !scope.roleAssignable) return 'outside';
  if (scope.writebackConfiguration && group.writeback?.isEnabled === false) return 'outside';
  return ruledIn('groups.filter', scope, group) && factsAllow(facts) ? 'inside' : 'outside';
}

function ruledIn<T>(place: string, { filter }: ScopeRules<T>, object: T): boolean {
  return filter === undefined || askWhether(place, filter, object);
}

function factsAllow({ inChosen, denied }: ScopeFacts): boolean {
  return inChosen && !denied;
}

/** Whether scope depends on memberships, which a look alone does not show. */
export function needsFacts({ groups, deny }: Pick<ScopeRules<never>, 'groups' | 'deny'>): boolean {
  return groups.length > 0 || deny.length > 0;
}

/** Whether anything decides the scope of this kind that the properties in a list of members do not tell. */
export function isRestricted(settings: Settings, kind: Kind): boolean {
  const chosen = kind === 'user' ? settings.users : settings.groups;
  if (chosen === false) return false;
  const byOwners =
    kind === 'group' && settings.groups !== false && settings.groups.scope.writebackConfiguration;
  return byOwners || chosen.scope.filter !== undefined || needsFacts(chosen.scope);
}

/** A Microsoft 365 group (Graph `groupTypes`). */
export function isUnified(group: Pick<CloudGroup, 'groupTypes'>): boolean {
  return group.groupTypes.includes('Unified');
}
