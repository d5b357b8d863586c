import type { DeltaPosition } from '../delta/delta-position.ts';
import type { Making, PageItem } from '../delta/page.ts';
import { linkedIn, type MemberEntry, shownIn } from '../delta/round.ts';
import { isLive } from '../directory/directory-object.ts';
import type { GraphRequest } from '../graph/exchange.ts';
import type { Tenant } from '../tenant.ts';
import { type Behaviour, lagMs } from './behaviours.ts';

/*
 * What delta queries are known to do to applications: empty pages, groups cut in half with others between, items that come
 * again, any order, answers that lag behind, and 410. Everything shown is true as of the page's snapshot, and the snapshot
 * of a lagging round is never older than what an application was shown before: a client that applies items in the
 * order of arrival always ends at the truth.
 */

const strikes = (tenant: Tenant, request: GraphRequest, name: Behaviour): boolean =>
  !request.caller.administrator && tenant.occasions.strikes(name);

/** Whether a delta link is answered with 410 now. */
export const mustResync = (tenant: Tenant, request: GraphRequest): boolean =>
  strikes(tenant, request, 'resync');

/** Whether an empty page comes before the real one; never twice in a row. */
export const emptyInstead = (tenant: Tenant, request: GraphRequest, position: DeltaPosition): boolean =>
  position.emptied !== true && strikes(tenant, request, 'empty-pages');

/** The beginning of an incremental round, perhaps one that has not heard of the last seconds. */
export function disturbStart(tenant: Tenant, request: GraphRequest, start: DeltaPosition): DeltaPosition {
  if (request.caller.administrator) return start;
  const { history, position } = tenant.state.directory;
  const behind = Math.max(
    history.positionBefore(tenant.now() - lagMs),
    tenant.served[start.kind],
    start.from,
  );
  const hidden = history.between(behind, position).some((event) => event.type === start.kind);
  if (!hidden || !strikes(tenant, request, 'lagging-delta')) return start;
  return { ...start, upTo: behind, lagging: true };
}

/** How an awkward page is made, and how its items are arranged afterwards. */
export function disturbPage(
  tenant: Tenant,
  request: GraphRequest,
  position: DeltaPosition,
): Making & { rearranged: (items: PageItem[]) => PageItem[] } {
  return {
    size: tenant.pageSize,
    cut: () => strikes(tenant, request, 'interleaved-groups'),
    rearranged: (items) => reorder(tenant, request, replay(tenant, request, position, items)),
  };
}

/** Repeats an item of the page, and one of an earlier change, as of the snapshot of this page. */
function replay(
  tenant: Tenant,
  request: GraphRequest,
  position: DeltaPosition,
  items: PageItem[],
): PageItem[] {
  const repeated = items[Math.floor(tenant.occasions.random('replayed-items') * items.length)];
  const old = repeated && strikes(tenant, request, 'replayed-items') && earlier(tenant, position, items);
  return old
    ? [...items, { ...repeated, entries: asOfNow(tenant.state, position, repeated) }, ...old]
    : items;
}

/** An item that an earlier round had, with the member it was about then, as that link is now. */
function earlier(tenant: Tenant, position: DeltaPosition, items: readonly PageItem[]): PageItem[] {
  const { directory } = tenant.state;
  const events = directory.history.between(Math.max(0, position.from - 200), position.from);
  const event = events.findLast(
    (one) => one.type === position.kind && !items.some(({ id }) => id === one.id),
  );
  if (event === undefined || (position.ids && !position.ids.includes(event.id))) return [];
  const { member, seq, id } = event;
  const tracked = position.select === undefined || position.select.includes('members');
  const entry = member && { seq, member: member.member, type: member.memberType, added: member.added };
  const item = { id, object: shownIn(directory, position, id), names: undefined };
  return [
    { ...item, entries: asOfNow(tenant.state, position, { id, entries: entry && tracked ? [entry] : [] }) },
  ];
}

/** Entries with `added` as the link is at the page's snapshot; hidden members stay hidden. */
function asOfNow(
  { directory }: Tenant['state'],
  position: DeltaPosition,
  item: Pick<PageItem, 'id' | 'entries'>,
): MemberEntry[] {
  return item.entries
    .map((entry) => ({ ...entry, added: linkedIn(directory, position, item.id, entry.member) }))
    .filter((entry) => !entry.added || isLive(directory.object(entry.member)));
}

/** Another order of the items; repeated objects keep theirs among themselves. */
function reorder(tenant: Tenant, request: GraphRequest, items: PageItem[]): PageItem[] {
  if (items.length < 2 || !strikes(tenant, request, 'reordered-items')) return items;
  const last = new Map(items.map((item) => [item.id, tenant.occasions.random('reordered-items')]));
  return items.toSorted((left, right) => (last.get(left.id) ?? 0) - (last.get(right.id) ?? 0));
}
