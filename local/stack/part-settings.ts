import { join } from 'node:path';
import type { DomainController } from '../domain-controller/domain-controller.ts';
import { waitsOf } from './shortened-waits.ts';
import type { StackFacts } from './stack-facts.ts';

/** Environment variables by name. */
export type Settings = Record<string, string>;

export const tablesAccount = 'writeback';

/** Connection strings and addresses of the stand-ins, as an app setting or a tool wants them. */
export const addressesOf = ({ ports, secrets }: StackFacts) => ({
  graphUrl: `https://localhost:${ports.graph}/v1.0`,
  functionsUrl: `http://localhost:${ports.host}/api`,
  identityUrl: `http://localhost:${ports.identity}/msi/token`,
  controlUrl: `http://localhost:${ports.control}`,
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

/** What the Functions app is told, in the stack or by `func start`: the same settings that a deployment sets. */
export function appSettings(facts: StackFacts, wss: boolean): Settings {
  const { secrets } = facts;
  const { graphUrl, functionsUrl, tables } = addressesOf(facts);
  return {
    ...serviceBusSettings(facts, wss),
    ...identitySettings(facts),
    AzureFunctionsJobHost__extensions__serviceBus__transportType: wss ? 'amqpWebSockets' : 'amqpTcp',
    STATE: tables,
    GRAPH_BASE_URL: graphUrl,
    NOTIFICATION_URL: `${functionsUrl}/graph/notifications?code=${secrets.functionKey}`,
    LIFECYCLE_URL: `${functionsUrl}/graph/lifecycle?code=${secrets.functionKey}`,
    CLIENT_STATE: secrets.clientState,
    ...waitsOf('host'),
  };
}

export const hostSettings = (facts: StackFacts, appDir: string): Settings => ({
  HOST_PORT: String(facts.ports.host),
  HOST_APP_DIR: appDir,
  HOST_KEY: facts.secrets.functionKey,
  HOST_STATE_DIR: join(facts.folder, 'host'),
});

export const relaySettings = (facts: StackFacts, dc: DomainController, wss: boolean): Settings => ({
  ...serviceBusSettings(facts, wss),
  ...identitySettings(facts),
  DIRECTORY_URL: dc.url,
  DIRECTORY_CA_FILE: facts.files.authority,
  DIRECTORY_BIND_NAME: dc.serviceName,
  DIRECTORY_PASSWORD: dc.servicePassword,
  DIRECTORY_DESTINATION: dc.destination,
  RELAY_NAME: 'local',
  RELAY_STOP_ON_STDIN_END: '1',
});

/** With wss: by namespace and managed identity, as the relay connects in production; otherwise plain AMQP. */
function serviceBusSettings(facts: StackFacts, wss: boolean): Settings {
  const { serviceBus, namespace } = addressesOf(facts);
  return wss
    ? { SERVICEBUS__fullyQualifiedNamespace: namespace, SERVICEBUS__transport: 'wss' }
    : { SERVICEBUS: serviceBus, SERVICEBUS__transport: 'amqp' };
}

const identitySettings = (facts: StackFacts): Settings => ({
  IDENTITY_ENDPOINT: addressesOf(facts).identityUrl,
  IDENTITY_HEADER: facts.secrets.identityHeader,
  NODE_EXTRA_CA_CERTS: facts.files.authority,
});
