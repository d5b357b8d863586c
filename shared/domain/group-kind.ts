import type { CloudGroup } from './cloud-object.ts';
import { isUnified } from './scope.ts';

export type GroupKind = 'security' | 'distribution';

/** What a live group is in AD by default: what may carry rights in the cloud is a security group. */
export function groupKind(group: CloudGroup): GroupKind {
  if (isUnified(group)) return 'distribution';
  return group.mailEnabled && !group.securityEnabled ? 'distribution' : 'security';
}

const chosenKinds: ReadonlyMap<string | null | undefined, GroupKind> = new Map([
  ['universalDistributionGroup', 'distribution'],
  ['universalSecurityGroup', 'security'],
  ['universalMailEnabledSecurityGroup', 'security'],
]);

/** As `groupKind`, unless owners or administrators chose for this group (Graph beta `writebackConfiguration`). */
export function chosenGroupKind(group: CloudGroup): GroupKind {
  return chosenKinds.get(group.writeback?.onPremisesGroupType) ?? groupKind(group);
}
