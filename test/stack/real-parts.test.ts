import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Client } from 'ldapts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { graphCaller } from '../../local/graph-caller.ts';
import { freePorts } from '../../local/stack/free-ports.ts';
import { startAzurite } from '../contract/tables/azurite.ts';
import { startBroker } from '../fixtures/broker.ts';
import { type DomainControllerFixture, startDomainController } from '../fixtures/domain-controller.ts';
import { startTenant, type TestTenant } from '../fixtures/tenant.ts';

/** Everything in Azure and in the network of a customer, started by nobody's stack; `npm start` finds it by settings alone. */
const entry = fileURLToPath(new URL('../../local/start.ts', import.meta.url));
let scratch: string;
let folder: string;
let ends: (() => Promise<void>)[];

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'real-'));
  folder = join(scratch, 'local');
  ends = [];
});

afterEach(async () => {
  for (const end of ends.reverse()) await end();
  rmSync(scratch, { recursive: true, force: true });
});

function begin<T extends { stop(): Promise<void> }>(started: T): T {
  ends.push(() => started.stop());
  return started;
}

type Start = { child: ChildProcess; stop(): Promise<void> };

function npmStart(environment: Record<string, string>, ...args: string[]): Start {
  const child = spawn(process.execPath, [entry, '--folder', folder, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: scratch, ...environment },
  });
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGINT');
    await exited;
  };
  return { child, stop };
}

/** Resolves when it has printed its addresses. */
async function welcomed({ child }: Start): Promise<void> {
  const said: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      said.push(line);
      if (line.includes('Ctrl-C stops everything')) resolve();
    });
    child.once('exit', () => reject(new Error(`it ended before it was ready:\n${said.join('\n')}`)));
  });
}

const partsThatRun = (): string[] => {
  const { processes } = JSON.parse(readFileSync(join(folder, 'endpoints.json'), 'utf8')) as {
    processes: object;
  };
  return Object.keys(processes).sort();
};

const domainSettings = ({ dc, caFile }: DomainControllerFixture): Record<string, string> => ({
  DIRECTORY_URL: dc.url,
  DIRECTORY_CA_FILE: caFile,
  DIRECTORY_BIND_NAME: dc.serviceName,
  DIRECTORY_PASSWORD: dc.servicePassword,
  DIRECTORY_DESTINATION: dc.destination,
});

async function tenantSettings(tenant: TestTenant): Promise<Record<string, string>> {
  const [port] = await freePorts(1);
  const address = (name: string) => `http://localhost:${port}/api/graph/${name}`;
  return {
    GRAPH_BASE_URL: tenant.url,
    NOTIFICATION_URL: address('notifications'),
    LIFECYCLE_URL: address('lifecycle'),
    HOST_PORT: String(port),
    IDENTITY_ENDPOINT: tenant.identityUrl,
    IDENTITY_HEADER: tenant.identityHeader,
  };
}

const newcomer = {
  accountEnabled: true,
  displayName: 'Grace Hopper',
  mailNickname: 'grace',
  userPrincipalName: 'grace@contoso.example',
  passwordProfile: { password: 'Cobol-1959' },
};

/** Creates a user as an administrator of the tenant, and answers when the domain has her. */
async function growsByOne(
  tenant: { url: string; token: string; caFile: string },
  { dc, caPem }: DomainControllerFixture,
): Promise<string> {
  const graph = await graphCaller(tenant);
  const created = await graph.call('POST', '/users', newcomer);
  graph.close();
  const { id } = created.body as { id: string };
  const directory = new Client({ url: dc.url, tlsOptions: { ca: [caPem] }, timeout: 10_000 });
  await directory.bind(dc.adminDn, dc.adminPassword);
  const filter = `(adminDescription=User_${id})`;
  for (;;) {
    const { searchEntries } = await directory.search(dc.destination, { scope: 'sub', filter });
    if (searchEntries[0] !== undefined) {
      await directory.unbind();
      return String(searchEntries[0]['displayName']);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('with tenant, Service Bus, tables and domain by settings, only host and relay are started, and a user appears', async () => {
  const tenant = begin(await startTenant());
  const [domain, broker, tables] = await Promise.all([
    startDomainController().then(begin),
    startBroker({ tokenSecret: tenant.tokenSecret }).then(begin),
    startAzurite().then(begin),
  ]);
  const authorities = join(scratch, 'authorities.pem');
  writeFileSync(
    authorities,
    [tenant.caFile, broker.caFile].map((file) => readFileSync(file, 'utf8')).join('\n'),
  );
  const start = begin(
    npmStart({
      ...domainSettings(domain),
      ...(await tenantSettings(tenant)),
      SERVICEBUS__fullyQualifiedNamespace: new URL(broker.wssUrl).host,
      STATE: tables.connectionString,
      NODE_EXTRA_CA_CERTS: authorities,
    }),
  );
  await welcomed(start);
  expect(partsThatRun()).toEqual(['host', 'reaper', 'relay']);
  const administrator = { url: tenant.url, token: tenant.adminToken, caFile: tenant.caFile };
  expect(await growsByOne(administrator, domain)).toBe('Grace Hopper');
  await start.stop();
  expect(readdirSync(folder)).toEqual(['stack.log']);
}, 60_000);

test('with domain and Service Bus by settings, the rest is ours', async () => {
  const [domain, broker] = await Promise.all([
    startDomainController().then(begin),
    startBroker().then(begin),
  ]);
  const start = begin(npmStart({ ...domainSettings(domain), SERVICEBUS: broker.connectionString }));
  await welcomed(start);
  expect(partsThatRun()).toEqual(['host', 'reaper', 'relay', 'tables', 'tenant']);
  const { graph } = JSON.parse(readFileSync(join(folder, 'endpoints.json'), 'utf8')) as {
    graph: { url: string; token: string; caFile: string };
  };
  expect(await growsByOne(graph, domain)).toBe('Grace Hopper');
}, 60_000);

test.each([
  [{ SERVICEBUS: 'Endpoint=sb://x;SharedAccessKey=hush' }, ['--once'], /--once counts.*Service Bus/],
  [{ DIRECTORY_URL: 'ldaps://x' }, [], /DIRECTORY_CA_FILE[\s\S]*DIRECTORY_DESTINATION/],
])(
  'what cannot work is said before anything starts, with exit code 2',
  async (environment, args, sentence) => {
    const { child } = npmStart(environment, ...args);
    const told = await text(child.stderr as NodeJS.ReadableStream);
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).toBe(2);
    expect(told).toMatch(sentence);
    expect(told).not.toContain('hush');
    expect(existsSync(folder)).toBe(false);
  },
);
