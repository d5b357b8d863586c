import { type DirectoryObject, isLive, type ObjectType } from '../directory/directory-object.ts';
import type { Tenant } from '../tenant.ts';
import type { GraphAnswer, GraphRequest } from './exchange.ts';
import { filterOf } from './filter.ts';
import { pageOfList } from './paging.ts';
import { present } from './present.ts';
import { allowOptions, selection, topOf } from './selection.ts';

const contexts: Readonly<Record<ObjectType, string>> = {
  user: 'users',
  group: 'groups',
  device: 'devices',
  servicePrincipal: 'servicePrincipals',
  orgContact: 'contacts',
};

/** All live objects of a type that pass `$filter`, in pages; `expanded` is what `$expand` adds to each. */
export function listOf(
  tenant: Tenant,
  request: GraphRequest,
  type: ObjectType,
  expanded: ((object: DirectoryObject) => object) | undefined = undefined,
): GraphAnswer {
  const options = ['$select', '$top', '$filter', '$skiptoken', '$count', ...(expanded ? ['$expand'] : [])];
  allowOptions(request.query, options);
  const select = selection(request.query, [type]);
  const passes = filterOf(request.query);
  const { directory } = tenant.state;
  const objects = function* (after: number) {
    for (const object of directory.ofType(type, after))
      if (isLive(object) && passes(object)) yield { place: object.createdSeq, item: object };
  };
  return pageOfList({
    request,
    context: contexts[type],
    source: objects,
    top: topOf(request.query, tenant.pageSize),
    show: (object) => ({ ...present(object, select), ...expanded?.(object) }),
  });
}
