import { type DirectoryObject, isLive } from '../directory/directory-object.ts';
import type { Tenant } from '../tenant.ts';
import { recordIn, referencedId } from './body.ts';
import { type GraphAnswer, type GraphRequest, noContent, ok } from './exchange.ts';
import { managerSeen } from './expansion.ts';
import { liveObject, unheardOf } from './looking.ts';
import { pageOfList } from './paging.ts';
import { presentTyped } from './present.ts';
import { badRequest, notFound } from './problem.ts';
import { allowOptions, selection, topOf } from './selection.ts';

/** GET /users/{id}/manager; 404 where there is none, or it is soft-deleted. */
export function getManager(tenant: Tenant, request: GraphRequest): GraphAnswer {
  const manager = liveManager(tenant, request);
  return ok(presentTyped(manager, selection(request.query)));
}

/** GET /users/{id}/manager/$ref */
export function getManagerReference(tenant: Tenant, request: GraphRequest): GraphAnswer {
  const { id } = liveManager(tenant, request);
  return ok({ '@odata.id': `${request.base}/directoryObjects/${id}/Microsoft.DirectoryServices.User` });
}

/** PUT /users/{id}/manager/$ref: a user or a contact. */
export function putManager(tenant: Tenant, request: GraphRequest): GraphAnswer {
  const user = liveObject(tenant, request, 'user').id;
  const target = referencedId(recordIn(request)['@odata.id']);
  const manager = tenant.state.directory.object(target);
  if (!isLive(manager)) throw notFound(target);
  if (target === user || (manager.type !== 'user' && manager.type !== 'orgContact'))
    throw badRequest('Invalid object reference for the manager of a user.');
  if (tenant.state.directory.lines.managerOf(user) !== target)
    tenant.state.commit([{ op: 'manager', user, target }]);
  return noContent;
}

/** DELETE /users/{id}/manager/$ref */
export function deleteManager(tenant: Tenant, request: GraphRequest): GraphAnswer {
  const user = liveObject(tenant, request, 'user').id;
  liveManager(tenant, request);
  tenant.state.commit([{ op: 'manager', user, target: null }]);
  return noContent;
}

/** GET /users/{id}/directReports: live ones. */
export function listDirectReports(tenant: Tenant, request: GraphRequest): GraphAnswer {
  allowOptions(request.query, ['$select', '$top', '$skiptoken', '$count']);
  const select = selection(request.query);
  const reports = reportsSeen(tenant, request, liveObject(tenant, request, 'user').id);
  const { directory } = tenant.state;
  return pageOfList<DirectoryObject>({
    request,
    context: 'directoryObjects',
    top: topOf(request.query, tenant.pageSize),
    show: (object) => presentTyped(object, select),
    source: function* (after) {
      const objects = [...reports].map((id) => directory.object(id)).filter(isLive);
      for (const object of objects.sort((left, right) => left.createdSeq - right.createdSeq))
        if (object.createdSeq > after) yield { place: object.createdSeq, item: object };
    },
  });
}

function reportsSeen(tenant: Tenant, request: GraphRequest, manager: string): ReadonlySet<string> {
  const unheard = unheardOf(
    tenant,
    request,
    ({ manager: change }) => change?.before === manager || change?.after === manager,
  );
  const seen = new Set(tenant.state.directory.lines.reportsOf(manager));
  for (const { id, manager: change } of unheard) {
    if (change?.after === manager) seen.delete(id);
    if (change?.before === manager) seen.add(id);
  }
  return seen;
}

function liveManager(tenant: Tenant, request: GraphRequest): DirectoryObject {
  const manager = managerSeen(tenant, request, liveObject(tenant, request, 'user').id);
  if (manager === undefined) throw notFound('manager');
  return manager;
}
