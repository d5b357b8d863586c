import type { Relation } from '../directory/changes.ts';
import { isLive } from '../directory/directory-object.ts';
import type { Tenant } from '../tenant.ts';
import { recordIn, referencedId } from './body.ts';
import { type GraphAnswer, type GraphRequest, noContent, param } from './exchange.ts';
import { liveObject } from './looking.ts';
import { badRequest, notFound } from './problem.ts';

type Link = { group: string; relation: Relation; target: string };

/** Refuses a link to what does not exist (404), to the group itself, or that there already is (400). */
export function checkLinkable(tenant: Tenant, link: Link): void {
  const { directory } = tenant.state;
  if (!isLive(directory.object(link.target))) throw notFound(link.target);
  if (link.relation === 'members' && link.target === link.group)
    throw badRequest('A group cannot be a member of itself.');
  if (directory.links(link.relation).has(link.group, link.target))
    throw badRequest(
      `One or more added object references already exist for the following modified properties: '${link.relation}'.`,
    );
}

/** POST /groups/{id}/members/$ref and …/owners/$ref */
export const addLink =
  (relation: Relation) =>
  (tenant: Tenant, request: GraphRequest): GraphAnswer => {
    const group = liveObject(tenant, request, 'group').id;
    const target = referencedId(recordIn(request)['@odata.id']);
    checkLinkable(tenant, { group, relation, target });
    tenant.state.commit([{ op: 'link', relation, group, targets: [target] }]);
    return noContent;
  };

/** DELETE /groups/{id}/members/{id}/$ref and …/owners/{id}/$ref */
export const removeLink =
  (relation: Relation) =>
  (tenant: Tenant, request: GraphRequest): GraphAnswer => {
    const group = liveObject(tenant, request, 'group').id;
    const target = param(request, 'target').toLowerCase();
    const { directory } = tenant.state;
    const listed = isLive(directory.object(target)) && directory.links(relation).has(group, target);
    if (!listed) throw notFound(target);
    tenant.state.commit([{ op: 'unlink', relation, group, target }]);
    return noContent;
  };
