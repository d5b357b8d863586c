import { randomUUID } from 'node:crypto';
import { Client } from '@microsoft/microsoft-graph-client';
import { expect, test, vi } from 'vitest';
import { startTenant, type TenantOptions, type TestTenant } from '../../fixtures/tenant.ts';

/*
 * The world of the Graph contract: the tenant simulator, or a real tenant given by
 *   CONTRACT_GRAPH_URL               https://graph.microsoft.com/v1.0
 *   CONTRACT_GRAPH_TOKEN             a token that may read and write users, groups, devices and subscriptions
 *   CONTRACT_GRAPH_DOMAIN            a verified domain for user principal names
 *   CONTRACT_GRAPH_SUBSCRIBER_URL    public https address that leads to CONTRACT_GRAPH_SUBSCRIBER_PORT of this machine
 * Against a real tenant the tests declared `standInOnly` are not part of the suite, and those declared `subscribing` only with
 * a subscriber address. What the tests create there they delete and purge.
 */

const real = process.env['CONTRACT_GRAPH_URL'];
const subscriberUrl = process.env['CONTRACT_GRAPH_SUBSCRIBER_URL'];
const none = (() => {}) as unknown as typeof test;

/** Needs control endpoints, awkwardness, a kill, or figures that only the stand-in has. */
export const standInOnly = real === undefined ? test : none;
/** Needs an address that Graph can reach. */
export const subscribing = real === undefined || subscriberUrl !== undefined ? test : none;

export type Body = Record<string, unknown> & { value: Item[] };
export type Item = Record<string, unknown> & { id: string };
export type Answer = { status: number; headers: Headers; body: Body };
export type CallOptions = { token?: string; headers?: Record<string, string> };

/** What a test works with. `tenant` is there only for the stand-in. */
export type World = {
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
  /** The official client, unmodified, as administrator. */
  client: Client;
  tenant: TestTenant;
  /** Base of references, e.g. `<base>/directoryObjects/<id>`. */
  base: string;
  user(properties?: Record<string, unknown>): Promise<string>;
  group(properties?: Record<string, unknown>): Promise<string>;
  device(): Promise<string>;
  reference(id: string): Record<string, string>;
  close(): Promise<void>;
};

/** Opens the real tenant if one is given, else starts a simulator with the options. */
export async function openWorld(options: TenantOptions = {}): Promise<World> {
  const tenant = real === undefined ? await startTenant(options) : (undefined as unknown as TestTenant);
  const base = real ?? tenant.url;
  const token = process.env['CONTRACT_GRAPH_TOKEN'] ?? tenant.adminToken;
  const domain = process.env['CONTRACT_GRAPH_DOMAIN'] ?? 'contoso.example';
  const made: string[] = [];
  const call: World['call'] = (method, path, body, given = {}) =>
    send(path.startsWith('https:') ? path : `${base}${path}`, method, body, { token, ...given });
  const make = async (path: string, body: object): Promise<string> => {
    const answer = await call('POST', path, body);
    if (answer.status !== 201)
      throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    const id = String(answer.body['id']);
    made.push(`${path}/${id}`);
    return id;
  };
  return {
    call,
    client: clientFor(base, token),
    tenant,
    base,
    user: (properties = {}) => make('/users', { ...newUser(domain), ...properties }),
    group: (properties = {}) => make('/groups', { ...newGroup(), ...properties }),
    device: () => make('/devices', { displayName: 'device', ...(real ? realDevice() : {}) }),
    reference: (id) => ({ '@odata.id': `${base}/directoryObjects/${id}` }),
    close: async () => {
      if (real === undefined) return tenant.stop();
      for (const path of made) {
        await call('DELETE', path);
        await call('DELETE', `/directory/deletedItems/${path.split('/').at(-1)}`);
      }
    },
  };
}

/** The official client as the product makes it (reference C.1). */
export function clientFor(base: string, token: string): Client {
  return Client.init({
    authProvider: (done) => done(null, token),
    baseUrl: base.replace(/v1\.0$/, ''),
    customHosts: new Set(['localhost']),
  });
}

/** A body that creates a user. */
export function newUser(domain = 'contoso.example'): Record<string, unknown> {
  const name = `u${randomUUID().slice(0, 12)}`;
  return {
    displayName: `User ${name}`,
    mailNickname: name,
    userPrincipalName: `${name}@${domain}`,
    accountEnabled: true,
    passwordProfile: { password: `${randomUUID()}Aa1!` },
  };
}

/** A body that creates a security group. */
export function newGroup(): Record<string, unknown> {
  const name = `g${randomUUID().slice(0, 12)}`;
  return { displayName: `Group ${name}`, mailNickname: name, mailEnabled: false, securityEnabled: true };
}

const realDevice = () => ({
  accountEnabled: false,
  deviceId: randomUUID(),
  operatingSystem: 'linux',
  operatingSystemVersion: '1',
});

async function send(url: string, method: string, body: unknown, options: CallOptions): Promise<Answer> {
  const headers = {
    ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...options.headers,
  };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, { method, headers, ...(text !== undefined && { body: text }) });
  const answered = await response.text();
  const parsed = (answered === '' ? {} : JSON.parse(answered)) as Body;
  return { status: response.status, headers: response.headers, body: parsed };
}

/** All items of a list or a delta round, following links; `link` is the delta link where there is one. */
export async function readAll(
  world: Pick<World, 'call'>,
  start: string,
  options?: CallOptions,
): Promise<{ items: Item[]; link: string; pages: Body[] }> {
  const pages: Body[] = [];
  for (let next: string | undefined = start; next !== undefined; ) {
    const answer = await world.call('GET', next, undefined, options);
    if (answer.status !== 200) throw new Error(`GET ${next}: ${answer.status}`);
    pages.push(answer.body);
    next = answer.body['@odata.nextLink'] as string | undefined;
  }
  const link = deltaLinkIn(pages.at(-1));
  return { items: pages.flatMap((page) => page.value), link, pages };
}

/** The delta link of a page; empty where it has none. */
export const deltaLinkIn = (page: unknown): string =>
  (page as { '@odata.deltaLink'?: string } | undefined)?.['@odata.deltaLink'] ?? '';

/** The item of an object in the round from a link, read again until it satisfies the check (a real tenant lags). */
export function itemIn(world: World, link: string, id: string, check: (item: Item | undefined) => void) {
  return vi.waitFor(
    async () => {
      const { items } = await readAll(world, link);
      check(items.findLast((item) => item.id === id));
    },
    { timeout: real === undefined ? 1_000 : 120_000, interval: 500 },
  );
}

/** A delta link for "from now on". */
export async function fromNow(world: World, kind: 'users' | 'groups', select: string): Promise<string> {
  const { body } = await world.call('GET', `/${kind}/delta?$deltatoken=latest&$select=${select}`);
  return deltaLinkIn(body);
}

/** Waits until the stand-in has nothing on its way and nothing lags. */
export function untilSettled(world: World, timeoutMs = 8_000): Promise<void> {
  const look = async (): Promise<void> => {
    const { body } = await world.call('GET', `${world.tenant.controlUrl}/settled`);
    expect(body).toEqual({ pendingNotifications: 0, lagging: 0 });
  };
  return vi.waitFor(look, { timeout: timeoutMs, interval: 25 });
}

/** Some text. */
export const anyText: unknown = expect.any(String);
/** A text that matches. */
export const textLike = (pattern: RegExp): unknown => expect.stringMatching(pattern);

/** The code in Graph's error shape. */
export const codeOf = (answer: Answer): unknown => (answer.body['error'] as Body | undefined)?.['code'];
export const messageOf = (answer: Answer): unknown => (answer.body['error'] as Body | undefined)?.['message'];
