import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type Kind, type ObjectId, objectIdFrom } from '../domain/object-id.ts';

/** An object that Graph says changed; `eventAt` is epoch ms where Graph told one that is believable. */
export type Hint = { subscriptionId: string; kind: Kind; id: ObjectId; eventAt: number | undefined };
/** Something about a subscription itself. */
export type LifecycleItem = { subscriptionId: string; event: 'renew' | 'recreate' | 'missed' };
/**
 * What a body holds, and how many items were dropped: without our secret, of a subscription that is not ours, or unreadable.
 * `foreignTo`: the subscriptions that those without our secret name.
 */
export type Items = {
  hints: Hint[];
  lifecycle: LifecycleItem[];
  foreignTo: Set<string>;
  dropped: { foreign: number; unknown: number; unusable: number };
};

/**
 * Lenient on purpose: only what is needed is looked at, unknown words mean `look again`, and a broken item does not spoil its
 * neighbours. Keys may come as `@odata.type` or `#odata.type` (seen in issues).
 */
const itemSchema = z.object({
  subscriptionId: z.string().optional().catch(undefined),
  clientState: z.string().optional().catch(undefined),
  lifecycleEvent: z.string().optional().catch(undefined),
  resource: z.string().optional().catch(undefined),
  resourceData: z
    .object({
      id: z.string().optional().catch(undefined),
      '@odata.type': z.string().optional().catch(undefined),
      '#odata.type': z.string().optional().catch(undefined),
      eventTime: z.string().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});
type Item = z.infer<typeof itemSchema>;
const bodySchema = z.object({ value: z.array(z.unknown()) });

/** How far in the past or future an event time may be to be believed. */
const oldestMs = 24 * 3_600_000;
const newestMs = 5 * 60_000;

/** The items of a notification body that carry our secret; undefined where it is not such a body. `now`: epoch ms. */
export function itemsOf(json: unknown, clientState: string, now: number): Items | undefined {
  const body = bodySchema.safeParse(json);
  if (!body.success) return undefined;
  const dropped = { foreign: 0, unknown: 0, unusable: 0 };
  const items: Items = { hints: [], lifecycle: [], foreignTo: new Set(), dropped };
  const isOurs = secretMatcher(clientState);
  for (const raw of body.data.value) {
    const item = itemSchema.safeParse(raw);
    if (!item.success) items.dropped.unusable += 1;
    else if (!isOurs(item.data.clientState)) leaveOut(items, item.data);
    else sortIn(items, item.data, now);
  }
  return items;
}

/** Compares in constant time, whatever the lengths: digests are always 32 bytes. */
function secretMatcher(secret: string): (given: string | undefined) => boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = digest(secret);
  return (given) => timingSafeEqual(digest(given ?? ''), expected) && given !== undefined;
}

function leaveOut({ dropped, foreignTo }: Items, { subscriptionId }: Item): void {
  dropped.foreign += 1;
  if (subscriptionId !== undefined) foreignTo.add(subscriptionId);
}

/** An item is about an object or about a subscription, whichever URL it came to. */
function sortIn(items: Items, item: Item, now: number): void {
  const found = item.lifecycleEvent === undefined ? hintOf(item, now) : lifecycleOf(item);
  if (found === undefined) items.dropped.unusable += 1;
  else if ('kind' in found) items.hints.push(found);
  else items.lifecycle.push(found);
}

function lifecycleOf({ subscriptionId = '', lifecycleEvent }: Item): LifecycleItem {
  const event = lifecycleEvent?.toLowerCase();
  if (event === 'reauthorizationrequired') return { subscriptionId, event: 'renew' };
  return { subscriptionId, event: event === 'subscriptionremoved' ? 'recreate' : 'missed' };
}

const resourcePath = /^\/?(users|groups)[/(]'?([0-9a-f-]{36})'?\)?/i;

function hintOf({ subscriptionId = '', resource, resourceData }: Item, now: number): Hint | undefined {
  const path = resourcePath.exec(resource ?? '');
  const type = resourceData?.['@odata.type'] ?? resourceData?.['#odata.type'];
  const kind = kindOf(type ?? '') ?? kindOf(path?.[1] ?? '');
  const id = objectIdFrom(resourceData?.id ?? '') ?? objectIdFrom(path?.[2] ?? '');
  if (kind === undefined || id === undefined) return undefined;
  const at = Date.parse(resourceData?.eventTime ?? '');
  return { subscriptionId, kind, id, eventAt: at > now - oldestMs && at < now + newestMs ? at : undefined };
}

function kindOf(word: string): Kind | undefined {
  const name = /(user|group)s?$/i.exec(word)?.[1]?.toLowerCase();
  return name === 'user' || name === 'group' ? name : undefined;
}
