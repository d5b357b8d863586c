/**
 * The local stack: every part a process of its own, started here, started again when it dies, and gone without a trace when
 * the supervisor goes, however it goes.
 *
 *     supervisor ──┬─ reaper            kills the groups and removes the folder if the supervisor is killed
 *                  ├─ directory         Samba            ┐ started in parallel,
 *                  ├─ tables            Azurite          │ unless they are real (real-parts.ts)
 *                  ├─ broker            Service Bus      │
 *                  ├─ tenant            Graph, identity  ┘
 *                  ├─ ingestion         Application Insights, if telemetry is wanted: before whoever sends it
 *                  ├─ relay             when broker and directory are ready
 *                  └─ host              when the others are ready and prepared (seeded), and the app is built
 *
 * Ports, secrets and folders are chosen once (stack-facts.ts): a part that restarts finds its state and its clients find it.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DomainController, provision } from '../domain-controller/domain-controller.ts';
import { freeLoopbackAddress } from '../domain-controller/free-loopback-address.ts';
import { waitReady } from '../domain-controller/wait-ready.ts';
import { buildApp } from './build-app.ts';
import { buildPackage, type Programs } from './build-package.ts';
import { describeEndpoints } from './describe-endpoints.ts';
import { type Endpoints, endpointsFile, isOwn, type OwnEndpoints, writeEndpoints } from './endpoints.ts';
import { writeLocalSettings } from './local-settings.ts';
import { nodePart, type PartPlan, repositoryRoot } from './part-plan.ts';
import {
  addressesOf,
  appSettings,
  brokerSettings,
  hostSettings,
  ingestionSettings,
  relaySettings,
  type Site,
  tablesAccount,
  tenantSettings,
} from './part-settings.ts';
import { noRealParts, type RealParts } from './real-parts.ts';
import { makeStackFacts } from './stack-facts.ts';
import { makeSupervisor, type Supervisor } from './supervisor.ts';

export type StackOptions = {
  /** '' for none, 'all', or names separated by commas. */
  awkward: string;
  seed: number;
  /** Without the host, local.settings.json is written for `func start`. */
  host: boolean;
  /** Relay and host reach the broker over wss with the managed identity, as in production. */
  wss: boolean;
  /** The parts that are not started, because they exist; none by default. */
  real?: RealParts;
  /** Settings that replace the relay's. */
  relayEnv?: Record<string, string>;
  /** A configuration in place of writeback.config.ts: a TypeScript file of this repository. */
  config?: string;
  /** Host and relay run what `npm run package` makes, in the stack's own folder, instead of the sources. */
  packaged?: boolean;
  /** Host and relay send telemetry to a stand-in of Application Insights, which keeps it in this file; without it nobody sends any. */
  telemetryFile?: string;
  /** UPN suffixes that the forest knows beside its own. */
  upnSuffixes?: readonly string[];
  /** Called once when directory and tenant answer, before the host (the readers) starts: the moment to seed them, if both are ours. */
  prepare?(world: Seeding): Promise<void>;
  /** Where endpoints are written; `.local/endpoints.json` of this clone by default. */
  endpointsFile?: string;
  /** Every line of every part: a JSON object, or `{ text, stream }`. */
  onLine(part: string, line: unknown): void;
  onProgress(text: string): void;
};

/** A tenant and a directory that are ours to fill. */
export type Seeding = {
  endpoints: Pick<OwnEndpoints, 'graph' | 'directory'>;
  directory: DomainController;
};

/** A running stack. Its parts, where they are not real, are directory, tables, broker, tenant, relay and host. */
export type Stack = {
  endpoints: Endpoints;
  /** Process ids by part, and that of the `reaper`. */
  processes(): Record<string, number>;
  /** `functions` is another name for the host. Throws where there is no such part. */
  kill(part: string, signal: NodeJS.Signals): void;
  restarts(): Record<string, number>;
  /** Stops every part and removes the folder and the endpoints; called again, it waits for the same end. */
  stop(): Promise<void>;
};

/** A stack in which nothing is real that would have to be filled, counted or compared. */
export type OwnStack = Stack & { endpoints: OwnEndpoints };

const defaultUpnSuffixes = ['contoso.example'];
const readyMs = 30_000;
const graceMs = 6_000;
/** Its writes take milliseconds; what it waits for when it ends is Service Bus, which answers an accept after up to a minute. */
const relayGraceMs = 1_500;

/** Throws where something that is needed is real. */
export function ownStack(stack: Stack): OwnStack {
  const { endpoints } = stack;
  if (!isOwn(endpoints)) throw new Error('this needs a tenant, a broker and a directory that are stand-ins');
  return { ...stack, endpoints };
}

/** Starts the stack; throws, with everything stopped again, where a part cannot be started. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const file = options.endpointsFile ?? endpointsFile;
  const real = options.real ?? noRealParts;
  const facts = await makeStackFacts(real);
  const site = { facts, real, wss: options.wss, telemetryFile: options.telemetryFile };
  let endpoints: Endpoints | undefined;
  let writing = Promise.resolve();
  const publish = (): void => {
    if (endpoints === undefined) return;
    endpoints.processes = supervisor.processes();
    const current = structuredClone(endpoints);
    writing = writing.then(() => writeEndpoints(file, current));
  };
  const { onLine, onProgress } = options;
  const supervisor = makeSupervisor({
    ...{ folder: facts.folder, readyMs, graceMs },
    ...{ onLine, onProgress, onProcesses: publish },
  });
  supervisor.removeAtEnd(file);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    endpoints = undefined;
    stopped ??= writing.catch(() => undefined).then(() => supervisor.stop(['relay', 'host']));
    return stopped;
  };
  try {
    const directory = await startParts({ options, site, supervisor });
    const published = describeEndpoints(site, directory);
    endpoints = published;
    publish();
    await writing;
    return {
      endpoints: published,
      processes: supervisor.processes,
      kill: (part, signal) => supervisor.kill(part === 'functions' ? 'host' : part, signal),
      restarts: supervisor.restarts,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Starting = { options: StackOptions; site: Site; supervisor: Supervisor };

/** Starts what is not real, in the order of the drawing above; answers the domain controller if it is ours. */
async function startParts(starting: Starting): Promise<DomainController | undefined> {
  const { options, site } = starting;
  const { facts, real } = site;
  const start = (plan: PartPlan, realPart?: object): Promise<void> =>
    realPart === undefined ? starting.supervisor.start(plan) : Promise.resolve();
  const programs = programsOf(starting);
  const directory = real.directory === undefined ? startDirectory(starting) : Promise.resolve(undefined);
  const broker = start(brokerPart(site), real.serviceBus);
  const tenant = start(tenantPart(site, options), real.graph);
  const tables = start(azuritePart('tables', facts), real.tables);
  const ingestion = startIngestion(starting);
  const relay = Promise.all([directory, broker, programs.relay, ingestion]).then(([dc, , entry]) => {
    const settings = { ...relaySettings(site, dc), ...options.relayEnv };
    return start({ ...nodePart('relay', entry, { settings }), graceMs: relayGraceMs });
  });
  const prepared = Promise.all([directory, tenant]).then(([dc]) => seed(starting, dc));
  const host = Promise.all([programs.appDir, broker, tables, prepared, ingestion]).then(([appDir]) =>
    options.host ? start(hostPart(site, appDir)) : prepareForeignHost(starting),
  );
  // Every outcome is waited for: stopping must not race with a part that is still starting.
  const outcomes = await Promise.allSettled([directory, relay, host]);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return directory;
}

async function seed({ options, site }: Starting, directory: DomainController | undefined): Promise<void> {
  const endpoints = describeEndpoints(site, directory);
  const { graph, directory: domain } = endpoints;
  if (directory === undefined || graph === null || domain === null) return;
  await options.prepare?.({ endpoints: { graph, directory: domain }, directory });
}

type ProgramsToCome = { [Name in keyof Programs]: Promise<Programs[Name]> };

/** The relay of the sources needs no build, so it does not wait for that of the app. */
function programsOf({ options, site }: Starting): ProgramsToCome {
  if (options.packaged !== true) {
    const appDir = options.host ? buildWithProgress(options) : Promise.resolve(repositoryRoot);
    return { appDir, relay: Promise.resolve('relay/main.ts') };
  }
  const made = buildPackage(join(site.facts.folder, 'package'), options.config).then((programs) => {
    options.onProgress('the package is made: host and relay run from it');
    return programs;
  });
  return { appDir: made.then(({ appDir }) => appDir), relay: made.then(({ relay }) => relay) };
}

async function buildWithProgress({ config, onProgress }: StackOptions): Promise<string> {
  const { appDir, isNew } = await buildApp(repositoryRoot, config);
  if (isNew) onProgress('the Functions app is built');
  return appDir;
}

async function startDirectory({ options, site, supervisor }: Starting): Promise<DomainController> {
  const { facts } = site;
  options.onProgress('provisioning an Active Directory domain (Samba)');
  const address = await freeLoopbackAddress();
  const issued = await facts.authority.issue({
    commonName: 'dc.wb.example',
    dnsNames: ['dc.wb.example', 'localhost'],
    ips: [address],
  });
  const dc = await provision({
    ...issued,
    folder: join(facts.folder, 'directory'),
    address,
    authorityPem: facts.authority.certificatePem,
    upnSuffixes: options.upnSuffixes ?? defaultUpnSuffixes,
  });
  const { file, args, env } = dc.command;
  await supervisor.start({
    ...{ name: 'directory', file, args, settings: env },
    ready: () => waitReady(dc, readyMs),
  });
  return dc;
}

/** A part that is in the cloud in production. */
const cloudPart = (...plan: Parameters<typeof nodePart>): PartPlan => ({
  ...nodePart(...plan),
  yields: true,
});

const brokerPart = ({ facts }: Site): PartPlan =>
  cloudPart('broker', 'local/broker/main.ts', {
    settings: brokerSettings(facts, join(repositoryRoot, 'infra/queues.json')),
  });

async function startIngestion({ site, supervisor }: Starting): Promise<void> {
  const { telemetryFile } = site;
  if (telemetryFile === undefined) return;
  await rm(telemetryFile, { force: true });
  const settings = ingestionSettings(site, telemetryFile);
  await supervisor.start(cloudPart('ingestion', 'local/ingestion/main.ts', { settings }));
}

const tenantPart = ({ facts }: Site, { awkward, seed }: StackOptions): PartPlan =>
  cloudPart('tenant', 'local/tenant/main.ts', { settings: tenantSettings(facts, awkward, seed) });

const hostPart = (site: Site, appDir: string): PartPlan =>
  cloudPart('host', 'local/host/main.ts', {
    settings: { ...appSettings(site), ...hostSettings(site.facts, appDir) },
  });

/** For `func start` or a debugger: its settings file, and the blobs that the real host keeps its leases and keys in. */
async function prepareForeignHost({ options, site, supervisor }: Starting): Promise<void> {
  const { facts } = site;
  const file = join(repositoryRoot, 'local.settings.json');
  supervisor.removeAtEnd(file);
  await supervisor.start(azuritePart('blobs', facts));
  await writeLocalSettings(file, {
    settings: { ...appSettings(site), HOST_KEY: facts.secrets.functionKey },
    port: facts.ports.host,
    storage: addressesOf(facts).blobs,
    folder: facts.folder,
  });
  options.onProgress(`${file} is written: now start the Functions app (func start, or a debugger)`);
}

const azuriteEntry = fileURLToPath(new URL('./azurite-main.ts', import.meta.url));

function azuritePart(name: 'tables' | 'blobs', facts: Site['facts']): PartPlan {
  const service = name === 'tables' ? 'table' : 'blob';
  return cloudPart(name, azuriteEntry, {
    settings: { AZURITE_ACCOUNTS: `${tablesAccount}:${facts.secrets.tablesKey}` },
    args: [
      service,
      ...[`--${service}Host`, '127.0.0.1', `--${service}Port`, String(facts.ports[name])],
      ...['--location', join(facts.folder, name)],
      ...['--disableTelemetry', '--silent', '--skipApiVersionCheck'],
    ],
  });
}
