import type { TokenCredential } from '@azure/identity';
import { createTenant } from '../../../shared/adapters/graph/tenant.ts';
import { systemClock } from '../../../shared/adapters/system-clock.ts';
import { type ObjectId, objectIdFrom } from '../../../shared/domain/object-id.ts';
import type { DeltaItem, DeltaPage, Tenant } from '../../../shared/ports.ts';
import { startTenant, type TenantOptions, type TestTenant } from '../../fixtures/tenant.ts';

/** The port over the tenant simulator as a process, with the administrator who changes it. */
export type Stand = {
  graph: TestTenant;
  tenant: Tenant;
  admin: Admin;
  /** The port with other options, over the same tenant. */
  portWith(options: { photo?: boolean; writebackConfiguration?: boolean; roles?: string[] }): Tenant;
};
/** A request of the administrator; `/control/…` and `/beta/…` too. Throws where it is refused. */
export type Admin = (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>;

export const credentialOf = (token: string): TokenCredential => ({
  getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
});

export async function stand(options: TenantOptions = {}): Promise<Stand> {
  const graph = await startTenant(options);
  const portWith: Stand['portWith'] = ({ roles = [], ...wanted }) =>
    createTenant({
      baseUrl: graph.url,
      credential: credentialOf(graph.tokenFor('application', roles)),
      clock: systemClock,
      ...wanted,
    });
  return { graph, tenant: portWith({}), admin: adminOf(graph), portWith };
}

function adminOf(graph: TestTenant): Admin {
  return async (method, path, body) => {
    const origin = new URL(graph.url).origin;
    const url = /^\/(control|beta)\//.test(path) ? `${origin}${path}` : `${graph.url}${path}`;
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${graph.adminToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  };
}

export const userBody = (n: number) => ({
  displayName: `User ${n}`,
  userPrincipalName: `user${n}@example.com`,
  mailNickname: `user${n}`,
  accountEnabled: true,
  passwordProfile: { password: 'irrelevant-Passw0rd' },
});
export const groupBody = (n: number) => ({
  displayName: `Group ${n}`,
  mailNickname: `group${n}`,
  mailEnabled: false,
  securityEnabled: true,
  groupTypes: [],
});

export async function makeUser(admin: Admin, n: number): Promise<ObjectId> {
  return objectIdFrom(String((await admin('POST', '/users', userBody(n)))['id'])) as ObjectId;
}
export async function makeGroup(admin: Admin, n: number): Promise<ObjectId> {
  return objectIdFrom(String((await admin('POST', '/groups', groupBody(n)))['id'])) as ObjectId;
}
export const addMember = ({ admin, graph }: Stand, group: ObjectId, member: ObjectId) =>
  admin('POST', `/groups/${group}/members/$ref`, { '@odata.id': `${graph.url}/directoryObjects/${member}` });
export const setManager = ({ admin, graph }: Stand, user: ObjectId, manager: ObjectId) =>
  admin('PUT', `/users/${user}/manager/$ref`, { '@odata.id': `${graph.url}/directoryObjects/${manager}` });

type Pages<T> = (link: string | undefined) => Promise<DeltaPage<T>>;

/** Follows a round to its end; starts anew on a resync. */
export async function round<T>(
  pages: Pages<T>,
  from?: string,
): Promise<{ items: DeltaItem<T>[]; link: string; resyncs: number }> {
  let items: DeltaItem<T>[] = [];
  let link = from;
  for (let resyncs = 0; ; ) {
    const page = await pages(link);
    if (page.type === 'resync') {
      items = [];
      link = undefined;
      resyncs += 1;
      continue;
    }
    items.push(...page.items);
    link = page.link;
    if (page.type === 'done') return { items, link: page.link, resyncs };
  }
}
