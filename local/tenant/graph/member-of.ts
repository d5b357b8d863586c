import { type DirectoryObject, isLive, type ObjectType } from '../directory/directory-object.ts';
import type { Tenant } from '../tenant.ts';
import { castOf } from './cast.ts';
import type { GraphAnswer, GraphRequest } from './exchange.ts';
import { liveObject, unheardOf } from './looking.ts';
import { pageOfList } from './paging.ts';
import { present, presentTyped } from './present.ts';
import { allowOptions, selection, topOf } from './selection.ts';

/** GET /users/{id}/memberOf and /groups/{id}/memberOf, with or without a cast: the live groups that list the object. */
export const listMemberOf =
  (type: ObjectType) =>
  (tenant: Tenant, request: GraphRequest): GraphAnswer => {
    allowOptions(request.query, ['$select', '$top', '$skiptoken', '$count']);
    const cast = castOf(request);
    const select = selection(request.query, ['group']);
    const groups = groupsSeen(tenant, request, liveObject(tenant, request, type).id);
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
  };

function groupsSeen(tenant: Tenant, request: GraphRequest, member: string): ReadonlySet<string> {
  const groups = tenant.state.directory.members.groupsOf(member);
  const unheard = unheardOf(tenant, request, (event) => event.member?.member === member);
  const seen = new Set(groups);
  for (const event of unheard) {
    if (event.member?.added) seen.delete(event.id);
    else seen.add(event.id);
  }
  return seen;
}
