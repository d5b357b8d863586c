import type { DurationMs } from '../domain/time.ts';
import type { Clock, Endpoint, Subscriptions } from '../ports.ts';
import { type ClientState, endpointWith } from '../receiving/client-state.ts';
import { createReceiver } from '../receiving/receive.ts';
import type { Doorbell } from '../receiving/rings-for.ts';
import type { WebhookAnswer, WebhookRequest } from '../receiving/webhook.ts';
import type { Log } from '../telemetry/log.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { createKeeper, type Keeper } from './keep-subscriptions.ts';
import { createKnownSubscriptions } from './known-subscriptions.ts';

export type SubscriberDeps = {
  subscriptions: Subscriptions;
  clientState: ClientState;
  /** Where Graph shall deliver, without the fingerprint. */
  urls: Pick<Endpoint, 'notificationUrl' | 'lifecycleUrl'>;
  outbox: Doorbell;
  clock: Clock;
  log: Log;
  telemetry: Pick<Telemetry, 'record'>;
  lifetimeMs: DurationMs;
  /** How long Graph is not asked again about subscriptions that nobody has heard of. */
  calmMs?: DurationMs;
};

/** Both ends of the subscriptions. */
export type Subscriber = {
  keeper: Keeper;
  receive: (request: WebhookRequest) => Promise<WebhookAnswer>;
};

/** Only the keeper makes a secret, right before it makes subscriptions with it; whoever receives only reads the one there is. */
export function createSubscriber({ urls, lifetimeMs, ...deps }: SubscriberDeps): Subscriber {
  const endpoint = async (): Promise<Endpoint> => endpointWith(urls, await deps.clientState.settled());
  const keeper = createKeeper({ ...deps, endpoint, lifetimeMs });
  const known = createKnownSubscriptions(deps);
  const receive = createReceiver({
    ...deps,
    care: (items) => keeper.care(items),
    isKnown: (id) => known.has(id),
  });
  return { keeper, receive };
}
