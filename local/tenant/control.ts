import { Hono } from 'hono';
import { lagMs } from './awkward/behaviours.ts';
import { forbidden, GraphProblem } from './graph/problem.ts';
import { problemAnswer } from './graph/routes.ts';
import { importChanges } from './import.ts';
import { lifecycleEvents } from './notifications/items.ts';
import type { Tenant } from './tenant.ts';
import type { BearerCheck } from './tokens.ts';

/** Control endpoints (stand-in only; administrator token): what a test may do that a real tenant's user cannot. */
export function controlRoutes(tenant: Tenant, bearer: BearerCheck): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    if (bearer.caller(context.req.header('authorization'))?.administrator !== true) throw forbidden();
    await next();
  });
  app.get('/counters', (context) => context.json(counters(tenant)));
  app.get('/settled', (context) => context.json(settled(tenant)));
  app.post('/quiet', (context) => {
    tenant.delivery.hurry();
    return context.json({ pendingNotifications: tenant.delivery.outstanding, lagMs: lagLeftMs(tenant) });
  });
  app.post('/import', async (context) => {
    const changes = importChanges(await context.req.json(), tenant);
    tenant.state.commit(changes, true);
    return context.json({ imported: changes.length });
  });
  app.post('/lifecycle', async (context) => {
    const { subscriptionId, event } = await context.req.json<{ subscriptionId: string; event: string }>();
    const known = lifecycleEvents.find((one) => one === event);
    const sent = known !== undefined && tenant.delivery.lifecycle(subscriptionId, known);
    return context.json({ sent }, sent ? 200 : 400);
  });
  app.post('/forge', async (context) => {
    const { subscriptionId, type, id } = await context.req.json<Forgery>();
    const sent = tenant.delivery.forge(subscriptionId, { type, id });
    return context.json({ sent }, sent ? 200 : 404);
  });
  app.post('/expire-subscription', async (context) => {
    const { subscriptionId } = await context.req.json<{ subscriptionId: string }>();
    const known = tenant.state.subscriptions.has(subscriptionId);
    if (known) tenant.state.commit([{ op: 'unsubscribe', id: subscriptionId }]);
    return context.json({ expired: known }, known ? 200 : 404);
  });
  app.onError((error, context) => {
    const problem =
      error instanceof GraphProblem ? error : new GraphProblem(400, 'BadRequest', error.message);
    return context.json(problemAnswer(problem, tenant).body as object, problem.status === 403 ? 403 : 400);
  });
  return app;
}

type Forgery = { subscriptionId: string; type: 'user' | 'group'; id: string };

function counters(tenant: Tenant) {
  return {
    awkward: Object.fromEntries(tenant.state.occurrences),
    notifications: tenant.delivery.counters,
    requests: tenant.counts.total,
    routes: tenant.counts.byRoute(),
  };
}

function settled(tenant: Tenant) {
  const { directory } = tenant.state;
  const lagging = lags(tenant)
    ? directory.position - directory.history.positionBefore(tenant.now() - lagMs)
    : 0;
  return { pendingNotifications: tenant.delivery.outstanding, lagging };
}

/** How long reads and delta rounds may still lag behind the newest change, ms; 0 where nothing lags. */
function lagLeftMs(tenant: Tenant): number {
  if (settled(tenant).lagging === 0) return 0;
  const { directory } = tenant.state;
  const [newest] = directory.history.between(directory.position - 1, directory.position);
  return newest === undefined ? 0 : Math.max(0, newest.at + lagMs - tenant.now());
}

const lags = (tenant: Tenant): boolean =>
  (['lagging-reads', 'lagging-delta', 'fresh-not-found'] as const).some((name) =>
    tenant.occasions.enabled(name),
  );
