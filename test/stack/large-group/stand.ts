import { readFileSync } from 'node:fs';
import { ServiceBusClient, type ServiceBusSender } from '@azure/service-bus';
import { Client } from 'ldapts';
import { createOnPremises } from '../../../local/domain-controller/create-on-premises.ts';
import type { Command } from '../../../shared/contracts/command.ts';
import { type Result, resultSchema } from '../../../shared/contracts/result.ts';
import { laneOf } from '../../../shared/domain/lane.ts';
import { orderText } from '../../../shared/domain/order.ts';
import { type RunningBroker, startBroker } from '../../fixtures/broker.ts';
import { type DomainControllerFixture, startDomainController } from '../../fixtures/domain-controller.ts';
import { type RunningRelay, startRelay } from '../../fixtures/relay.ts';
import { idOf } from '../../relay/build-command.ts';

/** Broker, Samba and, once it is started, the relay: processes of their own, as in a small installation. */
export type Stand = {
  /** Puts people into the destination as a relay would have written them, some hundred per second. */
  putPeople(from: number, to: number): Promise<void>;
  /** Starts the relay anew and answers after how many seconds it was ready. */
  startRelay(): Promise<number>;
  /** Sends commands and answers their results when all are there. */
  ask(commands: readonly Command[]): Promise<Result[]>;
  /** Names of the members of a group, sorted, as an administrator reads them. */
  peopleIn(group: string): Promise<string[]>;
  /** The most memory that the relay had so far, in MiB. */
  peakMemory(): number;
  stop(): Promise<void>;
};

export const personNamed = (n: number): string => `p${n}`;

export async function startStand(): Promise<Stand> {
  const [broker, domain] = await Promise.all([startBroker(), startDomainController()]);
  const post = await openPost(broker);
  let owners = '';
  let relay: RunningRelay | undefined;
  return {
    putPeople: async (from, to) => {
      owners = await putPeople(domain, from, to);
    },
    startRelay: async () => {
      await relay?.stop();
      const startedAt = performance.now();
      relay = startRelay({ ...settingsOf(broker, domain), DIRECTORY_ACCEPTED_OWNERS: owners });
      await relay.ready();
      return (performance.now() - startedAt) / 1_000;
    },
    ask: post.ask,
    peopleIn: (group) => peopleIn(domain, group),
    peakMemory: () => peakMemoryOf(relay?.pid ?? 0),
    stop: async () => {
      await relay?.stop();
      await post.close();
      await Promise.all([broker.stop(), domain.stop()]);
    },
  };
}

const batch = 2_000;

/** Samba's own tools create as SYSTEM, and what SYSTEM creates belongs to Domain Admins: the owner that the relay is to accept. */
async function putPeople({ dc }: DomainControllerFixture, from: number, to: number): Promise<string> {
  let owner = '';
  for (let at = from; at < to; at += batch) {
    const users = Array.from({ length: Math.min(batch, to - at) }, (_, n) => personOf(at + n));
    const perTransaction = Math.max(50, Math.round(2 * Math.sqrt(at)));
    const people = { users, groups: [], perTransaction };
    const { sids } = await createOnPremises({ ...dc, onPremisesOu: dc.destination }, people);
    owner = Object.values(sids)[0]?.replace(/-\d+$/, '-512') ?? owner;
  }
  return owner;
}

function personOf(n: number) {
  const name = personNamed(n);
  const mark = `User_${idOf(name)}`;
  return {
    ...{ sAMAccountName: name, displayName: name, userPrincipalName: `${name}@contoso.example` },
    ...{ adminDescription: mark, 'msDS-ExternalDirectoryObjectId': mark },
  };
}

function settingsOf(broker: RunningBroker, { dc, caFile }: DomainControllerFixture): Record<string, string> {
  return {
    SERVICEBUS: broker.connectionString,
    DIRECTORY_URL: dc.url,
    DIRECTORY_CA_FILE: caFile,
    DIRECTORY_SERVER_NAME: 'dc.wb.example',
    DIRECTORY_BIND_NAME: dc.serviceName,
    DIRECTORY_PASSWORD: dc.servicePassword,
    DIRECTORY_DESTINATION: dc.destination,
    DIRECTORY_TIMEOUT_MS: '30000',
    RELAY_NAME: 'relay-of-the-large-group',
  };
}

async function openPost(broker: RunningBroker) {
  const bus = new ServiceBusClient(broker.connectionString);
  const sender = bus.createSender('writes');
  const results = new Map<string, Result>();
  let arrived: () => void = () => undefined;
  bus.createReceiver('results').subscribe({
    processMessage: async ({ body }) => {
      const result = resultSchema.parse(body);
      results.set(keyOf(result.of, result), result);
      arrived();
    },
    processError: async () => undefined,
  });
  const ask = async (commands: readonly Command[]): Promise<Result[]> => {
    await send(sender, commands);
    const keys = commands.map((command) => keyOf(command.type, command));
    while (!keys.every((key) => results.has(key)))
      await new Promise<void>((resolve) => {
        arrived = resolve;
      });
    return keys.flatMap((key) => results.get(key) ?? []);
  };
  return { ask, close: () => bus.close() };
}

const keyOf = (type: string, { order }: Pick<Command, 'order'>): string => `${type} ${orderText(order)}`;

/** One by one: a batch may hold 256 KB, which is five slices. */
async function send(sender: ServiceBusSender, commands: readonly Command[]): Promise<void> {
  for (const command of commands)
    await sender.sendMessages({
      body: command,
      sessionId: laneOf(command.id),
      messageId: `${command.type}-${orderText(command.order)}`,
    });
}

/** A connection of its own: one that was idle for minutes has lost its bind. */
async function peopleIn({ dc, caPem }: DomainControllerFixture, group: string): Promise<string[]> {
  const admin = new Client({ url: dc.url, tlsOptions: { ca: caPem, servername: 'dc.wb.example' } });
  await admin.bind(dc.adminDn, dc.adminPassword);
  const { searchEntries } = await admin.search(dc.destination, {
    filter: `(adminDescription=Group_${idOf(group)})`,
    attributes: ['member'],
  });
  await admin.unbind();
  const member = searchEntries[0]?.['member'] ?? [];
  return [member]
    .flat()
    .map((dn) => String(dn).slice(3, String(dn).indexOf(',')))
    .sort();
}

function peakMemoryOf(pid: number): number {
  const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(peak) / 1_024);
}
