import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ServiceBusClient, type ServiceBusClientOptions } from '@azure/service-bus';
import { WebSocket } from 'ws';
import { brokerSecrets, type RunningBroker } from '../../fixtures/broker.ts';

type TokenFields = { readonly aud?: string; readonly exp?: number; readonly secret?: string };

/** A stack token for Service Bus; fields given here make it a bad one. */
export function stackToken(fields: TokenFields = {}): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({
    aud: fields.aud ?? 'https://servicebus.azure.net',
    roles: [],
    exp: fields.exp ?? Math.floor(Date.now() / 1000) + 3600,
  })}`;
  const signature = createHmac('sha256', fields.secret ?? brokerSecrets.tokenSecret).update(head);
  return `${head}.${signature.digest('base64url')}`;
}

/** Client options for wss with the broker's authority. */
export const webSocket = (broker: RunningBroker): ServiceBusClientOptions => ({
  webSocketOptions: {
    webSocket: WebSocket,
    webSocketConstructorOptions: { ca: readFileSync(broker.caFile) },
  },
});

/** A client with a token over wss. Without `namespace` the address is the namespace; with it, the custom endpoint is. */
export function wssClient(
  broker: RunningBroker,
  token: string,
  options: ServiceBusClientOptions & { readonly namespace?: string } = {},
): ServiceBusClient {
  const { namespace, ...rest } = options;
  const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
  return new ServiceBusClient(namespace ?? broker.wssUrl.replace('wss://', ''), credential, {
    ...webSocket(broker),
    ...(namespace === undefined ? {} : { customEndpointAddress: broker.wssUrl }),
    ...rest,
  });
}

export type Fault =
  | { readonly type: 'drop-connections' | 'refuse-connections' | 'accept-connections' }
  | { readonly type: 'slow-settlement'; readonly ms: number };

/** Switches a fault on the control endpoint. */
export async function setFault(broker: RunningBroker, fault: Fault): Promise<void> {
  const response = await fetch(`${broker.controlUrl}/fault`, { method: 'POST', body: JSON.stringify(fault) });
  if (!response.ok) throw new Error(`the broker refused the fault ${fault.type}`);
}

export type Counts = {
  active: number;
  locked: number;
  scheduled: number;
  deadLettered: number;
  sessions: number;
};

/** Counts of one queue from the control endpoint. */
export async function countsOf(broker: RunningBroker, queue: string): Promise<Counts> {
  const response = await fetch(`${broker.controlUrl}/queues`);
  const { queues } = (await response.json()) as { queues: Record<string, Counts> };
  const counts = queues[queue];
  if (counts === undefined) throw new Error(`no queue ${queue}`);
  return counts;
}
