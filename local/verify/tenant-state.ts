import { z } from 'zod';
import type { GraphAnswer, GraphCaller } from '../graph-caller.ts';
import { CannotVerify } from './endpoints.ts';
import { readEach } from './read-each.ts';

const text = z.string().nullish();

const userSchema = z.object({
  id: z.string().toLowerCase(),
  userPrincipalName: z.string(),
  mailNickname: text,
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
  employeeType: text,
  employeeOrgData: z.object({ division: text }).nullish(),
  officeLocation: text,
  streetAddress: text,
  city: text,
  state: text,
  postalCode: text,
  country: text,
  preferredLanguage: text,
  businessPhones: z.array(z.string()).nullish(),
  mobilePhone: text,
  faxNumber: text,
  mail: text,
  otherMails: z.array(z.string()).nullish(),
  onPremisesExtensionAttributes: z.record(z.string(), text).nullish(),
});
const groupSchema = z.object({
  id: z.string().toLowerCase(),
  displayName: text,
  description: text,
  mail: text,
  mailEnabled: z.boolean().nullish(),
  securityEnabled: z.boolean().nullish(),
  groupTypes: z.array(z.string()).default([]),
  visibility: text,
  isAssignableToRole: z.boolean().nullish(),
  onPremisesSyncEnabled: z.boolean().nullish(),
  onPremisesSecurityIdentifier: text,
});
export type TenantUser = z.infer<typeof userSchema>;
export type TenantGroup = z.infer<typeof groupSchema>;

/**
 * The tenant as Graph tells it: live and soft-deleted objects by id, the direct members (ids) of each live group and the manager
 * (id) of each live user that has one, of what is born in the cloud.
 */
export type TenantState = {
  users: Map<string, TenantUser>;
  deletedUsers: Map<string, TenantUser>;
  groups: Map<string, TenantGroup>;
  deletedGroups: Map<string, TenantGroup>;
  members: Map<string, string[]>;
  managers: Map<string, string>;
};

const userSelect = Object.keys(userSchema.shape).join(',');
const groupSelect = Object.keys(groupSchema.shape).join(',');

/** Reads the whole tenant anew: four lists, and members and managers in batches of 20. */
export async function readTenant(graph: GraphCaller): Promise<TenantState> {
  const deleted = '/directory/deletedItems/microsoft.graph';
  const [users, groups, deletedUsers, deletedGroups] = await Promise.all([
    readAll(graph, `/users?$select=${userSelect}&$top=999`, userSchema),
    readAll(graph, `/groups?$select=${groupSelect}&$top=999`, groupSchema),
    readAll(graph, `${deleted}.user?$select=${userSelect}&$top=999`, userSchema),
    readAll(graph, `${deleted}.group?$select=${groupSelect}&$top=999`, groupSchema),
  ]);
  const [members, managers] = await Promise.all([
    readMembers(graph, bornInTheCloud(groups)),
    readManagers(graph, bornInTheCloud(users)),
  ]);
  return {
    users: byId(users),
    groups: byId(groups),
    deletedUsers: byId(deletedUsers),
    deletedGroups: byId(deletedGroups),
    members,
    managers,
  };
}

const byId = <T extends { id: string }>(items: readonly T[]) => new Map(items.map((item) => [item.id, item]));

const bornInTheCloud = (items: readonly (TenantUser | TenantGroup)[]): string[] =>
  items.filter((item) => item.onPremisesSyncEnabled !== true).map((item) => item.id);

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

const namedSchema = z.object({ id: z.string().toLowerCase() });

/** A group that is deleted while we read has no list; the next look finds it among the deleted ones. */
async function readMembers(graph: GraphCaller, groups: readonly string[]): Promise<Map<string, string[]>> {
  const paths = new Map(groups.map((id) => [id, `/groups/${id}/members?$select=id&$top=999`]));
  const members = new Map<string, string[]>();
  for (const [id, body] of await readEach(graph, paths))
    members.set(id, body === undefined ? [] : await followed(graph, body));
  return members;
}

async function followed(graph: GraphCaller, body: unknown): Promise<string[]> {
  const first = pageSchema.parse(body);
  const link = first['@odata.nextLink'];
  const rest = link === undefined ? [] : await readAll(graph, link, namedSchema);
  return [...first.value.map((item) => namedSchema.parse(item).id), ...rest.map((item) => item.id)];
}

/** Graph has no manager (404) where there is none, or where the manager is deleted. */
async function readManagers(graph: GraphCaller, users: readonly string[]): Promise<Map<string, string>> {
  const paths = new Map(users.map((id) => [id, `/users/${id}/manager?$select=id`]));
  const managers = new Map<string, string>();
  for (const [id, body] of await readEach(graph, paths))
    if (body !== undefined) managers.set(id, namedSchema.parse(body).id);
  return managers;
}
