import { randomUUID } from 'node:crypto';
import { type Behaviour, behavioursNamed } from '../../../local/tenant/awkward/behaviours.ts';
import { Occasions } from '../../../local/tenant/awkward/occasions.ts';
import { DeltaTokens } from '../../../local/tenant/delta/delta-position.ts';
import { batch } from '../../../local/tenant/graph/batch.ts';
import type { GraphAnswer, GraphRequest, GraphVersion } from '../../../local/tenant/graph/exchange.ts';
import { answerTo } from '../../../local/tenant/graph/routes.ts';
import { importChanges } from '../../../local/tenant/import.ts';
import { Delivery } from '../../../local/tenant/notifications/delivery.ts';
import { RequestCounts } from '../../../local/tenant/request-counts.ts';
import type { Tenant } from '../../../local/tenant/tenant.ts';
import { TenantState } from '../../../local/tenant/tenant-state.ts';
import type { GraphCall } from '../../../shared/adapters/graph/graph-call.ts';
import { tenantOver } from '../../../shared/adapters/graph/tenant-over.ts';
import { epochMs } from '../../../shared/domain/time.ts';
import type { Tenant as TenantPort } from '../../../shared/ports.ts';

const origin = 'https://graph.example';

/** The tenant simulator in this process, without wire and without a file: its handlers and its state. */
export type TenantInMemory = {
  tenant: Tenant;
  /** What an application asked, outer requests only (a batch counts once). */
  asked: string[];
  /** A request of the administrator; throws where it is refused. */
  admin(method: string, path: string, body?: unknown, version?: GraphVersion): Promise<unknown>;
  /** The answer to the administrator, refusals too. */
  answer(method: string, path: string, body?: unknown, version?: GraphVersion): Promise<GraphAnswer>;
  import(body: Parameters<typeof importChanges>[0]): void;
  /** The port as the product has it, over this tenant. */
  port(options?: { photo?: boolean; writebackConfiguration?: boolean; readsHidden?: boolean }): TenantPort;
};

export function tenantInMemory(options: { awkward?: string; pageSize?: number } = {}): TenantInMemory {
  const tenant = createSimulator(options);
  const asked: string[] = [];
  const answer: TenantInMemory['answer'] = (method, path, body, version = 'v1.0') =>
    answerOf(tenant, { method, path, body, version, administrator: true, readsHidden: true });
  const call =
    (version: GraphVersion, readsHidden: boolean): GraphCall =>
    async ({ method, path, body }) => {
      asked.push(`${method} ${version} ${path}`);
      const { status, body: answered } = await answerOf(tenant, {
        ...{ method, path, body, version, readsHidden },
        administrator: false,
      });
      return { status, body: answered, retryAfterMs: undefined };
    };
  return {
    tenant,
    asked,
    answer,
    async admin(method, path, body, version) {
      const { status, body: answered } = await answer(method, path, body, version);
      if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answered)}`);
      return answered;
    },
    import: (body) => tenant.state.commit(importChanges(body, tenant), true),
    port: ({ photo = false, writebackConfiguration = false, readsHidden = false } = {}) =>
      tenantOver({
        call: call('v1.0', readsHidden),
        ...(writebackConfiguration && { betaCall: call('beta', readsHidden) }),
        origin,
        patience: { clock: { now: () => epochMs(Date.now()), sleep: async () => {} }, random: () => 0 },
        photo,
      }),
  };
}

function createSimulator({ awkward = '', pageSize = 100 }: { awkward?: string; pageSize?: number }): Tenant {
  const now = Date.now;
  const journal = { append: () => {}, *entries() {} };
  const state = new TenantState({ journal, now, newId: randomUUID });
  const enabled = behavioursNamed(awkward) ?? new Set<Behaviour>();
  const occurred = (name: string): void => state.commit([{ op: 'occurred', name }]);
  const occasions = new Occasions({ enabled, seed: 1, counts: state.occurrences, occurred });
  return {
    state,
    occasions,
    deltaTokens: new DeltaTokens(state.tenantId),
    delivery: new Delivery({ state, occasions, now }),
    counts: new RequestCounts(),
    served: { user: 0, group: 0 },
    pageSize,
    now,
    newId: randomUUID,
  };
}

type Asked = {
  method: string;
  path: string;
  body: unknown;
  version: GraphVersion;
  administrator: boolean;
  readsHidden: boolean;
};

function answerOf(tenant: Tenant, asked: Asked): Promise<GraphAnswer> {
  const { method, version, administrator, readsHidden } = asked;
  const base = `${origin}/${version}`;
  const url = new URL(asked.path.startsWith(origin) ? asked.path : `${base}${asked.path}`);
  const request: GraphRequest = {
    method,
    path: decodeURIComponent(url.pathname).replace(`/${version}`, ''),
    params: {},
    query: url.searchParams,
    header: () => undefined,
    body: asked.body,
    version,
    base,
    caller: { application: 'application', administrator, readsHidden },
  };
  return request.path === '/$batch' ? batch(tenant, request) : answerTo(tenant, request);
}
