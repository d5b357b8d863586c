import { fateOf } from '../awkward/notifications.ts';
import type { Occasions } from '../awkward/occasions.ts';
import type { TenantState } from '../tenant-state.ts';
import { changeItem, type LifecycleEvent, lifecycleItem } from './items.ts';
import type { Pending } from './pending-notifications.ts';
import { closeConnections, postTo } from './webhook.ts';

/*
 * A notification leaves right after the answer to the write that caused it:
 *
 *   commit ─▶ #queue(url) ──setImmediate──▶ one POST per URL with all that came together ──▶ 2xx: journal `notified`
 *                 ▲                                                                  └─▶ else: again, later
 *                 └── awkward delays
 *
 * Items of several subscriptions share a POST when they go to the same URL. Not more than a few POSTs to one URL are
 * under way at a time; what waits meanwhile travels together in the next.
 */

const firstPatienceMs = 3_000;
const laterPatienceMs = 10_000;
const firstBackoffMs = 500;
const longestBackoffMs = 60_000;
/** Delivery is given up after this (reference A.6). */
const givenUpAfterMs = 4 * 3_600_000;
const mostItemsPerPost = 100;
const mostPostsPerUrl = 4;

/** An item on its way. Lifecycle items and duplicates are not in the journal: they have no `pending`. */
type Item = { url: string; body: unknown; pending?: Pending; attempt: number; since: number };

export type DeliveryCounters = { sent: number; failed: number; dropped: number };

type Options = { state: TenantState; occasions: Occasions; now: () => number };

/** Sends notifications to subscribers, and again until they are taken. */
export class Delivery {
  readonly counters: DeliveryCounters = { sent: 0, failed: 0, dropped: 0 };
  readonly #options: Options;
  readonly #queues = new Map<string, { items: Item[]; posts: number; scheduled: boolean }>();
  readonly #delayed = new Map<NodeJS.Timeout, Item[]>();
  #underWay = 0;
  #stopped = false;

  constructor(options: Options) {
    this.#options = options;
    // After the commit that adds it, never in the middle: what becomes of it may be another commit.
    options.state.pending.onAdded = (pending) => queueMicrotask(() => this.#announce(pending));
  }

  /** Sends what was still owed when the process ended. */
  resume(): void {
    for (const pending of this.#options.state.pending.all()) this.#enqueue(this.#itemOf(pending));
  }

  /** How many items are delayed, queued or under way. */
  get outstanding(): number {
    const queued = [...this.#queues.values()].reduce((sum, { items }) => sum + items.length, 0);
    const delayed = [...this.#delayed.values()].reduce((sum, items) => sum + items.length, 0);
    return queued + delayed + this.#underWay;
  }

  /** Sends everything that is delayed now. */
  hurry(): void {
    for (const [timer, items] of [...this.#delayed]) {
      clearTimeout(timer);
      this.#delayed.delete(timer);
      for (const item of items) this.#enqueue(item);
    }
  }

  /** Sends a notification about an object that the tenant did not send: with a wrong `clientState`. */
  forge(subscriptionId: string, about: Pick<Pending, 'type' | 'id'>): boolean {
    const { state, now } = this.#options;
    const subscription = state.subscriptions.get(subscriptionId);
    if (subscription === undefined) return false;
    const pending: Pending = {
      ...about,
      key: '',
      subscription: subscriptionId,
      changeType: 'updated',
      at: now(),
      seq: 0,
    };
    const body = changeItem(pending, { ...subscription, clientState: 'forged' }, state.tenantId);
    this.#enqueue({ url: subscription.notificationUrl, body, attempt: 0, since: now() });
    return true;
  }

  /** Sends a lifecycle notification; false where the subscription has no URL for it. */
  lifecycle(subscriptionId: string, event: LifecycleEvent): boolean {
    const { state, now } = this.#options;
    const subscription = state.subscriptions.get(subscriptionId);
    const url = subscription?.lifecycleNotificationUrl;
    if (subscription === undefined || url === undefined) return false;
    this.#enqueue({
      url,
      body: lifecycleItem(event, subscription, state.tenantId),
      attempt: 0,
      since: now(),
    });
    return true;
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#delayed.keys()) clearTimeout(timer);
    closeConnections();
  }

  #announce(pending: Pending): void {
    if (this.#stopped || !this.#options.state.pending.has(pending.key)) return;
    const fate = fateOf(this.#options.occasions);
    if (fate.lost) {
      this.counters.dropped += 1;
      this.#options.state.commit([{ op: 'notified', keys: [pending.key] }]);
      return;
    }
    fate.delaysMs.forEach((delayMs, index) => {
      const { pending: owed, ...copy } = this.#itemOf(pending);
      const item = index === 0 && owed ? { ...copy, pending: owed } : copy;
      if (delayMs === 0) this.#enqueue(item);
      else this.#delay([item], delayMs);
    });
  }

  #itemOf(pending: Pending): Item {
    const { state } = this.#options;
    const subscription = state.subscriptions.get(pending.subscription);
    if (subscription === undefined) throw new Error('a notification is owed to a subscription that is gone');
    const body = changeItem(pending, subscription, state.tenantId);
    return { url: subscription.notificationUrl, body, pending, attempt: 0, since: pending.at };
  }

  #delay(items: Item[], delayMs: number): void {
    const timer = setTimeout(() => {
      this.#delayed.delete(timer);
      for (const item of items) this.#enqueue(item);
    }, delayMs);
    this.#delayed.set(timer, items);
  }

  #enqueue(item: Item): void {
    const queue = this.#queues.get(item.url) ?? { items: [], posts: 0, scheduled: false };
    this.#queues.set(item.url, queue);
    queue.items.push(item);
    this.#schedule(item.url);
  }

  #schedule(url: string): void {
    const queue = this.#queues.get(url);
    if (queue === undefined || queue.scheduled || queue.posts >= mostPostsPerUrl) return;
    queue.scheduled = true;
    setImmediate(() => {
      queue.scheduled = false;
      const items = queue.items.splice(0, mostItemsPerPost).filter((item) => this.#stillOwed(item));
      if (items.length === 0 || this.#stopped) return;
      queue.posts += 1;
      void this.#post(url, items).finally(() => {
        queue.posts -= 1;
        if (queue.items.length > 0) this.#schedule(url);
      });
      if (queue.items.length > 0) this.#schedule(url);
    });
  }

  /** A subscription may have gone since; its notifications went with it. */
  #stillOwed(item: Item): boolean {
    return item.pending === undefined || this.#options.state.pending.has(item.pending.key);
  }

  async #post(url: string, items: Item[]): Promise<void> {
    this.#underWay += items.length;
    const body = JSON.stringify({ value: items.map((item) => item.body) });
    const timeoutMs = items.some((item) => item.attempt === 0) ? firstPatienceMs : laterPatienceMs;
    const post = { url: new URL(url), contentType: 'application/json; charset=utf-8', body, timeoutMs };
    const status = await postTo(post).then(
      (answer) => answer.status,
      () => 0,
    );
    this.#underWay -= items.length;
    if (this.#stopped) return;
    if (status >= 200 && status < 300) this.#delivered(items);
    else this.#again(items);
  }

  #delivered(items: Item[]): void {
    this.counters.sent += items.length;
    const { state, occasions } = this.#options;
    this.#settle(items);
    for (const { pending } of items) {
      if (pending === undefined || !state.subscriptions.has(pending.subscription)) continue;
      if (occasions.strikes('expired-subscription'))
        state.commit([{ op: 'unsubscribe', id: pending.subscription }]);
    }
  }

  #again(items: Item[]): void {
    this.counters.failed += items.length;
    const overdue = this.#options.now() - givenUpAfterMs;
    const dropped = items.filter((item) => item.since < overdue);
    this.counters.dropped += dropped.length;
    this.#settle(dropped);
    const kept = items.filter((item) => item.since >= overdue);
    const attempt = Math.max(0, ...kept.map((item) => item.attempt)) + 1;
    const delayMs = Math.min(longestBackoffMs, firstBackoffMs * 2 ** (attempt - 1));
    if (kept.length > 0)
      this.#delay(
        kept.map((item) => ({ ...item, attempt })),
        delayMs,
      );
  }

  #settle(items: readonly Item[]): void {
    const keys = items.flatMap(({ pending }) => (pending ? [pending.key] : []));
    if (keys.length > 0) this.#options.state.commit([{ op: 'notified', keys }]);
  }
}
