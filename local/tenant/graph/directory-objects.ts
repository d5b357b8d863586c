import { isLive, type ObjectType, objectTypes } from '../directory/directory-object.ts';
import type { Tenant } from '../tenant.ts';
import { recordIn } from './body.ts';
import { created, type GraphAnswer, type GraphRequest, noContent, ok, param } from './exchange.ts';
import { liveObject, look } from './looking.ts';
import { present, presentTyped } from './present.ts';
import { badRequest, notFound } from './problem.ts';
import { allowOptions, selection } from './selection.ts';
import { checkCreate } from './validation.ts';

/** GET /directoryObjects/{id}: a live object of whatever type. */
export function getDirectoryObject(tenant: Tenant, request: GraphRequest): GraphAnswer {
  allowOptions(request.query, ['$select']);
  const id = param(request, 'id').toLowerCase();
  const object = look(tenant, request, id);
  if (!isLive(object)) throw notFound(id);
  return ok(presentTyped(object, selection(request.query)));
}

/** POST /directoryObjects/getByIds: up to 1,000; unknown and deleted ids are left out silently. */
export function getByIds(tenant: Tenant, request: GraphRequest): GraphAnswer {
  const { ids, types } = recordIn(request);
  if (!Array.isArray(ids) || ids.length > 1_000) throw badRequest('Between 1 and 1000 ids were expected.');
  const wanted: readonly unknown[] = Array.isArray(types) ? types : objectTypes;
  const select = selection(request.query);
  const found = ids
    .map((id) => look(tenant, request, String(id).toLowerCase()))
    .filter((object) => isLive(object) && wanted.includes(object.type))
    .filter((object) => object !== undefined);
  const context = `${request.base}/$metadata#directoryObjects`;
  return ok({ '@odata.context': context, value: found.map((object) => presentTyped(object, select)) });
}

/** POST /devices, /servicePrincipals, /contacts: only so that other member types exist. */
export const createOther =
  (type: ObjectType) =>
  (tenant: Tenant, request: GraphRequest): GraphAnswer => {
    const properties = recordIn(request);
    if (typeof properties['displayName'] !== 'string')
      throw badRequest("A value is required for property 'displayName'.");
    checkCreate(tenant.state.directory, type, properties);
    const id = tenant.newId();
    tenant.state.commit([{ op: 'create', type, id, properties }]);
    return created(present(liveObject(tenant, request, type, id), undefined));
  };

/** GET /devices/{id} and the like. */
export const getOther =
  (type: ObjectType) =>
  (tenant: Tenant, request: GraphRequest): GraphAnswer =>
    ok(present(liveObject(tenant, request, type), selection(request.query, [type])));

/** DELETE /devices/{id} and the like: at once, without a stay in deletedItems. */
export const deleteOther =
  (type: ObjectType) =>
  (tenant: Tenant, request: GraphRequest): GraphAnswer => {
    tenant.state.commit([{ op: 'purge', id: liveObject(tenant, request, type).id }]);
    return noContent;
  };
