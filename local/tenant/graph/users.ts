import type { Tenant } from '../tenant.ts';
import { recordIn } from './body.ts';
import { created, type GraphAnswer, type GraphRequest, noContent, ok } from './exchange.ts';
import { listOf } from './lists.ts';
import { liveObject } from './looking.ts';
import { present } from './present.ts';
import { badRequest } from './problem.ts';
import { allowOptions, selection } from './selection.ts';
import { checkCreate, checkPatch } from './validation.ts';

/** GET /users */
export const listUsers = (tenant: Tenant, request: GraphRequest): GraphAnswer =>
  listOf(tenant, request, 'user');

/** GET /users/{id or principal name} */
export function getUser(tenant: Tenant, request: GraphRequest): GraphAnswer {
  allowOptions(request.query, ['$select']);
  const select = selection(request.query, ['user']);
  const context = { '@odata.context': `${request.base}/$metadata#users/$entity` };
  return ok({ ...context, ...present(liveObject(tenant, request, 'user'), select) });
}

/** POST /users */
export function createUser(tenant: Tenant, request: GraphRequest): GraphAnswer {
  const { passwordProfile, ...properties } = recordIn(request);
  if (typeof passwordProfile !== 'object' || passwordProfile === null)
    throw badRequest("A value is required for property 'passwordProfile' of resource 'User'.");
  checkCreate(tenant.state.directory, 'user', properties);
  const id = tenant.newId();
  const given = { userType: 'Member', createdDateTime: new Date(tenant.now()).toISOString(), ...properties };
  tenant.state.commit([{ op: 'create', type: 'user', id, properties: given }]);
  return created(present(liveObject(tenant, request, 'user', id), undefined));
}

/** PATCH /users/{id} */
export function patchUser(tenant: Tenant, request: GraphRequest): GraphAnswer {
  const user = liveObject(tenant, request, 'user');
  const properties = { ...recordIn(request) };
  delete properties['passwordProfile'];
  checkPatch(tenant.state.directory, user, properties);
  if (Object.keys(properties).length > 0) tenant.state.commit([{ op: 'patch', id: user.id, properties }]);
  return noContent;
}

/** DELETE /users/{id}: soft, restorable from deletedItems. */
export function deleteUser(tenant: Tenant, request: GraphRequest): GraphAnswer {
  tenant.state.commit([{ op: 'delete', id: liveObject(tenant, request, 'user').id }]);
  return noContent;
}
