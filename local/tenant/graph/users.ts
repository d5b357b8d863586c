import { withRecordsMerged } from '../directory/merge-records.ts';
import type { Tenant } from '../tenant.ts';
import { recordIn } from './body.ts';
import { created, type GraphAnswer, type GraphRequest, noContent, ok } from './exchange.ts';
import { expansionOf } from './expansion.ts';
import { listOf } from './lists.ts';
import { liveObject } from './looking.ts';
import { present } from './present.ts';
import { badRequest } from './problem.ts';
import { allowOptions, selectionOf } from './selection.ts';
import { checkCreate, checkPatch } from './validation.ts';

/** GET /users, with `$expand=manager` if asked. */
export const listUsers = (tenant: Tenant, request: GraphRequest): GraphAnswer =>
  listOf(tenant, request, 'user', expansionOf(tenant, request));

/** GET /users/{id or principal name}, with `$expand=manager` if asked. */
export function getUser(tenant: Tenant, request: GraphRequest): GraphAnswer {
  allowOptions(request.query, ['$select', '$expand']);
  const user = liveObject(tenant, request, 'user');
  const select = selectionOf(tenant, request, user);
  const expanded = expansionOf(tenant, request)?.(user);
  const context = { '@odata.context': `${request.base}/$metadata#users/$entity` };
  return ok({ ...context, ...present(user, select), ...expanded });
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
  if (Object.keys(properties).length > 0)
    tenant.state.commit([{ op: 'patch', id: user.id, properties: withRecordsMerged(user, properties) }]);
  return noContent;
}

/** DELETE /users/{id}: soft, restorable from deletedItems. */
export function deleteUser(tenant: Tenant, request: GraphRequest): GraphAnswer {
  tenant.state.commit([{ op: 'delete', id: liveObject(tenant, request, 'user').id }]);
  return noContent;
}
