import { z } from 'zod';
import { epochMs } from '../../domain/time.ts';
import { WritebackError } from '../../errors.ts';
import type { Subscription, Subscriptions } from '../../ports.ts';
import { errorCodeOf, type GraphCall } from './graph-call.ts';
import { parse } from './parse-object.ts';
import { unexpectedStatus } from './unexpected-status.ts';

/** Users and groups know only these two: creating, soft-deleting and restoring all arrive as `updated`. */
const changeType = 'updated,deleted';

const subscriptionSchema = z.object({
  id: z.string().min(1),
  resource: z.string(),
  notificationUrl: z.string(),
  lifecycleNotificationUrl: z.string().nullish(),
  changeType: z.string(),
  expirationDateTime: z.string(),
});
const pageSchema = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().optional() });

/** The port `Subscriptions` over Microsoft Graph. A failed validation handshake is graph-unavailable: we may not be up yet. */
export function createSubscriptions({ call }: { call: GraphCall }): Subscriptions {
  return {
    list: () => list(call),
    async create(wanted) {
      const answer = await call({ method: 'POST', path: '/subscriptions', body: bodyOf(wanted) });
      if (answer.status === 409) return 'exists';
      if (answer.status === 201 || answer.status === 200) return subscriptionOf(answer.body);
      throw refusedCreation(answer.status, answer.body);
    },
    async renew(id, expiresAt) {
      const body = { expirationDateTime: new Date(expiresAt).toISOString() };
      const answer = await call({ method: 'PATCH', path: pathOf(id), body });
      if (answer.status === 404) return 'gone';
      if (answer.status !== 200) throw unexpectedStatus(answer.status, answer.body);
      return subscriptionOf(answer.body);
    },
    async remove(id) {
      const { status, body } = await call({ method: 'DELETE', path: pathOf(id) });
      if (status !== 204 && status !== 200 && status !== 404) throw unexpectedStatus(status, body);
    },
  };
}

const pathOf = (id: string): string => `/subscriptions/${encodeURIComponent(id)}`;

function bodyOf({
  resource,
  expiresAt,
  endpoint,
}: Parameters<Subscriptions['create']>[0]): Record<string, string> {
  return {
    changeType,
    resource,
    notificationUrl: endpoint.notificationUrl,
    lifecycleNotificationUrl: endpoint.lifecycleUrl,
    expirationDateTime: new Date(expiresAt).toISOString(),
    clientState: endpoint.clientState,
    latestSupportedTlsVersion: 'v1_2',
  };
}

async function list(call: GraphCall): Promise<Subscription[]> {
  const found: Subscription[] = [];
  for (let path: string | undefined = '/subscriptions'; path !== undefined; ) {
    const { status, body } = await call({ method: 'GET', path });
    if (status !== 200) throw unexpectedStatus(status, body);
    const page = parse(pageSchema, body, 'a page of subscriptions');
    found.push(...page.value.map(subscriptionOf));
    path = page['@odata.nextLink'];
  }
  return found;
}

function subscriptionOf(body: unknown): Subscription {
  const parsed = parse(subscriptionSchema, body, 'a subscription');
  return {
    id: parsed.id,
    resource: parsed.resource,
    notificationUrl: parsed.notificationUrl,
    lifecycleNotificationUrl: parsed.lifecycleNotificationUrl ?? undefined,
    changeType: parsed.changeType,
    expiresAt: epochMs(Date.parse(parsed.expirationDateTime)),
  };
}

/** The handshake goes through our own endpoint, which may still be starting: the next timer tries again. */
function refusedCreation(status: number, body: unknown): WritebackError {
  const code = errorCodeOf(body);
  if (status !== 400 || code === undefined || !/validation/i.test(code))
    return unexpectedStatus(status, body);
  return new WritebackError('graph-unavailable', { detail: 'the validation request to our endpoint failed' });
}
