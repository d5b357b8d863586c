import type { CloudGroup, CloudUser } from './cloud-object.ts';

/**
 * Where a cloud object stands: `inside` is written back, `synced` is mastered in AD and never touched, `outside` is not
 * written (guests, mail-enabled security groups, distribution groups).
 */
export type Scope = 'inside' | 'synced' | 'outside';

export function userScope(user: Pick<CloudUser, 'onPremisesSyncEnabled' | 'userType'>): Scope {
  if (user.onPremisesSyncEnabled === true) return 'synced';
  return user.userType === 'Guest' ? 'outside' : 'inside';
}

/** `securityEnabled` is not asked: a soft-deleted security group says false (Graph, deletedItems). */
export function groupScope(
  group: Pick<CloudGroup, 'onPremisesSyncEnabled' | 'groupTypes' | 'mailEnabled'>,
): Scope {
  if (group.onPremisesSyncEnabled === true) return 'synced';
  return isUnified(group) || !group.mailEnabled ? 'inside' : 'outside';
}

/** A Microsoft 365 group (Graph `groupTypes`). */
export function isUnified(group: Pick<CloudGroup, 'groupTypes'>): boolean {
  return group.groupTypes.includes('Unified');
}
