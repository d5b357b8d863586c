import type { Change } from '../directory/changes.ts';
import type { DirectoryObject } from '../directory/directory-object.ts';
import type { Tenant } from '../tenant.ts';
import { recordIn } from './body.ts';
import { castOf } from './cast.ts';
import { type GraphAnswer, type GraphRequest, noContent, ok, param } from './exchange.ts';
import { filterOf } from './filter.ts';
import { look } from './looking.ts';
import { pageOfList } from './paging.ts';
import { present, presentTyped } from './present.ts';
import { badRequest, notFound } from './problem.ts';
import { allowOptions, selection, topOf } from './selection.ts';
import { checkUserName } from './validation.ts';

/** GET /directory/deletedItems/microsoft.graph.user and …group; the cast is required. */
export function listDeletedItems(tenant: Tenant, request: GraphRequest): GraphAnswer {
  allowOptions(request.query, ['$select', '$top', '$filter', '$skiptoken', '$count']);
  const type = castOf(request);
  if (type === undefined) throw badRequest('A cast to the type of object is required.');
  const select = selection(request.query, [type]);
  const passes = filterOf(request.query);
  const { directory } = tenant.state;
  return pageOfList<DirectoryObject>({
    request,
    context: `${type}s`,
    top: topOf(request.query, tenant.pageSize),
    show: (object) => present(object, select),
    source: function* (after) {
      for (const object of directory.ofType(type, after))
        if (object.deletedAt !== undefined && passes(object))
          yield { place: object.createdSeq, item: object };
    },
  });
}

/** GET /directory/deletedItems/{id} */
export function getDeletedItem(tenant: Tenant, request: GraphRequest): GraphAnswer {
  const type = castOf(request);
  const object = deletedObject(tenant, request);
  if (type !== undefined && type !== object.type) throw notFound(object.id);
  return ok(presentTyped(object, selection(request.query)));
}

/**
 * POST /directory/deletedItems/{id}/restore. A user whose principal name was taken meanwhile needs `newUserPrincipalName`;
 * `autoReconcileProxyConflict` is taken and changes nothing, as addresses are not checked here.
 */
export function restoreDeletedItem(tenant: Tenant, request: GraphRequest): GraphAnswer {
  const object = deletedObject(tenant, request);
  const { newUserPrincipalName: name } = request.body === undefined ? {} : recordIn(request);
  const renamed = name === undefined || object.type !== 'user' ? {} : { userPrincipalName: name };
  const named = object.type === 'user' ? { ...object.properties, ...renamed } : {};
  checkUserName(tenant.state.directory, named, object.id);
  const patch: Change = { op: 'patch', id: object.id, properties: renamed };
  tenant.state.commit([...(name === undefined ? [] : [patch]), { op: 'restore', id: object.id }]);
  return ok(presentTyped(tenant.state.directory.object(object.id) ?? object, undefined));
}

/** DELETE /directory/deletedItems/{id}: for good. */
export function purgeDeletedItem(tenant: Tenant, request: GraphRequest): GraphAnswer {
  tenant.state.commit([{ op: 'purge', id: deletedObject(tenant, request).id }]);
  return noContent;
}

function deletedObject(tenant: Tenant, request: GraphRequest): DirectoryObject {
  const id = param(request, 'id').toLowerCase();
  const object = look(tenant, request, id);
  if (object?.deletedAt === undefined) throw notFound(id);
  return object;
}
