import type { Relation } from '../directory/changes.ts';
import { type DirectoryObject, isLive } from '../directory/directory-object.ts';
import type { Tenant } from '../tenant.ts';
import { castOf } from './cast.ts';
import type { GraphAnswer, GraphRequest } from './exchange.ts';
import { filterOf } from './filter.ts';
import { liveObject } from './looking.ts';
import { pageOfList } from './paging.ts';
import { present, presentTyped } from './present.ts';
import { liveOnes, reachable, requireReadableMembers, seenLinks } from './seen-links.ts';
import { allowOptions, selection, topOf } from './selection.ts';

/** GET /groups/{id}/members and …/owners, with or without a cast. Soft-deleted ones are not listed. */
export const listLinks =
  (relation: Relation) =>
  (tenant: Tenant, request: GraphRequest): GraphAnswer => {
    const group = liveObject(tenant, request, 'group').id;
    if (relation === 'members') requireReadableMembers(tenant, request, group);
    return listed(tenant, request, seenLinks(tenant, request, relation, ({ id }) => id === group).of(group));
  };

/** GET /groups/{id}/transitiveMembers, with or without a cast: through live groups, each once. */
export function listTransitiveMembers(tenant: Tenant, request: GraphRequest): GraphAnswer {
  const group = liveObject(tenant, request, 'group').id;
  requireReadableMembers(tenant, request, group);
  const links = seenLinks(tenant, request, 'members');
  const found = reachable(group, (id) => liveOnes(tenant, links.of(id).keys()));
  const { directory } = tenant.state;
  const placed = [...found].map((id) => [id, directory.object(id)?.createdSeq ?? 0] as const);
  return listed(tenant, request, new Map(placed.sort(([, left], [, right]) => left - right)));
}

function listed(tenant: Tenant, request: GraphRequest, links: ReadonlyMap<string, number>): GraphAnswer {
  allowOptions(request.query, ['$select', '$top', '$skiptoken', '$count', '$filter']);
  const cast = castOf(request);
  const select = selection(request.query, cast ? [cast] : undefined);
  const passes = filterOf(request.query);
  const { directory } = tenant.state;
  return pageOfList<DirectoryObject>({
    request,
    context: cast ? `${cast}s` : 'directoryObjects',
    top: topOf(request.query, tenant.pageSize),
    show: (object) => (cast ? present(object, select) : presentTyped(object, select)),
    source: function* (after) {
      for (const [target, place] of links) {
        const object = place > after ? directory.object(target) : undefined;
        if (isLive(object) && (!cast || object.type === cast) && passes(object))
          yield { place, item: object };
      }
    },
  });
}
