import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { DefaultAzureCredential } from '@azure/identity';
import {
  ServiceBusClient,
  type ServiceBusReceivedMessage,
  type ServiceBusReceiver,
} from '@azure/service-bus';
import { type RunningBroker, startBroker } from '../../fixtures/broker.ts';

const realService = process.env['CONTRACT_SERVICEBUS'];

/** True where the suite runs on the stand-in, which alone can be killed, cut and given bad tokens. */
export const onStandIn = realService === undefined;

export const queuesFile = fileURLToPath(new URL('./queues.json', import.meta.url));

/** One try and a short timeout: the suite wants to see refusals, not retries. */
export const impatient = { retryOptions: { maxRetries: 0, timeoutInMs: 1000 } } as const;
/** One try, time enough for what must succeed. */
export const patient = { retryOptions: { maxRetries: 0, timeoutInMs: 20_000 } } as const;

type ClientOptions = typeof impatient | typeof patient;

/** What a test file works with: the service and clients to it, all closed by `close`. */
export class Contract {
  readonly #clients: ServiceBusClient[] = [];
  readonly #broker: RunningBroker | undefined;

  constructor(broker: RunningBroker | undefined) {
    this.#broker = broker;
  }

  static async open(): Promise<Contract> {
    return new Contract(onStandIn ? await startBroker({ queuesFile }) : undefined);
  }

  get broker(): RunningBroker {
    if (this.#broker === undefined) throw new Error('only the stand-in can do this');
    return this.#broker;
  }

  client(options: ClientOptions = patient): ServiceBusClient {
    const target = this.#broker?.connectionString ?? realService ?? '';
    const client = target.includes('Endpoint=')
      ? new ServiceBusClient(target, options)
      : new ServiceBusClient(target, new DefaultAzureCredential(), options);
    return this.track(client);
  }

  track(client: ServiceBusClient): ServiceBusClient {
    this.#clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close().catch(() => {})));
    await this.#broker?.stop();
  }
}

export const newId = (): string => randomUUID();

/** The next message, or a failure: waits as long as a lock can last. */
export async function receiveOne(
  receiver: ServiceBusReceiver,
  waitMs = 10_000,
): Promise<ServiceBusReceivedMessage> {
  const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: waitMs });
  if (message === undefined) throw new Error('no message came');
  return message;
}

/** The code of the error that a promise rejects with. */
export async function errorCodeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    const { code, name } = error as Error & { code?: string };
    return code ?? name;
  }
  return 'no error';
}

/** Resolves a little after a moment, by the client's clock. */
export async function waitUntil(moment: Date | undefined, extraMs = 100): Promise<void> {
  const waitMs = (moment?.getTime() ?? 0) - Date.now() + extraMs;
  await new Promise((resolve) => setTimeout(resolve, Math.max(waitMs, 0)));
}
