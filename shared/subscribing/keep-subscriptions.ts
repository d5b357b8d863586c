import { type DurationMs, durationMs, epochMs } from '../domain/time.ts';
import { WritebackError } from '../errors.ts';
import { measureExpiry } from '../measuring/subscription-expiry.ts';
import type { Clock, Endpoint, Subscription, Subscriptions } from '../ports.ts';
import type { LifecycleItem } from '../receiving/items.ts';
import { type Doorbell, roundRings } from '../receiving/rings-for.ts';
import type { Log } from '../telemetry/log.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { isOurs, type Resource, resourceOf, resources } from './our-subscriptions.ts';

/** `lifetimeMs`: how far ahead a subscription expires (Graph allows 41,760 min for users and groups). */
export type KeeperDeps = {
  subscriptions: Subscriptions;
  outbox: Doorbell;
  clock: Clock;
  log: Log;
  telemetry: Pick<Telemetry, 'record'>;
  /** What subscriptions are made with from now on; asked before each look at them. */
  endpoint: () => Promise<Endpoint>;
  lifetimeMs: DurationMs;
};

export type Keeper = {
  /** Makes sure that there is one living subscription for users and one for groups. By timer; idempotent. */
  keep(): Promise<void>;
  /**
   * The same when an instance starts, but for renewing. That is left to the timer, which runs in one instance at a time: those that start
   * together would all renew, and two renewals within ten minutes are none.
   */
  begin(): Promise<void>;
  /** What a lifecycle event asks for. Throws where it could not be done: Graph sends the event again. */
  care(items: readonly LifecycleItem[]): Promise<void>;
};

/** Renewing twice within ten minutes leaves a subscription in a state that Graph documents as inconsistent. */
const calmMs = 10 * 60_000;

/**
 * Keeps the subscriptions of this app. Graph itself is the only record: it is listed each time, and what is found decides.
 *
 *   ours, alive, more than half of its life left   → nothing
 *   ours, less than half left                      → renewed by PATCH (which reauthorizes too); 404 → made anew; not at start
 *   none, or expired                               → made; 409 means that somebody else just did: list again and adopt
 *   same resource, but another URL or change type  → removed, and made anew (a lifecycle URL cannot be changed later); another
 *                                                    secret is another URL (receiving/client-state.ts)
 *
 * Whenever one is made or adopted from somebody else's hand, both doorbells ring for a round: what happened before it lived was
 * announced to nobody. Creating runs the validation handshake through our own endpoint, which may still be starting: `keep` and
 * `begin` try again for about 50 s, and the next timer after that.
 */
export function createKeeper(deps: KeeperDeps): Keeper {
  return {
    keep: () => keepTrying(deps, (one) => isHalfOver(deps, one)),
    begin: () => keepTrying(deps, () => false),
    async care(items) {
      const asked = new Set(
        items.filter(({ event }) => event === 'renew').map(({ subscriptionId }) => subscriptionId),
      );
      if (items.every(({ event }) => event === 'missed')) return;
      await keepAll(
        deps,
        (one) => isHalfOver(deps, one) || (asked.has(one.id) && !wasJustRenewed(deps, one.expiresAt)),
      );
    },
  };
}

const startWaitsMs = [1_000, 2_000, 5_000, 15_000, 30_000].map(durationMs);

async function keepTrying(deps: KeeperDeps, isDue: IsDue): Promise<void> {
  for (let tried = 0; ; tried++) {
    const failure = await attempt(deps, isDue);
    if (failure === undefined) return;
    const waitMs = failure.disposition === 'retry' ? startWaitsMs[tried] : undefined;
    if (waitMs === undefined) throw failure;
    deps.log.warn('subscriptions not kept yet', { code: failure.code, waitMs });
    await deps.clock.sleep(waitMs);
  }
}

async function attempt(deps: KeeperDeps, isDue: IsDue): Promise<WritebackError | undefined> {
  try {
    await keepAll(deps, isDue);
    return undefined;
  } catch (error) {
    return WritebackError.from(error);
  }
}

/** Whether a subscription is to be renewed. */
type IsDue = (subscription: Subscription) => boolean;

function isHalfOver({ clock, lifetimeMs }: KeeperDeps, { expiresAt }: Subscription): boolean {
  return expiresAt - clock.now() <= lifetimeMs / 2;
}

/** Renewing sets the expiry to now plus the lifetime; so the expiry tells when that was, in every process alike. */
function wasJustRenewed({ clock, lifetimeMs }: KeeperDeps, expiresAt: number): boolean {
  return expiresAt > clock.now() + lifetimeMs - calmMs;
}

async function keepAll(deps: KeeperDeps, isDue: IsDue): Promise<void> {
  const endpoint = await deps.endpoint();
  const existing = await deps.subscriptions.list();
  const outcomes = await Promise.allSettled(
    resources.map((resource) => keepOne(deps, { resource, endpoint, existing, isDue })),
  );
  const made = outcomes.some((outcome) => outcome.status === 'fulfilled' && outcome.value === 'made');
  if (made) await deps.outbox.send(roundRings({ now: deps.clock.now() }, 'subscription'));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

type Wish = {
  resource: Resource;
  endpoint: Endpoint;
  existing: readonly Subscription[];
  isDue: IsDue;
};

async function keepOne(deps: KeeperDeps, wish: Wish): Promise<'kept' | 'made'> {
  const { resource, endpoint, existing, isDue } = wish;
  const same = existing.filter((one) => resourceOf(one) === resource);
  const living = same.filter((one) => isOurs(endpoint, one) && one.expiresAt > deps.clock.now());
  const [ours] = living.toSorted((a, b) => b.expiresAt - a.expiresAt);
  measureExpiry(deps, resource, ours);
  for (const other of same) if (other !== ours) await remove(deps, resource, other);
  if (ours === undefined) return await make(deps, wish);
  if (!isDue(ours)) return 'kept';
  const renewed = await deps.subscriptions.renew(ours.id, expiry(deps));
  if (renewed === 'gone') return await make(deps, wish);
  measureExpiry(deps, resource, renewed);
  deps.log.info('subscription renewed', { resource, id: ours.id });
  return 'kept';
}

async function make(deps: KeeperDeps, { resource, endpoint }: Wish): Promise<'made'> {
  const created = await deps.subscriptions.create({ resource, expiresAt: expiry(deps), endpoint });
  const adopted = created === 'exists' ? await findOurs(deps, { resource, endpoint }) : created;
  measureExpiry(deps, resource, adopted);
  deps.log.info(created === 'exists' ? 'subscription adopted' : 'subscription made', {
    resource,
    id: adopted?.id,
  });
  return 'made';
}

async function findOurs(
  deps: KeeperDeps,
  { resource, endpoint }: Pick<Wish, 'resource' | 'endpoint'>,
): Promise<Subscription | undefined> {
  const listed = await deps.subscriptions.list();
  return listed.find((one) => resourceOf(one) === resource && isOurs(endpoint, one));
}

async function remove(deps: KeeperDeps, resource: string, { id }: Subscription): Promise<void> {
  await deps.subscriptions.remove(id);
  deps.log.info('subscription removed', { resource, id });
}

const expiry = ({ clock, lifetimeMs }: KeeperDeps) => epochMs(clock.now() + lifetimeMs);
