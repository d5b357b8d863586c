import type { Change, Relation } from '../directory/changes.ts';
import type { Properties } from '../directory/directory-object.ts';
import { withRecordsMerged } from '../directory/merge-records.ts';
import type { Tenant } from '../tenant.ts';
import { recordIn, referencedIds } from './body.ts';
import { created, type GraphAnswer, type GraphRequest, noContent, ok } from './exchange.ts';
import { checkLinkable } from './linking.ts';
import { listOf } from './lists.ts';
import { liveObject } from './looking.ts';
import { present } from './present.ts';
import { badRequest } from './problem.ts';
import { allowOptions, selectionOf } from './selection.ts';
import { checkCreate, checkPatch, isUnified } from './validation.ts';

/** How many members one request may bind (Graph: 20). */
const mostBound = 20;

/** GET /groups */
export const listGroups = (tenant: Tenant, request: GraphRequest): GraphAnswer =>
  listOf(tenant, request, 'group');

/** GET /groups/{id} */
export function getGroup(tenant: Tenant, request: GraphRequest): GraphAnswer {
  allowOptions(request.query, ['$select']);
  const group = liveObject(tenant, request, 'group');
  const context = { '@odata.context': `${request.base}/$metadata#groups/$entity` };
  return ok({ ...context, ...present(group, selectionOf(tenant, request, group)) });
}

/** POST /groups, with members and owners bound if asked. */
export function createGroup(tenant: Tenant, request: GraphRequest): GraphAnswer {
  const { properties, links } = parted(recordIn(request));
  checkCreate(tenant.state.directory, 'group', properties);
  const id = tenant.newId();
  const changes = linkChanges(tenant, id, links);
  const given = {
    ...mailOf(properties),
    ...(properties['isAssignableToRole'] === true && { visibility: 'Private' }),
    ...properties,
    createdDateTime: new Date(tenant.now()).toISOString(),
  };
  tenant.state.commit([{ op: 'create', type: 'group', id, properties: given }, ...changes]);
  return created(present(liveObject(tenant, request, 'group', id), undefined));
}

/** PATCH /groups/{id}: properties, and up to 20 members to add. */
export function patchGroup(tenant: Tenant, request: GraphRequest): GraphAnswer {
  const group = liveObject(tenant, request, 'group');
  const { properties, links } = parted(recordIn(request));
  checkPatch(tenant.state.directory, group, properties);
  const changes = linkChanges(tenant, group.id, links);
  if (Object.keys(properties).length > 0)
    changes.unshift({ op: 'patch', id: group.id, properties: withRecordsMerged(group, properties) });
  tenant.state.commit(changes);
  return noContent;
}

/**
 * DELETE /groups/{id}: soft; but distribution and mail-enabled security groups, which belong to Exchange and have no stay in
 * deletedItems, are gone at once.
 */
export function deleteGroup(tenant: Tenant, request: GraphRequest): GraphAnswer {
  const { id, properties } = liveObject(tenant, request, 'group');
  const isExchange = properties['mailEnabled'] === true && !isUnified(properties);
  tenant.state.commit([{ op: isExchange ? 'purge' : 'delete', id }]);
  return noContent;
}

type Bound = Readonly<Record<Relation, readonly string[]>>;

function parted(body: Record<string, unknown>): { properties: Properties; links: Bound } {
  const { 'members@odata.bind': members = [], 'owners@odata.bind': owners = [], ...properties } = body;
  const links = { members: referencedIds(members), owners: referencedIds(owners) };
  if (links.members.length + links.owners.length > mostBound)
    throw badRequest(`The request binds more than ${mostBound} references.`);
  return { properties, links };
}

function linkChanges(tenant: Tenant, group: string, links: Bound): Change[] {
  const relations: Relation[] = ['members', 'owners'];
  return relations.flatMap((relation): Change[] => {
    const targets = [...new Set(links[relation])];
    for (const target of targets) checkLinkable(tenant, { group, relation, target });
    return targets.length === 0 ? [] : [{ op: 'link', relation, group, targets }];
  });
}

/** A Microsoft 365 group gets an address from its nickname. */
function mailOf(properties: Properties): Properties {
  if (!isUnified(properties)) return {};
  const mail = `${String(properties['mailNickname'])}@contoso.onmicrosoft.com`;
  return { mail, proxyAddresses: [`SMTP:${mail}`], visibility: 'Public' };
}
