import { type DurationMs, durationMs } from '../domain/time.ts';
import { WritebackError } from '../errors.ts';
import type { Clock } from '../ports.ts';
import type { Log } from '../telemetry/log.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { ClientState } from './client-state.ts';
import { type Hint, type Items, itemsOf, type LifecycleItem } from './items.ts';
import { type Doorbell, hintRings, type Ringing, roundRings } from './rings-for.ts';
import { openRequest, type WebhookAnswer, type WebhookRequest } from './webhook.ts';
import { type Counts, createWebhookNews, type WebhookNews } from './webhook-news.ts';

/** `care` looks after subscriptions that Graph wants something of: renews those named, makes missing ones anew. */
export type ReceiverDeps = {
  outbox: Doorbell;
  clock: Clock;
  log: Log;
  telemetry: Pick<Telemetry, 'record'>;
  clientState: Pick<ClientState, 'current' | 'again'>;
  care: (items: readonly LifecycleItem[]) => Promise<void>;
  /** Whether a subscription is ours. */
  isKnown: (subscriptionId: string) => Promise<boolean>;
  /** How long an answer may take: Graph counts an endpoint as slow from 3 s on. */
  patienceMs?: DurationMs;
};

const defaultPatienceMs = durationMs(2_500);

/**
 * Both webhooks (change notifications and lifecycle events; items are told apart by what they are, not by where they came).
 *
 *   validationToken → 200 with the token
 *   too large → 413, no JSON or no notification body → 400
 *   otherwise: durable rings first, then 202; when our secret cannot be read, rings cannot be enqueued, or a subscription cannot
 *   be cared for, 503, and Graph sends the same again for up to four hours
 *
 * Whoever does not know `clientState`, or names a subscription that is not ours, is answered 202 as well, and nothing happens: items
 * are checked one by one, because one body can mix those of several subscriptions. Lifecycle events are not held against the list:
 * the subscription that was removed is not on it. No text of a request is repeated or logged.
 */
export function createReceiver(deps: ReceiverDeps): (request: WebhookRequest) => Promise<WebhookAnswer> {
  const news = createWebhookNews(deps);
  return async (request) => {
    const opened = openRequest(request);
    if ('answer' in opened) return told(news, opened.answer);
    const counts: Counts = {};
    try {
      const answer = await inTime(deps, take(deps, opened.json, { news, counts }));
      measure(deps.telemetry, counts, 'accepted');
      return answer;
    } catch (error) {
      measure(deps.telemetry, counts, 'unavailable');
      news.unavailable(counts, WritebackError.from(error).code);
      return { status: 503 };
    }
  };
}

/** Where we could not even look at the items, the body counts as one. */
function measure(
  telemetry: ReceiverDeps['telemetry'],
  { hints = 0, lifecycle = 0, ...dropped }: Counts,
  outcome: 'accepted' | 'unavailable',
): void {
  const kept = hints + lifecycle;
  const ofKept = outcome === 'unavailable' ? Math.max(1, kept) : kept;
  const ofDropped = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  if (ofKept > 0) telemetry.record('writeback.notifications', ofKept, { outcome });
  if (ofDropped > 0) telemetry.record('writeback.notifications', ofDropped, { outcome: 'dropped' });
}

/** `counts`: filled when the items are known. */
type Telling = { news: WebhookNews; counts: Counts };

async function take(deps: ReceiverDeps, json: unknown, { news, counts }: Telling): Promise<WebhookAnswer> {
  const items = await itemsOfOurs(deps, json);
  if (items === undefined) return told(news, { status: 400 });
  Object.assign(counts, { hints: items.hints.length, lifecycle: items.lifecycle.length, ...items.dropped });
  if (Object.values(items.dropped).some((count) => count > 0)) news.dropped(counts);
  const ringing: Ringing = { now: deps.clock.now() };
  const owed = items.lifecycle.some(({ event }) => event !== 'renew');
  const rings = [...hintRings(ringing, items.hints), ...(owed ? roundRings(ringing, 'lifecycle') : [])];
  if (rings.length > 0) await deps.outbox.send(rings);
  if (items.lifecycle.length > 0) await deps.care(items.lifecycle);
  return { status: 202 };
}

/**
 * An item that our secret does not fit may be of a subscription that another instance made with a new one. Where nobody can tell, such
 * items of subscriptions that are ours throw state-unavailable: Graph sends them again. Strangers cannot have that: they know no id.
 */
async function itemsOfOurs(deps: ReceiverDeps, json: unknown): Promise<Items | undefined> {
  const secret = await deps.clientState.current();
  let items = itemsOf(json, secret, deps.clock.now());
  if (items !== undefined && items.dropped.foreign > 0) {
    const newer = await deps.clientState.again(secret);
    if (newer === undefined) await refuseToGuess(items.foreignTo, deps.isKnown);
    else if (newer !== secret) items = itemsOf(json, newer, deps.clock.now());
  }
  if (items !== undefined) items.hints = await hintsOfOurs(items, deps.isKnown);
  return items;
}

async function refuseToGuess(
  foreignTo: ReadonlySet<string>,
  isKnown: ReceiverDeps['isKnown'],
): Promise<void> {
  for (const subscriptionId of foreignTo) {
    if (await isKnown(subscriptionId))
      throw new WritebackError('state-unavailable', { detail: 'our secret may be another one by now' });
  }
}

/** Hints of subscriptions that are ours; the others are counted as dropped. */
async function hintsOfOurs({ hints, dropped }: Items, isKnown: ReceiverDeps['isKnown']): Promise<Hint[]> {
  const ours = new Map<string, boolean>();
  for (const { subscriptionId } of hints) {
    if (!ours.has(subscriptionId)) ours.set(subscriptionId, await isKnown(subscriptionId));
  }
  const kept = hints.filter(({ subscriptionId }) => ours.get(subscriptionId) === true);
  dropped.unknown += hints.length - kept.length;
  return kept;
}

/** The answer, or bus-unavailable where it takes longer than Graph waits; the work goes on. */
async function inTime(deps: ReceiverDeps, work: Promise<WebhookAnswer>): Promise<WebhookAnswer> {
  const done = new AbortController();
  const tooLate = async (): Promise<never> => {
    await deps.clock.sleep(deps.patienceMs ?? defaultPatienceMs, done.signal);
    throw new WritebackError('bus-unavailable', { detail: 'not in time' });
  };
  try {
    return await Promise.race([work, tooLate()]);
  } finally {
    done.abort();
  }
}

function told(news: WebhookNews, answer: WebhookAnswer): WebhookAnswer {
  if (answer.status === 400 || answer.status === 413) news.refused(answer.status);
  return answer;
}
