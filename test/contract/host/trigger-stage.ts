import { ServiceBusClient, type ServiceBusMessage } from '@azure/service-bus';
import { expect } from 'vitest';
import { type RunningBroker, startBroker } from '../../fixtures/broker.ts';
import { type Line, type RunningHost, startHost, writeApp } from '../../local/host/running-host.ts';

/** Logs one JSON line per invocation: what it was given, when it began and how many ran at once. */
export const app = (trigger: string, handler = '') => `
import { app } from '@azure/functions';
let running = 0;
let invocations = 0;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
app.serviceBusQueue('read', { connection: 'BUS', ${trigger}, handler: async (input, context) => {
  const began = Date.now();
  running += 1;
  invocations += 1;
  context.log(JSON.stringify({ began, running, nth: invocations, input, metadata: context.triggerMetadata, trace: context.traceContext.traceParent }));
  try { ${handler} } finally { running -= 1; }
} });`;

const hostJson = (serviceBus: object) => JSON.stringify({ version: '2.0', extensions: { serviceBus } });

/** One invocation. */
export type Seen = {
  began: number;
  running: number;
  nth: number;
  input: unknown;
  metadata: Record<string, unknown>;
  trace: string;
};

export const seenIn = (line: Line): Seen => JSON.parse(String(line['message'])) as Seen;
export const isSeen = (line: Line): boolean =>
  line['function'] === 'read' && String(line['message']).startsWith('{');
export const invocations = (host: RunningHost): Seen[] => host.lines.filter(isSeen).map(seenIn);

/** The next line that closes an invocation with the outcome, counted from the first. */
export const executed = (host: RunningHost, outcome: string, nth = 1): Promise<Line> => {
  let left = nth;
  return host.line((line) => line['message'] === 'Executed' && line['outcome'] === outcome && left-- === 1);
};

/** A broker with a client, and hosts whose one function it triggers. */
export class TriggerStage {
  readonly broker: RunningBroker;
  client: ServiceBusClient;
  readonly #cleanups: (() => unknown)[] = [];

  private constructor(broker: RunningBroker) {
    this.broker = broker;
    this.client = new ServiceBusClient(broker.connectionString);
  }

  static async open(): Promise<TriggerStage> {
    return new TriggerStage(await startBroker({ lockSeconds: 3 }));
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.broker.stop();
  }

  /** To be done when the test is over, the last one first. */
  later(cleanup: () => unknown): void {
    this.#cleanups.push(cleanup);
  }

  async cleanUp(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0).reverse()) await cleanup();
  }

  async run(code: string, serviceBus = {}, env: Record<string, string> = {}): Promise<RunningHost> {
    const { folder, remove } = writeApp({
      'dist/functions/read.js': code,
      'host.json': hostJson(serviceBus),
    });
    this.later(remove);
    const host = await startHost(folder, { BUS: this.broker.connectionString, ...env });
    this.later(() => host.stop());
    return host;
  }

  async send(queue: string, messages: ServiceBusMessage[]): Promise<void> {
    const sender = this.client.createSender(queue);
    await sender.sendMessages(messages);
    await sender.close();
  }

  async depth(queue: string): Promise<{ active: number; deadLettered: number }> {
    const answer = await fetch(`${this.broker.controlUrl}/queues`);
    const { queues } = (await answer.json()) as {
      queues: Record<string, { active: number; deadLettered: number }>;
    };
    return queues[queue] ?? { active: -1, deadLettered: -1 };
  }

  async emptied(queue: string): Promise<void> {
    await expect.poll(async () => (await this.depth(queue)).active, { timeout: 5_000, interval: 20 }).toBe(0);
  }

  /** Kills the broker and starts it anew; the hosts find it by themselves. */
  async restartBroker(): Promise<void> {
    await this.broker.kill();
    await this.broker.restart();
    await this.client.close();
    this.client = new ServiceBusClient(this.broker.connectionString);
  }
}
