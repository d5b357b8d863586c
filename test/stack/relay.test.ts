import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceBusClient, type ServiceBusSender } from '@azure/service-bus';
import { Client } from 'ldapts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeAuthority } from '../../local/stack/certificates.ts';
import type { Command, GroupSuspended, UserSuspended } from '../../shared/contracts/command.ts';
import { type Result, resultSchema } from '../../shared/contracts/result.ts';
import { laneOf } from '../../shared/domain/lane.ts';
import type { MemberKey } from '../../shared/domain/member-key.ts';
import { orderText } from '../../shared/domain/order.ts';
import { brokerSecrets, type RunningBroker, startBroker } from '../fixtures/broker.ts';
import { type DomainControllerFixture, startDomainController } from '../fixtures/domain-controller.ts';
import { type RunningRelay, startRelay } from '../fixtures/relay.ts';
import {
  difference,
  groupBare,
  groupKey,
  groupPresent,
  idOf,
  slice,
  userBare,
  userKey,
  userPresent,
} from '../relay/build-command.ts';

let broker: RunningBroker;
let domain: DomainControllerFixture;
let admin: Client;
let bus: ServiceBusClient;
let sender: ServiceBusSender;
let relay: RunningRelay;
const results = new Map<string, Result>();
const arrivals = new Set<() => void>();

beforeAll(async () => {
  [broker, domain] = await Promise.all([startBroker({ lockSeconds: 12 }), startDomainController()]);
  const { dc, caPem } = domain;
  admin = new Client({ url: dc.url, tlsOptions: { ca: caPem, servername: 'dc.wb.example' } });
  await admin.bind(dc.adminDn, dc.adminPassword);
  // The SDK's own half a minute between tries would be most of the test of a broker that comes back.
  bus = new ServiceBusClient(broker.connectionString, {
    retryOptions: { maxRetries: 20, retryDelayInMs: 200, timeoutInMs: 10_000 },
  });
  sender = bus.createSender('writes');
  bus.createReceiver('results').subscribe({
    processMessage: async ({ body }) => {
      const result = resultSchema.parse(body);
      results.set(`${result.of} ${orderText(result.order)}`, result);
      for (const arrived of [...arrivals]) arrived();
    },
    processError: async () => undefined,
  });
});

afterEach(() => relay?.stop());

afterAll(async () => {
  await admin?.unbind();
  await bus?.close();
  await broker?.stop();
  await domain?.stop();
});

function settings(changes: Record<string, string> = {}): Record<string, string> {
  const { dc, caFile } = domain;
  return {
    SERVICEBUS: broker.connectionString,
    DIRECTORY_URL: dc.url,
    DIRECTORY_CA_FILE: caFile,
    DIRECTORY_SERVER_NAME: 'dc.wb.example',
    DIRECTORY_BIND_NAME: dc.serviceName,
    DIRECTORY_PASSWORD: dc.servicePassword,
    DIRECTORY_DESTINATION: dc.destination,
    DIRECTORY_TIMEOUT_MS: '5000',
    RELAY_NAME: 'relay-of-the-tests',
    ...changes,
  };
}

async function send(...commands: Command[]): Promise<void> {
  await sender.sendMessages(
    commands.map((command) => ({
      body: command,
      sessionId: laneOf(command.id),
      messageId: `${command.type}-${orderText(command.order)}`,
    })),
  );
}

/** Sends a command and answers its result. */
async function ask(command: Command): Promise<Result> {
  await send(command);
  return resultOf(command);
}

function resultOf(command: Command): Promise<Result> {
  return new Promise((resolve) => {
    const look = () => {
      const result = results.get(`${command.type} ${orderText(command.order)}`);
      if (result === undefined) return;
      arrivals.delete(look);
      resolve(result);
    };
    arrivals.add(look);
    look();
  });
}

const suspended = (word: string): UserSuspended => ({
  ...userBare(word, 'absent'),
  ...{ state: 'suspended', account: 'disable', place: 'stay', names: 'keep' },
});

const withoutRights = (word: string): GroupSuspended => ({
  ...groupBare(word, 'absent'),
  ...{ state: 'suspended', kind: 'distribution', members: 'keep' },
});

type Found = Record<string, string | string[]>;

/** The one entry with this mark, by the eyes of an administrator. */
async function entryOf(mark: string): Promise<Found | undefined> {
  const { searchEntries } = await admin.search(domain.dc.baseDn, { filter: `(adminDescription=${mark})` });
  expect(searchEntries.length).toBeLessThanOrEqual(1);
  return searchEntries[0] as Found | undefined;
}

const userOf = (word: string) => entryOf(`User_${idOf(word)}`);
const groupOf = (word: string) => entryOf(`Group_${idOf(word)}`);

/** Names of the members of a group, without the suffix that makes them unique. */
async function membersOf(word: string): Promise<string[]> {
  const { member = [] } = (await groupOf(word)) ?? {};
  return [member]
    .flat()
    .map((dn) => dn.replace(/^CN=(.*?)(_[0-9a-f]{12})?,.*$/, '$1'))
    .sort();
}

async function queueDepth(): Promise<number> {
  const answer = (await (await fetch(`${broker.controlUrl}/queues`)).json()) as {
    queues: { writes: { active: number } };
  };
  return answer.queues.writes.active;
}

describe('a user', () => {
  it('is created, changed, disabled, suspended, restored and deleted', async () => {
    relay = startRelay(settings());
    await relay.ready();
    const created = await ask(userPresent('Anna'));
    expect(created).toMatchObject({ outcome: 'created', relay: 'relay-of-the-tests' });
    expect(await userOf('Anna')).toMatchObject({
      userAccountControl: '512',
      displayName: 'Anna',
      userPrincipalName: 'anna@contoso.example',
    });
    const names = { ...userPresent('Anna').names, cn: [`Anna, "Ä" #_${idOf('Anna').slice(-12)}`] };
    const attributes = { displayName: 'Anna Ä', givenName: 'Anna', sn: null };
    expect(await ask(userPresent('Anna', { names, attributes }))).toMatchObject({ outcome: 'updated' });
    expect(await userOf('Anna')).toMatchObject({ displayName: 'Anna Ä', cn: names.cn[0] });
    expect(await userOf('Anna')).not.toHaveProperty('sn');
    await ask(userPresent('Anna', { names, attributes, enabled: false }));
    expect(await userOf('Anna')).toMatchObject({ userAccountControl: '514' });
    await ask(userPresent('Anna', { names, attributes }));
    expect(await ask(suspended('Anna'))).toMatchObject({ outcome: 'suspended' });
    expect(await userOf('Anna')).toMatchObject({ userAccountControl: '514', displayName: 'Anna Ä' });
    expect(await ask(userPresent('Anna', { names, attributes }))).toMatchObject({
      outcome: 'updated',
      objectGuid: created.objectGuid,
      objectSid: created.objectSid,
    });
    expect(await userOf('Anna')).toMatchObject({ userAccountControl: '512' });
    expect(await ask(userBare('Anna', 'absent'))).toMatchObject({ outcome: 'deleted' });
    expect(await userOf('Anna')).toBeUndefined();
  });
});

describe('a group', () => {
  it('has the members of its slices and differences, synced ones by SID', async () => {
    relay = startRelay(settings());
    await relay.ready();
    for (const word of ['Bert', 'Cleo', 'Dora']) await ask(userPresent(word));
    for (const word of ['Team', 'Other']) await ask(groupPresent(word));
    const [keys, other] = [['Bert', 'Cleo'].map(userKey), groupKey('Other')];
    expect(await ask(slice('Team', [...keys, other, userKey('Nobody')]))).toMatchObject({
      outcome: 'updated',
      added: 3,
      missing: [userKey('Nobody')],
    });
    expect(await membersOf('Team')).toEqual(['Bert', 'Cleo', 'Other']);
    const domainSid = (await ask(groupPresent('Team'))).objectSid?.replace(/-\d+$/, '');
    const administrator = `s:${domainSid}-500` as MemberKey;
    const edit = { add: [userKey('Dora'), administrator], remove: [userKey('Bert')] };
    expect(await ask(difference('Team', edit))).toMatchObject({
      added: 1,
      removed: 1,
      omitted: [{ key: administrator, code: 'member-protected' }],
    });
    expect(await membersOf('Team')).toEqual(['Cleo', 'Dora', 'Other']);
    expect(await ask(suspended('Dora'))).toMatchObject({ memberOf: [idOf('Team')] });
    expect(await ask(withoutRights('Team'))).toMatchObject({ outcome: 'suspended' });
    expect(await groupOf('Team')).toMatchObject({ groupType: '8' });
    await ask(groupPresent('Team'));
    expect(await groupOf('Team')).toMatchObject({ groupType: '-2147483640' });
  });
});

describe('a forged mark', () => {
  it('is refused, and the entry stays as it is', async () => {
    const { dc } = domain;
    const dn = `CN=Mallory,${dc.destination}`;
    await admin.add(dn, {
      objectClass: 'user',
      sAMAccountName: 'mallory',
      adminDescription: `User_${idOf('Erna')}`,
      'msDS-ExternalDirectoryObjectId': `User_${idOf('Erna')}`,
    });
    relay = startRelay(settings());
    await relay.ready();
    const before = await userOf('Erna');
    expect(await ask(userPresent('Erna'))).toMatchObject({ outcome: 'rejected', code: 'mark-foreign' });
    expect(await ask(userBare('Erna', 'absent'))).toMatchObject({
      outcome: 'rejected',
      code: 'mark-foreign',
    });
    expect(await userOf('Erna')).toEqual(before);
    await admin.del(dn);
  });
});

describe('kill -9 in the middle', () => {
  it('and a restart converge: every object once, complete and settled', async () => {
    relay = startRelay(settings());
    await relay.ready();
    const words = Array.from({ length: 60 }, (_, each) => `crowd${each}`);
    const commands = words.map((word) => userPresent(word));
    await send(...commands);
    await Promise.race(commands.slice(10).map(resultOf));
    await relay.kill();
    relay = startRelay(settings());
    await Promise.all(commands.map(resultOf));
    for (const word of words) {
      const entry = await userOf(word);
      expect(entry).toMatchObject({ userAccountControl: '512', displayName: word });
      expect(entry?.['pwdLastSet']).not.toBe('0');
    }
    await expect.poll(queueDepth).toBe(0);
  });
});

describe('what is set up wrongly is told by its code, and the message is kept', () => {
  it.each([
    ['a wrong password', 'credentials-refused', () => ({ DIRECTORY_PASSWORD: 'Wrong-1-password' })],
    [
      'a missing destination',
      'destination-missing',
      () => ({ DIRECTORY_DESTINATION: `OU=Nowhere,${domain.dc.baseDn}` }),
    ],
  ])('%s', async (_, code, changes) => {
    const command = userPresent(`kept-${code}`);
    await send(command);
    relay = startRelay(settings(changes()));
    expect(await relay.line((line) => line.code === code)).toMatchObject({ level: 'fatal' });
    await relay.stop();
    expect(await queueDepth()).toBe(1);
    relay = startRelay(settings());
    expect(await resultOf(command)).toMatchObject({ outcome: 'created' });
    await expect.poll(queueDepth).toBe(0);
  });

  it('an untrusted certificate', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'relay-'));
    const caFile = join(folder, 'ca.pem');
    await writeFile(caFile, (await makeAuthority()).certificatePem);
    const command = userPresent('kept-untrusted');
    await send(command);
    relay = startRelay(settings({ DIRECTORY_CA_FILE: caFile }));
    expect(await relay.line((line) => line.code === 'directory-untrusted')).toMatchObject({ level: 'fatal' });
    await relay.stop();
    expect(await queueDepth()).toBe(1);
    relay = startRelay(settings());
    expect(await resultOf(command)).toMatchObject({ outcome: 'created' });
    await rm(folder, { recursive: true });
  });
});

describe('over WebSockets', () => {
  it('the relay works with the token of a managed identity', async () => {
    const identity = createServer((request, response) => {
      const isAllowed = request.headers['x-identity-header'] === 'header-of-the-tests';
      response.writeHead(isAllowed ? 200 : 401, { 'content-type': 'application/json' });
      const expires = Math.floor(Date.now() / 1_000) + 3_600;
      const token = stackToken({ aud: 'https://servicebus.azure.net', roles: [], exp: expires });
      response.end(JSON.stringify({ access_token: token, expires_on: `${expires}`, token_type: 'Bearer' }));
    });
    await once(identity.listen(0, '127.0.0.1'), 'listening');
    const { SERVICEBUS: _, ...rest } = settings();
    relay = startRelay({
      ...rest,
      SERVICEBUS__fullyQualifiedNamespace: 'tests.servicebus.windows.net',
      SERVICEBUS__endpoint: broker.wssUrl,
      IDENTITY_ENDPOINT: `http://127.0.0.1:${(identity.address() as AddressInfo).port}/token`,
      IDENTITY_HEADER: 'header-of-the-tests',
      NODE_EXTRA_CA_CERTS: broker.caFile,
    });
    await relay.ready();
    expect(await ask(userPresent('Ida'))).toMatchObject({ outcome: 'created' });
    await relay.stop();
    identity.closeAllConnections();
    identity.close();
  });
});

/** A token as the stack's identity endpoint signs them (local/README.md). */
function stackToken(claims: Record<string, unknown>): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', brokerSecrets.tokenSecret).update(signed).digest('base64url')}`;
}

describe('while it runs', () => {
  it('a broker that goes away and comes back costs nothing but time', async () => {
    relay = startRelay(settings());
    await relay.ready();
    await ask(userPresent('Fritz'));
    await broker.kill();
    await relay.line(({ code }) => code === 'bus-unavailable');
    await broker.restart();
    expect(await ask(userPresent('Fritz', { enabled: false }))).toMatchObject({ outcome: 'updated' });
  });

  it('a domain controller that goes away and comes back costs no delivery', async () => {
    relay = startRelay(settings());
    await relay.ready();
    await ask(userPresent('Gerda'));
    const restarted = domain.restart();
    const command = userPresent('Gerda', { attributes: { displayName: 'Gerda B' } });
    await send(command);
    await restarted;
    expect(await resultOf(command)).toMatchObject({ outcome: 'updated' });
  });
});
