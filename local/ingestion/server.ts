import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { createAdaptorServer } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { type Access, refusalOf } from './authorization.ts';
import type { CheckedItems } from './check-items.ts';
import type { IngestionSettings } from './settings.ts';
import { Store } from './store.ts';

/** An endpoint that listens. */
export type RunningIngestion = { port: number; stop: () => Promise<void> };

/** How the next requests are answered in place of what is due, for tests. */
const faultSchema = z.object({
  status: z.number().int().min(100).max(599),
  times: z.number().int().min(0).default(1),
  retryAfterSeconds: z.number().int().positive().optional(),
});
type Fault = z.infer<typeof faultSchema>;

type Endpoint = { store: Store; access: Access; fault: Fault | undefined };

/** Starts the endpoint (https, as the exporter insists) on 127.0.0.1, with what the file already holds. */
export async function startIngestion(settings: IngestionSettings): Promise<RunningIngestion> {
  const store = new Store(settings.INGESTION_FILE, settings.INGESTION_KEY);
  const access: Access = {
    tokenSecret: settings.INGESTION_TOKEN_SECRET,
    publishers: settings.INGESTION_PUBLISHERS,
    now: Date.now,
  };
  const server = createAdaptorServer({
    fetch: routes({ store, access, fault: undefined }).fetch,
    overrideGlobalObjects: false,
    createServer,
    serverOptions: { key: settings.INGESTION_TLS_KEY_FILE, cert: settings.INGESTION_TLS_CERT_FILE },
  }) as Server;
  const port = await listen(server, settings.INGESTION_PORT);
  const stop = async (): Promise<void> => {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    store.close();
  };
  return { port, stop };
}

/** `/v2.1/track` as there; `/received` and `/fault` exist here only. */
function routes(endpoint: Endpoint): Hono {
  const app = new Hono();
  app.post('/v2.1/track', (context) => track(context, endpoint));
  app.post('/v2/track', (context) => track(context, endpoint));
  app.get('/received', (context) => context.json(endpoint.store.received));
  app.post('/fault', async (context) => {
    const fault = faultSchema.safeParse(await context.req.json());
    if (!fault.success) return context.json({ problems: fault.error.issues }, 400);
    endpoint.fault = fault.data;
    return context.json({});
  });
  return app;
}

async function track(context: Context, endpoint: Endpoint): Promise<Response> {
  const bytes = Buffer.from(await context.req.arrayBuffer());
  const fault = nextFault(endpoint);
  if (fault !== undefined) return faulty(fault);
  const refused = refusalOf(context.req.header('authorization'), endpoint.access);
  if (refused !== undefined) return nothingAccepted(refused, 'Authorization failed');
  try {
    const isZipped = context.req.header('content-encoding') === 'gzip';
    const body = (isZipped ? gunzipSync(bytes) : bytes).toString('utf8');
    return answerTo(endpoint.store.add(body));
  } catch {
    return nothingAccepted(400, 'Invalid JSON');
  }
}

function nextFault(endpoint: Endpoint): Fault | undefined {
  const { fault } = endpoint;
  if (fault === undefined || fault.times === 0) return undefined;
  fault.times -= 1;
  return fault;
}

const faulty = ({ status, retryAfterSeconds }: Fault): Response =>
  Response.json(
    { itemsReceived: 0, itemsAccepted: 0, errors: [] },
    {
      status,
      headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
    },
  );

const nothingAccepted = (status: number, message: string): Response =>
  Response.json(
    { itemsReceived: 0, itemsAccepted: 0, errors: [{ index: 0, statusCode: status, message }] },
    { status },
  );

/** 200 where all was taken, 206 where some was, 400 where nothing was. */
function answerTo({ received, accepted, errors }: CheckedItems): Response {
  const status = errors.length === 0 && received > 0 ? 200 : accepted.length > 0 ? 206 : 400;
  return Response.json({ itemsReceived: received, itemsAccepted: accepted.length, errors }, { status });
}

/** Exporters keep connections longer than Node's five seconds; a server that closes first breaks requests on the way. */
const keepAliveMs = 120_000;

function listen(server: Server, port: number): Promise<number> {
  server.keepAliveTimeout = keepAliveMs;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
