import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startTenant, type TestTenant } from '../../fixtures/tenant.ts';

/** An instance of the app that runs no timer, Graph (the tenant simulator), and an address that shakes hands for the app. */
let graph: TestTenant;
let address: Server;
let app: ChildProcess;
const entry = fileURLToPath(new URL('./start-app.ts', import.meta.url));
const application = 'app-of-this-test';

beforeAll(async () => {
  graph = await startTenant();
  address = createServer((request, response) => {
    const token = new URL(request.url ?? '', 'http://localhost').searchParams.get('validationToken');
    response.writeHead(200, { 'content-type': 'text/plain' }).end(token);
  }).listen(0, '127.0.0.1');
  await once(address, 'listening');
});

afterEach(async () => {
  if (app.exitCode !== null || app.signalCode !== null) return;
  const exited = once(app, 'exit');
  app.stdin?.end();
  await exited;
});

afterAll(async () => {
  address.close();
  await graph.stop();
});

/** Nothing listens where Service Bus and the tables should be. */
const settings = (): Record<string, string> => {
  const base = `http://localhost:${(address.address() as AddressInfo).port}`;
  return {
    PATH: process.env['PATH'] ?? '',
    NODE_EXTRA_CA_CERTS: graph.caFile,
    IDENTITY_ENDPOINT: graph.identityUrl,
    IDENTITY_HEADER: graph.identityHeader,
    GRAPH_BASE_URL: graph.url,
    GRAPH_CLIENT_ID: application,
    NOTIFICATION_URL: `${base}/n`,
    LIFECYCLE_URL: `${base}/l`,
    CLIENT_STATE: 's'.repeat(40),
    SERVICEBUS: 'Endpoint=sb://localhost:9;SharedAccessKeyName=n;SharedAccessKey=k',
    STATE: 'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:9/a;',
    ...{ SWEEP_SCHEDULE: '0 0 0 1 1 *', SUBSCRIPTION_SCHEDULE: '0 0 0 1 1 *', STOCK_SCHEDULE: '0 0 0 1 1 *' },
  };
};

async function subscribed(): Promise<string[]> {
  const headers = { authorization: `Bearer ${graph.tokenFor(application)}` };
  const response = await fetch(`${graph.url}/subscriptions`, { headers });
  const { value } = (await response.json()) as { value: { resource: string }[] };
  return value.map(({ resource }) => resource).sort();
}

/** Starts an instance; resolves with what it says from then on, as soon as its start is over. */
async function start(more: Record<string, string> = {}): Promise<string[]> {
  const env = { ...settings(), ...more };
  app = spawn(process.execPath, [entry], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  createInterface({ input: app.stdout as NodeJS.ReadableStream }).on('line', (line) => lines.push(line));
  await expect.poll(() => lines, { timeout: 10_000 }).toContain('has started');
  return lines;
}

it('every instance subscribes when it starts, and its start does not wait for that', async () => {
  const lines = await start();
  await expect.poll(subscribed, { timeout: 10_000 }).toEqual(['groups', 'users']);
  const said = lines.join('\n');
  expect(said.indexOf('has started')).toBeLessThan(said.indexOf('subscription made'));
});

it('an instance that Graph refuses says so and goes on', async () => {
  const lines = await start({ GRAPH_BASE_URL: `${graph.url}/elsewhere` });
  await expect.poll(() => lines.join('\n'), { timeout: 10_000 }).toContain('subscriptions not kept yet');
  expect(app.exitCode).toBeNull();
});
