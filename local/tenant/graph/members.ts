import type { Relation } from '../directory/changes.ts';
import { type DirectoryObject, isLive } from '../directory/directory-object.ts';
import type { Tenant } from '../tenant.ts';
import { castOf } from './cast.ts';
import type { GraphAnswer, GraphRequest } from './exchange.ts';
import { filterOf } from './filter.ts';
import { liveObject, unheardOf } from './looking.ts';
import { pageOfList } from './paging.ts';
import { present, presentTyped } from './present.ts';
import { allowOptions, selection, topOf } from './selection.ts';

/** GET /groups/{id}/members and …/owners, with or without a cast. Soft-deleted ones are not listed. */
export const listLinks =
  (relation: Relation) =>
  (tenant: Tenant, request: GraphRequest): GraphAnswer => {
    allowOptions(request.query, ['$select', '$top', '$skiptoken', '$count', '$filter']);
    const cast = castOf(request);
    const select = selection(request.query, cast ? [cast] : undefined);
    const passes = filterOf(request.query);
    const links = linksSeen(tenant, request, relation);
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
  };

/** The links of a group as this caller sees them: perhaps without the newest ones, and with those just removed. */
function linksSeen(tenant: Tenant, request: GraphRequest, relation: Relation): ReadonlyMap<string, number> {
  const group = liveObject(tenant, request, 'group').id;
  const links = tenant.state.directory.links(relation).of(group);
  const unheard = unheardOf(tenant, request, (event) => event.id === group && event.member !== undefined);
  if (unheard.length === 0 || relation !== 'members') return links;
  const seen = new Map(links);
  for (const { seq, member } of unheard) {
    if (member?.added) seen.delete(member.member);
    else if (member) seen.set(member.member, seq);
  }
  return seen;
}
