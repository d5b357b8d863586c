import { z } from 'zod';
import type { GraphAnswer, GraphCaller } from '../graph-caller.ts';
import { CannotVerify } from './endpoints.ts';

const text = z.string().nullish();

const userSchema = z.object({
  id: z.string().toLowerCase(),
  userPrincipalName: z.string(),
  displayName: text,
  accountEnabled: z.boolean().nullish(),
  userType: text,
  onPremisesSyncEnabled: z.boolean().nullish(),
  onPremisesSecurityIdentifier: text,
  givenName: text,
  surname: text,
  jobTitle: text,
  department: text,
  companyName: text,
  employeeId: text,
  officeLocation: text,
  streetAddress: text,
  city: text,
  state: text,
  postalCode: text,
  country: text,
  preferredLanguage: text,
  businessPhones: z.array(z.string()).default([]),
  mobilePhone: text,
  mail: text,
});
const groupSchema = z.object({
  id: z.string().toLowerCase(),
  displayName: text,
  description: text,
  mail: text,
  mailEnabled: z.boolean().nullish(),
  groupTypes: z.array(z.string()).default([]),
  onPremisesSyncEnabled: z.boolean().nullish(),
  onPremisesSecurityIdentifier: text,
});
export type TenantUser = z.infer<typeof userSchema>;
export type TenantGroup = z.infer<typeof groupSchema>;

/** The tenant as Graph tells it: live and soft-deleted objects by id, and the direct members (ids) of each live group. */
export type TenantState = {
  users: Map<string, TenantUser>;
  deletedUsers: Map<string, TenantUser>;
  groups: Map<string, TenantGroup>;
  deletedGroups: Map<string, TenantGroup>;
  members: Map<string, string[]>;
};

const userSelect = Object.keys(userSchema.shape).join(',');
const groupSelect = Object.keys(groupSchema.shape).join(',');
const batchSize = 20;
const batchAttempts = 20;

/** Reads the whole tenant anew: four lists, and the members of every live group in batches of 20. */
export async function readTenant(graph: GraphCaller): Promise<TenantState> {
  const deleted = '/directory/deletedItems/microsoft.graph';
  const [users, groups, deletedUsers, deletedGroups] = await Promise.all([
    readAll(graph, `/users?$select=${userSelect}&$top=999`, userSchema),
    readAll(graph, `/groups?$select=${groupSelect}&$top=999`, groupSchema),
    readAll(graph, `${deleted}.user?$select=${userSelect}&$top=999`, userSchema),
    readAll(graph, `${deleted}.group?$select=${groupSelect}&$top=999`, groupSchema),
  ]);
  const written = groups.filter((group) => group.onPremisesSyncEnabled !== true).map((group) => group.id);
  return {
    users: byId(users),
    groups: byId(groups),
    deletedUsers: byId(deletedUsers),
    deletedGroups: byId(deletedGroups),
    members: await readMembers(graph, written),
  };
}

const byId = <T extends { id: string }>(items: readonly T[]) => new Map(items.map((item) => [item.id, item]));

const pageSchema = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().optional() });

async function readAll<T>(graph: GraphCaller, path: string, schema: z.ZodType<T>): Promise<T[]> {
  const items: T[] = [];
  let link: string | undefined = path;
  while (link !== undefined) {
    const page: z.infer<typeof pageSchema> = pageOf(await graph.call('GET', link), link);
    items.push(...page.value.map((item) => schema.parse(item)));
    link = page['@odata.nextLink'];
  }
  return items;
}

function pageOf(answer: GraphAnswer, link: string): z.infer<typeof pageSchema> {
  if (answer.status !== 200)
    throw new CannotVerify(`Graph answered ${answer.status} to ${link.split('?')[0]}`);
  return pageSchema.parse(answer.body);
}

const memberSchema = z.object({ id: z.string().toLowerCase() });
const batchSchema = z.object({
  responses: z.array(z.object({ id: z.string(), status: z.number(), body: z.unknown() })),
});

/** A group that is deleted while we read has no list; the next look finds it among the deleted ones. */
async function readMembers(graph: GraphCaller, groups: readonly string[]): Promise<Map<string, string[]>> {
  const members = new Map<string, string[]>();
  for (let at = 0, tries = 0; at < groups.length; ) {
    const wanted = groups.slice(at, at + batchSize).filter((id) => !members.has(id));
    const answers = await batch(graph, wanted);
    for (const { id, status, body } of answers) {
      if (status === 200) members.set(id, await followed(graph, body));
      if (status === 404) members.set(id, []);
    }
    if (wanted.every((id) => members.has(id))) at += batchSize;
    else if (++tries > batchAttempts) throw new CannotVerify('Graph refuses to list the members of a group');
  }
  return members;
}

async function batch(graph: GraphCaller, groups: readonly string[]) {
  const requests = groups.map((id) => ({
    id,
    method: 'GET',
    url: `/groups/${id}/members?$select=id&$top=999`,
  }));
  const answer = await graph.call('POST', '/$batch', { requests });
  if (answer.status !== 200) throw new CannotVerify(`Graph answered ${answer.status} to a batch of reads`);
  return batchSchema.parse(answer.body).responses;
}

async function followed(graph: GraphCaller, body: unknown): Promise<string[]> {
  const first = pageSchema.parse(body);
  const link = first['@odata.nextLink'];
  const rest = link === undefined ? [] : await readAll(graph, link, memberSchema);
  return [...first.value.map((item) => memberSchema.parse(item).id), ...rest.map((item) => item.id)];
}
