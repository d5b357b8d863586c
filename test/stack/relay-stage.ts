import { ServiceBusClient, type ServiceBusSender } from '@azure/service-bus';
import { Client } from 'ldapts';
import { expect } from 'vitest';
import type { Command } from '../../shared/contracts/command.ts';
import { type Result, resultSchema } from '../../shared/contracts/result.ts';
import { laneOf } from '../../shared/domain/lane.ts';
import { orderText } from '../../shared/domain/order.ts';
import { type RunningBroker, startBroker } from '../fixtures/broker.ts';
import { type DomainControllerFixture, startDomainController } from '../fixtures/domain-controller.ts';
import { idOf } from '../relay/build-command.ts';

type Found = Record<string, string | string[]>;

/** What a relay process works between: a broker, of which the tests are the cloud's side, and a domain with an administrator in it. */
export class RelayStage {
  readonly broker: RunningBroker;
  readonly domain: DomainControllerFixture;
  readonly admin: Client;
  readonly #bus: ServiceBusClient;
  readonly #sender: ServiceBusSender;
  readonly #results = new Map<string, Result>();
  readonly #arrivals = new Set<() => void>();

  private constructor(broker: RunningBroker, domain: DomainControllerFixture) {
    this.broker = broker;
    this.domain = domain;
    this.admin = new Client({
      url: domain.dc.url,
      tlsOptions: { ca: domain.caPem, servername: 'dc.wb.example' },
    });
    // The SDK's own half a minute between tries would be most of the test of a broker that comes back.
    this.#bus = new ServiceBusClient(broker.connectionString, {
      retryOptions: { maxRetries: 20, retryDelayInMs: 200, timeoutInMs: 10_000 },
    });
    this.#sender = this.#bus.createSender('writes');
    this.#bus.createReceiver('results').subscribe({
      processMessage: async ({ body }) => {
        const result = resultSchema.parse(body);
        this.#results.set(`${result.of} ${orderText(result.order)}`, result);
        for (const arrived of [...this.#arrivals]) arrived();
      },
      processError: async () => undefined,
    });
  }

  static async open(): Promise<RelayStage> {
    const parts = await Promise.all([startBroker({ lockSeconds: 12 }), startDomainController()]);
    const stage = new RelayStage(...parts);
    await stage.admin.bind(stage.domain.dc.adminDn, stage.domain.dc.adminPassword);
    return stage;
  }

  async close(): Promise<void> {
    await this.admin.unbind();
    await this.#bus.close();
    await this.broker.stop();
    await this.domain.stop();
  }

  /** The environment of a relay on this stage. */
  settings(changes: Record<string, string> = {}): Record<string, string> {
    return { SERVICEBUS: this.broker.connectionString, ...relaySettings(this.domain), ...changes };
  }

  async send(...commands: Command[]): Promise<void> {
    await this.#sender.sendMessages(
      commands.map((command) => ({
        body: command,
        sessionId: laneOf(command.id),
        messageId: `${command.type}-${orderText(command.order)}`,
      })),
    );
  }

  /** Sends a command and answers its result. */
  async ask(command: Command): Promise<Result> {
    await this.send(command);
    return this.resultOf(command);
  }

  resultOf(command: Command): Promise<Result> {
    return new Promise((resolve) => {
      const look = () => {
        const result = this.#results.get(`${command.type} ${orderText(command.order)}`);
        if (result === undefined) return;
        this.#arrivals.delete(look);
        resolve(result);
      };
      this.#arrivals.add(look);
      look();
    });
  }

  userOf(word: string): Promise<Found | undefined> {
    return this.#entryOf(`User_${idOf(word)}`);
  }

  groupOf(word: string): Promise<Found | undefined> {
    return this.#entryOf(`Group_${idOf(word)}`);
  }

  /** Names of the members of a group, without the suffix that makes them unique. */
  async membersOf(word: string): Promise<string[]> {
    const { member = [] } = (await this.groupOf(word)) ?? {};
    return [member]
      .flat()
      .map((dn) => dn.replace(/^CN=(.*?)(_[0-9a-f]{12})?,.*$/, '$1'))
      .sort();
  }

  /** Commands that are not settled yet. */
  async queueDepth(): Promise<number> {
    const answer = (await (await fetch(`${this.broker.controlUrl}/queues`)).json()) as {
      queues: { writes: { active: number } };
    };
    return answer.queues.writes.active;
  }

  /** The one entry with this mark, by the eyes of an administrator. */
  async #entryOf(mark: string): Promise<Found | undefined> {
    const filter = `(adminDescription=${mark})`;
    const { searchEntries } = await this.admin.search(this.domain.dc.baseDn, { filter });
    expect(searchEntries.length).toBeLessThanOrEqual(1);
    return searchEntries[0] as Found | undefined;
  }
}

/** The environment of a relay in this domain, but for Service Bus. */
export function relaySettings({ dc, caFile }: DomainControllerFixture): Record<string, string> {
  return {
    DIRECTORY_URL: dc.url,
    DIRECTORY_CA_FILE: caFile,
    DIRECTORY_SERVER_NAME: 'dc.wb.example',
    DIRECTORY_BIND_NAME: dc.serviceName,
    DIRECTORY_PASSWORD: dc.servicePassword,
    DIRECTORY_DESTINATION: dc.destination,
    DIRECTORY_TIMEOUT_MS: '5000',
    RELAY_NAME: 'relay-of-the-tests',
  };
}
