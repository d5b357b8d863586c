import type { TokenCredential } from '@azure/identity';
import { ServiceBusClient, type ServiceBusClientOptions } from '@azure/service-bus';
import { WebSocket } from 'ws';
import type { DurationMs } from '../../shared/domain/time.ts';
import { sendAtOnce } from './send-at-once.ts';

/** How to reach Service Bus: by connection string, or by namespace with a token. */
export type BusSettings = (
  | { connectionString: string }
  | { namespace: string; clientId: string | undefined }
) & {
  /** `wss` is AMQP over WebSockets on port 443: the one port that on-premises networks let out. */
  transport: 'amqp' | 'wss';
  /** Another address of the namespace: a private gateway, or a stand-in. */
  endpoint: string | undefined;
};

/** How long one operation may take, and how long the broker holds an accept that finds no session with messages. */
export const operationMs = 30_000 as DurationMs;

/** A client. It has its own connection, which is opened by its first use. */
export async function createBusClient(settings: BusSettings): Promise<ServiceBusClient> {
  const options: ServiceBusClientOptions = {
    // One quick second try; everything longer is the gate's, which stops all lanes together.
    retryOptions: { maxRetries: 1, retryDelayInMs: 200, timeoutInMs: operationMs },
    ...(settings.transport === 'wss' ? { webSocketOptions: { webSocket: WebSocket } } : {}),
    ...(settings.endpoint === undefined ? {} : { customEndpointAddress: settings.endpoint }),
  };
  const client =
    'connectionString' in settings
      ? new ServiceBusClient(settings.connectionString, options)
      : new ServiceBusClient(settings.namespace, await credential(settings.clientId), options);
  sendAtOnce(client);
  return client;
}

/** Loaded where it is needed only: the SDK of identities is large. */
async function credential(clientId: string | undefined): Promise<TokenCredential> {
  const { credentialFor } = await import('../../shared/adapters/credential.ts');
  return credentialFor(clientId);
}
