import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import {
  isServiceBusError,
  RetryMode,
  ServiceBusClient,
  type ServiceBusClientOptions,
} from '@azure/service-bus';
import { WebSocket } from 'ws';
import type { ServiceBusConnection } from './app-settings.ts';
import type { ServiceBusOptions } from './host-json.ts';

/**
 * A client for a trigger's connection: by connection string, or by namespace with the managed identity. `amqpWebSockets` in
 * host.json goes over wss. Settling is retried quickly (the host's clientRetryOptions), not with the SDK's 30 s.
 */
export function connectServiceBus(
  connection: ServiceBusConnection,
  options: ServiceBusOptions,
): ServiceBusClient {
  const clientOptions: ServiceBusClientOptions = {
    retryOptions: {
      mode: RetryMode.Exponential,
      maxRetries: 3,
      retryDelayInMs: 800,
      timeoutInMs: options.clientRetryOptions.tryTimeout,
    },
    ...(options.transportType === 'amqpwebsockets' ? { webSocketOptions: { webSocket: WebSocket } } : {}),
  };
  if (connection.type === 'connectionString') {
    return new ServiceBusClient(connection.connectionString, clientOptions);
  }
  return new ServiceBusClient(
    connection.fullyQualifiedNamespace,
    identity(connection.clientId),
    clientOptions,
  );
}

/** The managed identity where there is one, otherwise what the environment or the Azure CLI offers, as with `func start`. */
function identity(clientId: string | undefined): TokenCredential {
  if (process.env['IDENTITY_ENDPOINT'] === undefined) return new DefaultAzureCredential();
  return new ManagedIdentityCredential(clientId === undefined ? {} : { clientId });
}

/** Whether an error is one of the SDK's background complaints after a connection was lost, which its own loops heal. */
export const isConnectionNoise = (error: unknown): boolean =>
  isServiceBusError(error) ||
  (error instanceof Error &&
    /ECONNREFUSED|ECONNRESET|EPIPE|connection (was )?(lost|closed)/i.test(error.message));
