/** A subscription as kept; what clients see of it is in graph/subscriptions.ts. Times in epoch ms. */
export type SubscriptionState = {
  id: string;
  /** The application that owns it; nobody else sees it. */
  application: string;
  resource: string;
  changeType: string;
  notificationUrl: string;
  lifecycleNotificationUrl?: string;
  clientState?: string;
  latestSupportedTlsVersion?: string;
  expiresAt: number;
  /** When it was created, renewed or reauthorized last. */
  authorizedAt: number;
};
