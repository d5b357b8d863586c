import type { SubscriptionState } from '../notifications/subscription-state.ts';
import type { Tenant } from '../tenant.ts';
import type { GraphRequest } from './exchange.ts';
import { GraphProblem } from './problem.ts';

/** Minutes that a subscription on directory objects may live, and the fewest it gets (reference A.2). */
export const mostMinutes = 41_760;
export const fewestMinutes = 45;
/** Subscriptions of one application in one tenant. */
export const mostPerApplication = 100;

type Body = Readonly<Record<string, unknown>>;

const invalid = (message: string): GraphProblem => new GraphProblem(400, 'InvalidRequest', message);

/** What a create asks for, or the refusal: 400, 403 (quota), 409 (same application, resource and changeType). */
export function checkNew(tenant: Tenant, request: GraphRequest, body: Body): Omit<SubscriptionState, 'id'> {
  const now = tenant.now();
  const resource = checkResource(body['resource']);
  const changeType = checkChangeType(body['changeType']);
  const lifecycle = body['lifecycleNotificationUrl'];
  if (body['includeResourceData'] === true)
    throw invalid('Resource data is not available for this resource.');
  if (Object.keys(body).some((name) => name.startsWith('webPush')))
    throw invalid('webPush properties do not belong to a webhook.');
  const wanted = {
    application: request.caller.application,
    resource,
    changeType,
    notificationUrl: checkUrl('notificationUrl', body['notificationUrl']),
    ...(lifecycle != null && { lifecycleNotificationUrl: checkUrl('lifecycleNotificationUrl', lifecycle) }),
    ...clientStateIn(body),
    expiresAt: checkExpiry(body['expirationDateTime'], now),
    authorizedAt: now,
  };
  checkRoom(tenant, wanted);
  return wanted;
}

/** What a PATCH may change: expiry and notification URL, nothing else. */
export function checkUpdate(body: Body): { notificationUrl?: string; expirationDateTime?: unknown } {
  const unknown = Object.keys(body).find(
    (name) => name !== 'expirationDateTime' && name !== 'notificationUrl' && !name.startsWith('@odata'),
  );
  if (unknown !== undefined) throw invalid(`Property '${unknown}' cannot be updated.`);
  const { notificationUrl, expirationDateTime } = body;
  return {
    ...(notificationUrl !== undefined && { notificationUrl: checkUrl('notificationUrl', notificationUrl) }),
    ...(expirationDateTime !== undefined && { expirationDateTime }),
  };
}

/** Epoch ms of an expiry; under 45 minutes is raised silently, over 41,760 is refused. */
export function checkExpiry(value: unknown, now: number): number {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) throw invalid("'expirationDateTime' is required and must be a time.");
  if (at <= now) throw invalid("'expirationDateTime' must lie in the future.");
  if (at > now + mostMinutes * 60_000)
    throw invalid(`Subscription expiration can only be ${mostMinutes} minutes in the future.`);
  return Math.max(at, now + fewestMinutes * 60_000);
}

const resources = /^\/?(users(\/[0-9a-f-]{36})?|groups(\/[0-9a-f-]{36}(\/(members|owners))?)?)$/i;

function checkResource(value: unknown): string {
  if (typeof value !== 'string' || !resources.test(value))
    throw invalid(`The resource '${String(value)}' cannot be subscribed.`);
  return value;
}

/** `created` alone is refused; beside another one it is taken and never fires (reference A.1). */
function checkChangeType(value: unknown): string {
  const types = typeof value === 'string' ? value.split(',').map((type) => type.trim()) : [];
  const known = types.every((type) => ['created', 'updated', 'deleted'].includes(type));
  if (!known || !types.some((type) => type !== 'created')) throw invalid("Invalid 'changeType' attribute.");
  return types.join(',');
}

/** https, as Graph asks; plain http only to this machine, where the local stack's endpoint is. */
function checkUrl(name: string, value: unknown): string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  const local = url !== undefined && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url?.protocol === 'https:' || (local && url.protocol === 'http:')) return url.href;
  throw invalid(`'${name}' must be an https address.`);
}

function clientStateIn(body: Body): { clientState?: string; latestSupportedTlsVersion?: string } {
  const { clientState, latestSupportedTlsVersion } = body;
  if (clientState != null && (typeof clientState !== 'string' || clientState.length > 128))
    throw invalid("'clientState' must be a text of at most 128 characters.");
  return {
    ...(typeof clientState === 'string' && { clientState }),
    ...(typeof latestSupportedTlsVersion === 'string' && { latestSupportedTlsVersion }),
  };
}

/** Refuses a second one of the same (409), and one too many (403). */
export function checkRoom(tenant: Tenant, wanted: Omit<SubscriptionState, 'id'>): void {
  const now = tenant.now();
  const live = [...tenant.state.subscriptions.values()].filter(
    (one) => one.application === wanted.application && one.expiresAt > now,
  );
  const same = live.find(
    (one) => sameResource(one, wanted) && one.changeType.toLowerCase() === wanted.changeType.toLowerCase(),
  );
  if (same)
    throw new GraphProblem(
      409,
      'ExtensionError',
      `Subscription Id ${same.id} already exists for the requested combination`,
    );
  if (live.length >= mostPerApplication)
    throw new GraphProblem(
      403,
      'ExtensionError',
      `Number of subscriptions has reached its limit of ${mostPerApplication} per application and tenant.`,
    );
}

const sameResource = (one: { resource: string }, other: { resource: string }): boolean =>
  bare(one.resource) === bare(other.resource);
const bare = (resource: string): string => resource.replace(/^\//, '').toLowerCase();
