import { join } from 'node:path';
import type { DomainController } from '../domain-controller/domain-controller.ts';
import type { RealParts } from './real-parts.ts';
import type { Settings } from './settings.ts';
import { waitsOf } from './shortened-waits.ts';
import type { StackFacts } from './stack-facts.ts';

/**
 * What settings are made of. `wss`: the stand-in of Service Bus is reached over wss, with the managed identity. `telemetryFile`: where
 * the stand-in of Application Insights keeps what it receives; undefined: there is none, and nobody sends.
 */
export type Site = { facts: StackFacts; real: RealParts; wss: boolean; telemetryFile: string | undefined };

export const tablesAccount = 'writeback';

/** Connection strings and addresses of the stand-ins, as an app setting or a tool wants them. */
export const addressesOf = ({ ports, secrets }: StackFacts) => ({
  graphUrl: `https://localhost:${ports.graph}/v1.0`,
  functionsUrl: `http://localhost:${ports.host}/api`,
  identityUrl: `http://localhost:${ports.identity}/msi/token`,
  controlUrl: `http://localhost:${ports.control}`,
  receivedUrl: `https://localhost:${ports.ingestion}/received`,
  applicationInsights: `InstrumentationKey=${secrets.instrumentationKey};IngestionEndpoint=https://localhost:${ports.ingestion}/`,
  /** Plain AMQP; the emulator flag is what makes the SDK do without TLS. */
  serviceBus:
    `Endpoint=sb://localhost:${ports.amqp};SharedAccessKeyName=stack;SharedAccessKey=${secrets.sasKey};` +
    'UseDevelopmentEmulator=true',
  /** The namespace of the managed identity, over wss. */
  namespace: `localhost:${ports.wss}`,
  tables:
    `DefaultEndpointsProtocol=http;AccountName=${tablesAccount};AccountKey=${secrets.tablesKey};` +
    `TableEndpoint=http://127.0.0.1:${ports.tables}/${tablesAccount}`,
  blobs:
    `DefaultEndpointsProtocol=http;AccountName=${tablesAccount};AccountKey=${secrets.tablesKey};` +
    `BlobEndpoint=http://127.0.0.1:${ports.blobs}/${tablesAccount}`,
});

export const brokerSettings = (facts: StackFacts, queuesFile: string): Settings => ({
  BROKER_QUEUES_FILE: queuesFile,
  BROKER_AMQP_PORT: String(facts.ports.amqp),
  BROKER_WSS_PORT: String(facts.ports.wss),
  BROKER_CONTROL_PORT: String(facts.ports.control),
  BROKER_STATE_DIR: join(facts.folder, 'broker'),
  BROKER_TLS_KEY_FILE: facts.files.key,
  BROKER_TLS_CERT_FILE: facts.files.certificate,
  BROKER_TOKEN_SECRET: facts.secrets.tokenSecret,
  BROKER_SAS_KEY: facts.secrets.sasKey,
  ...waitsOf('broker'),
});

export const tenantSettings = (facts: StackFacts, awkward: string, seed: number): Settings => ({
  TENANT_PORT: String(facts.ports.graph),
  TENANT_IDENTITY_PORT: String(facts.ports.identity),
  TENANT_TLS_KEY_FILE: facts.files.key,
  TENANT_TLS_CERT_FILE: facts.files.certificate,
  TENANT_STATE_DIR: join(facts.folder, 'tenant'),
  TENANT_TOKEN_SECRET: facts.secrets.tokenSecret,
  TENANT_IDENTITY_HEADER: facts.secrets.identityHeader,
  TENANT_AWKWARD: awkward,
  TENANT_SEED: String(seed),
});

/** Local authentication is off, as in a deployment; where the tenant is real, nobody here can read its tokens. */
export const ingestionSettings = ({ facts, real }: Site, file: string): Settings => ({
  INGESTION_PORT: String(facts.ports.ingestion),
  INGESTION_TLS_KEY_FILE: facts.files.key,
  INGESTION_TLS_CERT_FILE: facts.files.certificate,
  INGESTION_FILE: file,
  INGESTION_KEY: facts.secrets.instrumentationKey,
  ...(real.graph === undefined ? { INGESTION_TOKEN_SECRET: facts.secrets.tokenSecret } : {}),
});

/** Somebody waits for what arrives: it is sent sooner than in production. */
const exportMs = '1000';

/** For both processes. */
function telemetrySettings({ facts, real, telemetryFile }: Site): Settings {
  if (telemetryFile === undefined) return {};
  return {
    APPLICATIONINSIGHTS_CONNECTION_STRING: addressesOf(facts).applicationInsights,
    ...(real.graph === undefined ? { APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD' } : {}),
    OTEL_METRIC_EXPORT_INTERVAL: exportMs,
    OTEL_BSP_SCHEDULE_DELAY: exportMs,
  };
}

/** What the Functions app is told, in the stack or by `func start`: the same settings that a deployment sets. */
export function appSettings(site: Site): Settings {
  const { facts, real } = site;
  const bus = serviceBusSettings(site);
  const overWss = bus['SERVICEBUS__transport'] === 'wss';
  return {
    ...bus,
    ...identitySettings(site),
    ...telemetrySettings(site),
    AzureFunctionsJobHost__extensions__serviceBus__transportType: overWss ? 'amqpWebSockets' : 'amqpTcp',
    ...(real.tables ?? { STATE: addressesOf(facts).tables }),
    ...(real.graph?.settings ?? graphSettings(facts)),
    ...waitsOf('host'),
  };
}

/** No CLIENT_STATE: the app makes its own, as in a deployment. */
function graphSettings(facts: StackFacts): Settings {
  const { graphUrl, functionsUrl } = addressesOf(facts);
  return {
    GRAPH_BASE_URL: graphUrl,
    NOTIFICATION_URL: `${functionsUrl}/graph/notifications`,
    LIFECYCLE_URL: `${functionsUrl}/graph/lifecycle`,
  };
}

export const hostSettings = (facts: StackFacts, appDir: string): Settings => ({
  HOST_PORT: String(facts.ports.host),
  HOST_APP_DIR: appDir,
  HOST_KEY: facts.secrets.functionKey,
  HOST_STATE_DIR: join(facts.folder, 'host'),
});

/** `dc` is undefined where the directory is real. */
export const relaySettings = (site: Site, dc: DomainController | undefined): Settings => ({
  ...serviceBusSettings(site),
  ...identitySettings(site),
  ...telemetrySettings(site),
  ...(site.real.directory ?? directorySettings(site.facts, dc)),
  RELAY_NAME: 'local',
  RELAY_STOP_ON_STDIN_END: '1',
});

const directorySettings = (facts: StackFacts, dc: DomainController | undefined): Settings =>
  dc === undefined
    ? {}
    : {
        DIRECTORY_URL: dc.url,
        DIRECTORY_CA_FILE: facts.files.authority,
        DIRECTORY_BIND_NAME: dc.serviceName,
        DIRECTORY_PASSWORD: dc.servicePassword,
        DIRECTORY_DESTINATION: dc.destination,
        DIRECTORY_LEAVERS: dc.leavers,
      };

/** With wss: by namespace and managed identity, as the relay connects in production; otherwise plain AMQP. */
function serviceBusSettings({ facts, real, wss }: Site): Settings {
  const { serviceBus, namespace } = addressesOf(facts);
  if (real.serviceBus !== undefined) {
    const transport = real.serviceBus['SERVICEBUS'] === undefined || wss ? 'wss' : 'amqp';
    return { SERVICEBUS__transport: transport, ...real.serviceBus };
  }
  return wss
    ? { SERVICEBUS__fullyQualifiedNamespace: namespace, SERVICEBUS__transport: 'wss' }
    : { SERVICEBUS: serviceBus, SERVICEBUS__transport: 'amqp' };
}

/** The identity comes from the tenant simulator, or where the tenant is real from whatever this process has. */
const identitySettings = ({ facts, real }: Site): Settings => ({
  ...(real.graph === undefined
    ? { IDENTITY_ENDPOINT: addressesOf(facts).identityUrl, IDENTITY_HEADER: facts.secrets.identityHeader }
    : real.identity),
  NODE_EXTRA_CA_CERTS: facts.files.trusted,
});
