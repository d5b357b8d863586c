import { type DirectoryObject, isLive, type ObjectType } from '../directory/directory-object.ts';
import type { Tenant } from '../tenant.ts';
import { recordIn } from './body.ts';
import { castOf } from './cast.ts';
import { type GraphAnswer, type GraphRequest, ok } from './exchange.ts';
import { liveObject } from './looking.ts';
import { pageOfList } from './paging.ts';
import { present, presentTyped } from './present.ts';
import { badRequest } from './problem.ts';
import { liveOnes, reachable, seenLinks } from './seen-links.ts';
import { allowOptions, selection, topOf } from './selection.ts';

/** GET /users/{id}/memberOf and /groups/{id}/memberOf, with or without a cast: the live groups that list the object. */
export const listMemberOf =
  (type: ObjectType) =>
  (tenant: Tenant, request: GraphRequest): GraphAnswer => {
    const { id } = liveObject(tenant, request, type);
    const links = seenLinks(tenant, request, 'members', ({ member }) => member?.member === id);
    return listed(tenant, request, links.groupsOf(id));
  };

/** GET …/transitiveMemberOf: also the groups of those groups. */
export const listTransitiveMemberOf =
  (type: ObjectType) =>
  (tenant: Tenant, request: GraphRequest): GraphAnswer =>
    listed(tenant, request, containersOf(tenant, request, liveObject(tenant, request, type).id));

/** How many groups one question may name. */
const mostChecked = 20;

/** POST /users/{id}/checkMemberGroups and the like: which of these groups the object is in, directly or not. */
export const checkMemberGroups =
  (type: ObjectType) =>
  (tenant: Tenant, request: GraphRequest): GraphAnswer => {
    const { groupIds } = recordIn(request);
    if (!Array.isArray(groupIds) || groupIds.length === 0 || groupIds.length > mostChecked)
      throw badRequest(`Between 1 and ${mostChecked} groupIds were expected.`);
    const containers = containersOf(tenant, request, liveObject(tenant, request, type).id);
    const asked = [...new Set(groupIds.map((id) => String(id).toLowerCase()))];
    const context = `${request.base}/$metadata#Collection(Edm.String)`;
    return ok({ '@odata.context': context, value: asked.filter((id) => containers.has(id)) });
  };

function containersOf(tenant: Tenant, request: GraphRequest, id: string): ReadonlySet<string> {
  const links = seenLinks(tenant, request, 'members');
  return reachable(id, (one) => liveOnes(tenant, links.groupsOf(one)));
}

function listed(tenant: Tenant, request: GraphRequest, groups: ReadonlySet<string>): GraphAnswer {
  allowOptions(request.query, ['$select', '$top', '$skiptoken', '$count']);
  const cast = castOf(request);
  const select = selection(request.query, ['group']);
  const { directory } = tenant.state;
  return pageOfList<DirectoryObject>({
    request,
    context: cast ? 'groups' : 'directoryObjects',
    top: topOf(request.query, tenant.pageSize),
    show: (object) => (cast ? present(object, select) : presentTyped(object, select)),
    source: function* (after) {
      const objects = [...groups].map((id) => directory.object(id)).filter(isLive);
      for (const object of objects.sort((left, right) => left.createdSeq - right.createdSeq))
        if (object.createdSeq > after && (cast ?? 'group') === 'group')
          yield { place: object.createdSeq, item: object };
    },
  });
}
