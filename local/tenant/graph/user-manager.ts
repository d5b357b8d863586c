import { isLive } from '../directory/directory-object.ts';
import type { Tenant } from '../tenant.ts';
import { recordIn, referencedId } from './body.ts';
import { type GraphAnswer, type GraphRequest, noContent, ok } from './exchange.ts';
import { liveObject } from './looking.ts';
import { presentTyped } from './present.ts';
import { notFound } from './problem.ts';
import { selection } from './selection.ts';

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

/** PUT /users/{id}/manager/$ref */
export function putManager(tenant: Tenant, request: GraphRequest): GraphAnswer {
  const user = liveObject(tenant, request, 'user').id;
  const target = referencedId(recordIn(request)['@odata.id']);
  if (!isLive(tenant.state.directory.object(target))) throw notFound(target);
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

function liveManager(tenant: Tenant, request: GraphRequest) {
  const { directory } = tenant.state;
  const manager = directory.object(directory.managerOf(liveObject(tenant, request, 'user').id) ?? '');
  if (!isLive(manager)) throw notFound('manager');
  return manager;
}
