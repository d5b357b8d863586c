import type { Pending } from './pending-notifications.ts';
import type { SubscriptionState } from './subscription-state.ts';

const names = { user: ['Users', 'User'], group: ['Groups', 'Group'] } as const;

const graphTime = (at: number): string => new Date(at).toISOString().replace('Z', '+00:00');

/** A change notification as it goes over the wire (reference A.5). `eventTime` has milliseconds: we measure by it. */
export function changeItem(pending: Pending, subscription: SubscriptionState, tenantId: string): unknown {
  const [collection, typeName] = names[pending.type];
  const resource = `${collection}/${pending.id}`;
  return {
    ...heading(subscription, tenantId),
    changeType: pending.changeType,
    resource,
    resourceData: {
      '@odata.type': `#Microsoft.Graph.${typeName}`,
      '@odata.id': resource,
      id: pending.id,
      organizationId: tenantId,
      eventTime: new Date(pending.at).toISOString(),
      sequenceNumber: pending.seq,
      ...(pending.members && { 'members@delta': pending.members }),
    },
  };
}

export const lifecycleEvents = ['reauthorizationRequired', 'subscriptionRemoved', 'missed'] as const;
export type LifecycleEvent = (typeof lifecycleEvents)[number];

/** A lifecycle notification (reference A.7). */
export function lifecycleItem(
  event: LifecycleEvent,
  subscription: SubscriptionState,
  tenantId: string,
): unknown {
  return { ...heading(subscription, tenantId), lifecycleEvent: event };
}

const heading = (subscription: SubscriptionState, tenantId: string) => ({
  subscriptionId: subscription.id,
  subscriptionExpirationDateTime: graphTime(subscription.expiresAt),
  ...(subscription.clientState !== undefined && { clientState: subscription.clientState }),
  tenantId,
});
