import { RetryMode, ServiceBusClient, type ServiceBusClientOptions } from '@azure/service-bus';
import type { BusSettings } from '../../config.ts';
import { credentialFor } from '../credential.ts';

/** The SDK waits 30 s between attempts unless told: a webhook has to answer within 3 s, a session lock lasts 5 min. */
const retryOptions = {
  mode: RetryMode.Exponential,
  maxRetries: 3,
  retryDelayInMs: 200,
  maxRetryDelayInMs: 2_000,
  timeoutInMs: 10_000,
};

/** A client that connects when something is sent first. `wss` leaves by port 443, through Node's own WebSocket. */
export function createBusClient(settings: BusSettings): ServiceBusClient {
  const options: ServiceBusClientOptions = { retryOptions };
  if (settings.transport === 'wss') options.webSocketOptions = { webSocket: WebSocket };
  if ('connectionString' in settings) return new ServiceBusClient(settings.connectionString, options);
  return new ServiceBusClient(settings.fullyQualifiedNamespace, credentialFor(settings.clientId), options);
}
