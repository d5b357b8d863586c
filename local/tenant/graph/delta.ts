import { disturbPage, disturbStart, emptyInstead, mustResync } from '../awkward/delta.ts';
import type { DeltaPosition } from '../delta/delta-position.ts';
import { pageAt } from '../delta/page.ts';
import type { Tenant } from '../tenant.ts';
import { presentItem } from './delta-item.ts';
import { type GraphAnswer, type GraphRequest, ok } from './exchange.ts';
import { idsOf } from './filter.ts';
import { queryText } from './paging.ts';
import { resyncRequired } from './problem.ts';
import { mayReadMembers } from './seen-links.ts';
import { allowOptions, selection } from './selection.ts';

type Kind = DeltaPosition['kind'];

/** GET /users/delta and /groups/delta (reference B). */
export const delta =
  (kind: Kind) =>
  (tenant: Tenant, request: GraphRequest): GraphAnswer => {
    const token = request.query.get('$deltatoken');
    if (token === 'latest') return onlyLink(tenant, request, firstPosition(tenant, request, kind));
    const given = token || request.query.get('$skiptoken');
    if (!given) return answerPage(tenant, request, firstPosition(tenant, request, kind));
    const position = tenant.deltaTokens.read(given, kind, tenant.now());
    if (position === undefined) throw resyncRequired(fullRound(request, kind));
    if (!token) return answerPage(tenant, request, position);
    if (mustResync(tenant, request)) throw resyncRequired(fullRound(request, kind, position));
    const start = { ...position, ...minimalIn(request), upTo: tenant.state.directory.position };
    return answerPage(tenant, request, disturbStart(tenant, request, start));
  };

function firstPosition(tenant: Tenant, request: GraphRequest, kind: Kind): DeltaPosition {
  allowOptions(request.query, ['$select', '$filter', '$deltatoken', '$skiptoken']);
  const select = selection(request.query, [kind], kind === 'group' ? ['members'] : ['manager']);
  const ids = idsOf(request.query);
  return {
    kind,
    ...(select && { select }),
    ...(ids && { ids }),
    ...minimalIn(request),
    from: 0,
    upTo: tenant.state.directory.position,
    after: 0,
    deferred: [],
    issuedAt: tenant.now(),
  };
}

/** `Prefer: return=minimal` is an option of the call with the delta link, not of the token. */
const minimalIn = (request: GraphRequest): { minimal?: true } =>
  request.header('prefer')?.includes('return=minimal') ? { minimal: true } : {};

function answerPage(tenant: Tenant, request: GraphRequest, position: DeltaPosition): GraphAnswer {
  if (emptyInstead(tenant, request, position))
    return page(tenant, request, [], { ...position, emptied: true });
  const making = disturbPage(tenant, request, position);
  const { items, next } = pageAt(tenant.state.directory, position, making);
  if (!request.caller.administrator && !position.lagging)
    tenant.served[position.kind] = tenant.state.directory.position;
  const mayRead = (group: string): boolean => mayReadMembers(tenant, request, group);
  const shown = making
    .rearranged(items)
    .map((item) => presentItem(tenant.state.directory, position, item, mayRead));
  if (next) return page(tenant, request, shown, next);
  return ok({ ...heading(request, position.kind), ...deltaLink(tenant, request, position), value: shown });
}

function page(tenant: Tenant, request: GraphRequest, value: unknown[], next: DeltaPosition): GraphAnswer {
  const token = tenant.deltaTokens.write({ ...next, issuedAt: tenant.now() });
  const link = `${request.base}/${next.kind}s/delta?$skiptoken=${token}`;
  return ok({ ...heading(request, next.kind), '@odata.nextLink': link, value });
}

const onlyLink = (tenant: Tenant, request: GraphRequest, position: DeltaPosition): GraphAnswer =>
  ok({ ...heading(request, position.kind), ...deltaLink(tenant, request, position), value: [] });

/** The round's end is where the next one begins. */
function deltaLink(tenant: Tenant, request: GraphRequest, position: DeltaPosition) {
  const { kind, select, ids } = position;
  const start: DeltaPosition = {
    kind,
    ...(select && { select }),
    ...(ids && { ids }),
    from: position.upTo,
    upTo: position.upTo,
    after: 0,
    deferred: [],
    issuedAt: tenant.now(),
  };
  const token = tenant.deltaTokens.write(start);
  return { '@odata.deltaLink': `${request.base}/${position.kind}s/delta?$deltatoken=${token}` };
}

/** Where to start anew: the original query with an empty token. */
function fullRound(request: GraphRequest, kind: Kind, position?: DeltaPosition): string {
  const query = new URLSearchParams();
  if (position?.select) query.set('$select', position.select.join(','));
  if (position?.ids) query.set('$filter', position.ids.map((id) => `id eq '${id}'`).join(' or '));
  query.set('$deltatoken', '');
  return `${request.base}/${kind}s/delta?${queryText(query)}`;
}

const heading = (request: GraphRequest, kind: Kind) => ({
  '@odata.context': `${request.base}/$metadata#${kind}s`,
});
