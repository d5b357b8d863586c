import { handshake } from '../notifications/handshake.ts';
import type { SubscriptionState } from '../notifications/subscription-state.ts';
import type { Tenant } from '../tenant.ts';
import { recordIn } from './body.ts';
import { created, type GraphAnswer, type GraphRequest, noContent, ok, param } from './exchange.ts';
import { GraphProblem } from './problem.ts';
import { checkExpiry, checkNew, checkRoom, checkUpdate } from './subscription-rules.ts';

/** POST /subscriptions: both URLs are validated before the answer (reference A.4). */
export async function createSubscription(tenant: Tenant, request: GraphRequest): Promise<GraphAnswer> {
  const wanted = checkNew(tenant, request, recordIn(request));
  await validated(tenant, [wanted.notificationUrl, wanted.lifecycleNotificationUrl]);
  checkRoom(tenant, wanted); // another create may have been validated meanwhile
  const subscription = { ...wanted, id: tenant.newId() };
  tenant.state.commit([{ op: 'subscribe', subscription }]);
  return created({ ...presentSubscription(subscription), clientState: subscription.clientState ?? null });
}

/** GET /subscriptions: those of the calling application; the administrator sees all. */
export function listSubscriptions(tenant: Tenant, request: GraphRequest): GraphAnswer {
  const now = tenant.now();
  const own = [...tenant.state.subscriptions.values()].filter(
    (one) => one.expiresAt > now && isOwn(one, request),
  );
  const context = `${request.base}/$metadata#subscriptions`;
  return ok({ '@odata.context': context, value: own.map(presentSubscription) });
}

/** GET /subscriptions/{id} */
export const getSubscription = (tenant: Tenant, request: GraphRequest): GraphAnswer =>
  ok(presentSubscription(ownSubscription(tenant, request)));

/** PATCH /subscriptions/{id}: renews; a changed notification URL is validated. 404 where it expired or was removed. */
export async function patchSubscription(tenant: Tenant, request: GraphRequest): Promise<GraphAnswer> {
  const before = ownSubscription(tenant, request);
  const { notificationUrl, expirationDateTime } = checkUpdate(recordIn(request));
  if (notificationUrl !== undefined && notificationUrl !== before.notificationUrl)
    await validated(tenant, [notificationUrl]);
  const now = tenant.now();
  const expiresAt =
    expirationDateTime === undefined ? before.expiresAt : checkExpiry(expirationDateTime, now);
  const subscription = {
    ...before,
    ...(notificationUrl !== undefined && { notificationUrl }),
    expiresAt,
    authorizedAt: now,
  };
  tenant.state.commit([{ op: 'subscribe', subscription }]);
  return ok(presentSubscription(subscription));
}

/** DELETE /subscriptions/{id} */
export function deleteSubscription(tenant: Tenant, request: GraphRequest): GraphAnswer {
  tenant.state.commit([{ op: 'unsubscribe', id: ownSubscription(tenant, request).id }]);
  return noContent;
}

/** POST /subscriptions/{id}/reauthorize: does not extend it. */
export function reauthorizeSubscription(tenant: Tenant, request: GraphRequest): GraphAnswer {
  const before = ownSubscription(tenant, request);
  tenant.state.commit([{ op: 'subscribe', subscription: { ...before, authorizedAt: tenant.now() } }]);
  return noContent;
}

/** As clients see it: the secret is not given out again. */
function presentSubscription(subscription: SubscriptionState): Record<string, unknown> {
  return {
    id: subscription.id,
    resource: subscription.resource,
    applicationId: subscription.application,
    changeType: subscription.changeType,
    clientState: null,
    notificationUrl: subscription.notificationUrl,
    lifecycleNotificationUrl: subscription.lifecycleNotificationUrl ?? null,
    expirationDateTime: new Date(subscription.expiresAt).toISOString(),
    creatorId: subscription.application,
    includeResourceData: null,
    latestSupportedTlsVersion: subscription.latestSupportedTlsVersion ?? 'v1_2',
  };
}

const isOwn = (subscription: SubscriptionState, request: GraphRequest): boolean =>
  request.caller.administrator || subscription.application === request.caller.application;

function ownSubscription(tenant: Tenant, request: GraphRequest): SubscriptionState {
  const subscription = tenant.state.subscriptions.get(param(request, 'id').toLowerCase());
  if (subscription === undefined || subscription.expiresAt <= tenant.now() || !isOwn(subscription, request))
    throw new GraphProblem(404, 'ResourceNotFound', 'The object was not found.');
  return subscription;
}

async function validated(tenant: Tenant, urls: readonly (string | undefined)[]): Promise<void> {
  for (const url of urls) {
    const problem = url === undefined ? undefined : await handshake(url, tenant.newId());
    if (problem !== undefined)
      throw new GraphProblem(400, 'ValidationError', `Subscription validation request failed. ${problem}`);
  }
}
