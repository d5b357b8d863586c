import { TrieRouter } from 'hono/router/trie-router';
import { propertiesOf } from '../directory/properties.ts';
import type { Tenant } from '../tenant.ts';
import { getDeletedItem, listDeletedItems, purgeDeletedItem, restoreDeletedItem } from './deleted-items.ts';
import { delta } from './delta.ts';
import { createOther, deleteOther, getByIds, getDirectoryObject, getOther } from './directory-objects.ts';
import type { GraphAnswer, GraphRequest } from './exchange.ts';
import { createGroup, deleteGroup, getGroup, listGroups, patchGroup } from './groups.ts';
import { addLink, removeLink } from './linking.ts';
import { checkMemberGroups, listMemberOf, listTransitiveMemberOf } from './member-of.ts';
import { listLinks, listTransitiveMembers } from './members.ts';
import { deletePhoto, getPhoto, getPhotoValue, getSizedPhotoValue, putPhoto } from './photos.ts';
import { badRequest, forbidden, GraphProblem } from './problem.ts';
import {
  createSubscription,
  deleteSubscription,
  getSubscription,
  listSubscriptions,
  patchSubscription,
  reauthorizeSubscription,
} from './subscriptions.ts';
import {
  deleteManager,
  getManager,
  getManagerReference,
  listDirectReports,
  putManager,
} from './user-manager.ts';
import { createUser, deleteUser, getUser, listUsers, patchUser } from './users.ts';

type Handler = (tenant: Tenant, request: GraphRequest) => GraphAnswer | Promise<GraphAnswer>;
type Route = { name: string; handler: Handler; needs: 'reader' | 'administrator' };

const router = new TrieRouter<Route>();

function route(needs: Route['needs'], method: string, path: string, handler: Handler): void {
  router.add(method, path, { name: `${method} ${path}`, handler, needs });
}

route('reader', 'GET', '/users', listUsers);
route('administrator', 'POST', '/users', createUser);
route('reader', 'GET', '/users/delta', delta('user'));
route('reader', 'GET', '/users/:id', getUser);
route('administrator', 'PATCH', '/users/:id', patchUser);
route('administrator', 'DELETE', '/users/:id', deleteUser);
route('reader', 'GET', '/users/:id/manager', getManager);
route('reader', 'GET', '/users/:id/manager/$ref', getManagerReference);
route('administrator', 'PUT', '/users/:id/manager/$ref', putManager);
route('administrator', 'DELETE', '/users/:id/manager/$ref', deleteManager);
route('reader', 'GET', '/users/:id/directReports', listDirectReports);
route('reader', 'GET', '/users/:id/photo', getPhoto);
route('reader', 'GET', '/users/:id/photo/$value', getPhotoValue);
route('reader', 'GET', '/users/:id/photos/:size/$value', getSizedPhotoValue);
route('administrator', 'PUT', '/users/:id/photo/$value', putPhoto);
route('administrator', 'DELETE', '/users/:id/photo/$value', deletePhoto);

route('reader', 'GET', '/groups', listGroups);
route('administrator', 'POST', '/groups', createGroup);
route('reader', 'GET', '/groups/delta', delta('group'));
route('reader', 'GET', '/groups/:id', getGroup);
route('administrator', 'PATCH', '/groups/:id', patchGroup);
route('administrator', 'DELETE', '/groups/:id', deleteGroup);
route('reader', 'GET', '/groups/:id/transitiveMembers', listTransitiveMembers);
route('reader', 'GET', '/groups/:id/transitiveMembers/:cast', listTransitiveMembers);
for (const type of ['user', 'group'] as const) {
  route('reader', 'GET', `/${type}s/:id/memberOf`, listMemberOf(type));
  route('reader', 'GET', `/${type}s/:id/memberOf/:cast`, listMemberOf(type));
  route('reader', 'GET', `/${type}s/:id/transitiveMemberOf`, listTransitiveMemberOf(type));
  route('reader', 'GET', `/${type}s/:id/transitiveMemberOf/:cast`, listTransitiveMemberOf(type));
  route('reader', 'POST', `/${type}s/:id/checkMemberGroups`, checkMemberGroups(type));
}
for (const relation of ['members', 'owners'] as const) {
  route('reader', 'GET', `/groups/:id/${relation}`, listLinks(relation));
  route('reader', 'GET', `/groups/:id/${relation}/:cast`, listLinks(relation));
  route('administrator', 'POST', `/groups/:id/${relation}/$ref`, addLink(relation));
  route('administrator', 'DELETE', `/groups/:id/${relation}/:target/$ref`, removeLink(relation));
}

route('reader', 'POST', '/directoryObjects/getByIds', getByIds);
route('reader', 'GET', '/directoryObjects/:id', getDirectoryObject);
const others = { devices: 'device', servicePrincipals: 'servicePrincipal', contacts: 'orgContact' } as const;
for (const [path, type] of Object.entries(others)) {
  route('administrator', 'POST', `/${path}`, createOther(type));
  route('reader', 'GET', `/${path}/:id`, getOther(type));
  route('administrator', 'DELETE', `/${path}/:id`, deleteOther(type));
}

const deletedCast = '/directory/deletedItems/:cast{microsoft\\.graph\\..+}';
route('reader', 'GET', deletedCast, listDeletedItems);
route('reader', 'GET', '/directory/deletedItems/:id', getDeletedItem);
route('reader', 'GET', '/directory/deletedItems/:id/:cast', getDeletedItem);
route('administrator', 'POST', '/directory/deletedItems/:id/restore', restoreDeletedItem);
route('administrator', 'DELETE', '/directory/deletedItems/:id', purgeDeletedItem);

route('reader', 'GET', '/subscriptions', listSubscriptions);
route('reader', 'POST', '/subscriptions', createSubscription);
route('reader', 'GET', '/subscriptions/:id', getSubscription);
route('reader', 'PATCH', '/subscriptions/:id', patchSubscription);
route('reader', 'DELETE', '/subscriptions/:id', deleteSubscription);
route('reader', 'POST', '/subscriptions/:id/reauthorize', reauthorizeSubscription);

/** The answer to a request, problems included; each is counted by its route. */
export async function answerTo(tenant: Tenant, request: GraphRequest): Promise<GraphAnswer> {
  try {
    const { route: found, params } = matched(request);
    if (!request.caller.administrator) tenant.counts.add(found.name);
    if (found.needs === 'administrator' && !request.caller.administrator) throw forbidden();
    refuseBetaProperties(request);
    return await found.handler(tenant, { ...request, params });
  } catch (error) {
    if (error instanceof GraphProblem) return problemAnswer(error, tenant);
    throw error;
  }
}

/** A problem in Graph's shape. */
export function problemAnswer(problem: GraphProblem, tenant: Pick<Tenant, 'now' | 'newId'>): GraphAnswer {
  const innerError = {
    date: new Date(tenant.now()).toISOString().slice(0, 19),
    'request-id': tenant.newId(),
  };
  const { status, code, message, headers, details } = problem;
  return { status, headers, body: { error: { code, message, ...(details && { details }), innerError } } };
}

/** v1.0 knows nothing of what only beta has, neither in `$select` nor in a body. */
function refuseBetaProperties(request: GraphRequest): void {
  if (request.version === 'beta') return;
  const body = typeof request.body === 'object' && request.body !== null ? Object.keys(request.body) : [];
  const selected = request.query.get('$select')?.split(',') ?? [];
  const beta = [...selected, ...body].find((name) => propertiesOf('group')[name.trim()]?.beta === true);
  if (beta !== undefined)
    throw badRequest(`Could not find a property named '${beta}' on type 'microsoft.graph.group'.`);
}

function matched(request: GraphRequest): { route: Route; params: Record<string, string> } {
  const [handlers] = router.match(request.method, request.path);
  const [found, params] = handlers[0] ?? [];
  if (found === undefined) throw unknownSegment(request);
  return { route: found, params: (params ?? {}) as Record<string, string> };
}

const unknownSegment = (request: GraphRequest): GraphProblem =>
  new GraphProblem(
    400,
    'BadRequest',
    `Resource not found for ${request.method} on the segment '${request.path.split('/').at(-1) ?? ''}'.`,
  );
