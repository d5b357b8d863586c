import { randomUUID } from 'node:crypto';
import { createServer as createPlainServer } from 'node:http';
import { createServer as createSecureServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { Occasions } from './awkward/occasions.ts';
import { controlRoutes } from './control.ts';
import { DeltaTokens } from './delta/delta-position.ts';
import { graphEdge } from './graph/edge.ts';
import { identityRoutes } from './identity.ts';
import { Journal } from './journal.ts';
import { Delivery } from './notifications/delivery.ts';
import { watchSubscriptions } from './notifications/watch-subscriptions.ts';
import { RequestCounts } from './request-counts.ts';
import type { TenantSettings } from './settings.ts';
import type { Tenant } from './tenant.ts';
import { TenantState } from './tenant-state.ts';
import { BearerCheck } from './tokens.ts';

/** A tenant that listens. */
export type RunningTenant = { port: number; identityPort: number; stop: () => Promise<void> };

/** Clients keep connections longer than Node's five seconds; a server that closes first breaks requests on the way. */
const keepAliveMs = 120_000;

/** Starts Graph (https) and the managed identity endpoint (http) on 127.0.0.1, with the state found in the folder. */
export async function startTenantServer(settings: TenantSettings): Promise<RunningTenant> {
  const journal = new Journal(settings.TENANT_STATE_DIR);
  const tenant = tenantOf(settings, journal);
  const bearer = new BearerCheck(settings.TENANT_TOKEN_SECRET, tenant.now);
  const app = new Hono();
  app.route('/control', controlRoutes(tenant, bearer));
  app.all('*', graphEdge(tenant, bearer));
  const graph = createAdaptorServer({
    fetch: app.fetch,
    overrideGlobalObjects: false,
    createServer: createSecureServer,
    serverOptions: { key: settings.TENANT_TLS_KEY_FILE, cert: settings.TENANT_TLS_CERT_FILE },
  }) as Server;
  const identity = createAdaptorServer({
    fetch: identityRoutes({
      header: settings.TENANT_IDENTITY_HEADER,
      tokenSecret: settings.TENANT_TOKEN_SECRET,
      roles: settings.TENANT_APPLICATION_ROLES,
      now: tenant.now,
    }).fetch,
    overrideGlobalObjects: false,
    createServer: createPlainServer,
  }) as Server;
  const port = await listen(graph, settings.TENANT_PORT);
  const identityPort = await listen(identity, settings.TENANT_IDENTITY_PORT);
  tenant.delivery.resume();
  const watch = watchSubscriptions(tenant);
  const stop = async (): Promise<void> => {
    clearInterval(watch);
    tenant.delivery.stop();
    await Promise.all([close(graph), close(identity)]);
    journal.close();
  };
  return { port, identityPort, stop };
}

function tenantOf(settings: TenantSettings, journal: Journal): Tenant {
  const now = Date.now;
  const newId = randomUUID;
  const state = new TenantState({ journal, now, newId });
  const occasions = new Occasions({
    enabled: settings.TENANT_AWKWARD,
    seed: settings.TENANT_SEED,
    counts: state.occurrences,
    occurred: (name) => state.commit([{ op: 'occurred', name }]),
  });
  const { position } = state.directory;
  return {
    state,
    occasions,
    deltaTokens: new DeltaTokens(state.tenantId),
    delivery: new Delivery({ state, occasions, now }),
    counts: new RequestCounts(),
    // What was shown before a restart is not known any more: nothing older than now may be shown.
    served: { user: position, group: position },
    pageSize: settings.TENANT_PAGE_SIZE,
    now,
    newId,
  };
}

function listen(server: Server, port: number): Promise<number> {
  server.keepAliveTimeout = keepAliveMs;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
