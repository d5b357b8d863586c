import type { Endpoint, Subscription } from '../ports.ts';

/** What this app subscribes to. */
export const resources = ['users', 'groups'] as const;
export type Resource = (typeof resources)[number];

/** `/Users` and `users` are one resource. */
export const resourceOf = ({ resource }: Subscription): string => resource.replace(/^\//, '').toLowerCase();

/** Whether a subscription is as this app makes them now: delivered to its addresses, of all that it wants to hear. */
export function isOurs({ notificationUrl, lifecycleUrl }: Endpoint, subscription: Subscription): boolean {
  const types = subscription.changeType
    .toLowerCase()
    .split(',')
    .map((type) => type.trim());
  return (
    subscription.notificationUrl === notificationUrl &&
    (subscription.lifecycleNotificationUrl ?? lifecycleUrl) === lifecycleUrl &&
    types.includes('updated') &&
    types.includes('deleted')
  );
}
