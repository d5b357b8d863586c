import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type RunningIngestion, startIngestion } from '../../../local/ingestion/server.ts';
import { settingsFrom } from '../../../local/ingestion/settings.ts';
import type { Received } from '../../../local/ingestion/store.ts';
import { makeAuthority } from '../../../local/stack/certificates.ts';
import { stackToken, type TokenClaims } from '../../../local/tenant/tokens.ts';
import { key, messageItem } from './items.ts';

const secret = 'secret of the test';
let folder: string;
let file: string;
let agent: Agent;
let running: RunningIngestion | undefined;
let settings: Record<string, string>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ingestion-'));
  file = join(folder, 'telemetry.jsonl');
  const authority = await makeAuthority();
  const issued = await authority.issue({
    commonName: 'localhost',
    dnsNames: ['localhost'],
    ips: ['127.0.0.1'],
  });
  agent = new Agent({ ca: authority.certificatePem });
  writeFileSync(join(folder, 'key.pem'), issued.keyPem);
  writeFileSync(join(folder, 'cert.pem'), issued.certificatePem);
  settings = {
    INGESTION_PORT: '0',
    INGESTION_TLS_KEY_FILE: join(folder, 'key.pem'),
    INGESTION_TLS_CERT_FILE: join(folder, 'cert.pem'),
    INGESTION_FILE: file,
    INGESTION_KEY: key,
  };
});

afterEach(async () => {
  agent.destroy();
  await running?.stop();
  running = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function start(more: Record<string, string> = {}): Promise<void> {
  const read = settingsFrom({ ...settings, ...more });
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  running = await startIngestion(read.settings);
}

type Answer = { status: number; body: unknown; headers: NodeJS.Dict<string | string[]> };

function send(method: string, path: string, body?: string | Buffer, headers = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const url = `https://localhost:${running?.port}${path}`;
    const outgoing = request(url, { method, agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(text), headers: response.headers });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const track = (items: object[], headers = {}) =>
  send('POST', '/v2.1/track', JSON.stringify(items), { 'content-type': 'application/json', ...headers });
const received = async () => (await send('GET', '/received')).body as Received;

it('counts what it took and what it refused: 200, 206, 400', async () => {
  await start();
  const flawed = messageItem({ iKey: 'another' });
  expect(await track([messageItem()])).toMatchObject({
    status: 200,
    body: { itemsReceived: 1, itemsAccepted: 1, errors: [] },
  });
  expect(await track([flawed, messageItem()])).toMatchObject({
    status: 206,
    body: { itemsReceived: 2, itemsAccepted: 1, errors: [{ index: 0, statusCode: 400 }] },
  });
  expect((await track([flawed])).status).toBe(400);
  expect((await send('POST', '/v2.1/track', '[{')).status).toBe(400);
  const zipped = gzipSync(JSON.stringify([messageItem()]));
  expect((await send('POST', '/v2.1/track', zipped, { 'content-encoding': 'gzip' })).status).toBe(200);
  const { items, refused } = await received();
  expect(items).toHaveLength(3);
  expect(refused).toHaveLength(2);
});

it('keeps what it received over a kill, as it was sent, and forgets a torn line', async () => {
  await start();
  const item = messageItem({ data: { message: 'umläut "quoted"' } });
  await track([item]);
  expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify([item])}\n`);
  await running?.stop();
  appendFileSync(file, '[{"torn');
  await start();
  await track([messageItem()]);
  expect((await received()).items.map(({ data }) => data.baseData)).toMatchObject([
    { message: 'umläut "quoted"' },
    { message: 'applied' },
  ]);
});

const tokenFor = (claims: Partial<TokenClaims>, signedWith = secret) => ({
  authorization: `Bearer ${stackToken(signedWith, {
    ...{ aud: 'https://monitor.azure.com', roles: [], appid: 'functions', exp: Date.now() / 1_000 + 60 },
    ...claims,
  })}`,
});

it('without local authentication takes nobody without a token for Azure Monitor and the role', async () => {
  await start({ INGESTION_TOKEN_SECRET: secret, INGESTION_PUBLISHERS: 'functions,relay' });
  const statusWith = async (headers: object) => (await track([messageItem()], headers)).status;
  expect(await statusWith({})).toBe(401);
  expect(await statusWith({ authorization: 'Bearer x' })).toBe(401);
  expect(await statusWith(tokenFor({}, 'another secret'))).toBe(401);
  expect(await statusWith(tokenFor({ aud: 'https://graph.microsoft.com' }))).toBe(401);
  expect(await statusWith(tokenFor({ exp: 1 }))).toBe(401);
  expect(await statusWith(tokenFor({ appid: 'somebody' }))).toBe(403);
  expect((await received()).items).toEqual([]);
  expect(await statusWith(tokenFor({}))).toBe(200);
});

it('throttles as often as a test asks for it', async () => {
  await start();
  await send('POST', '/fault', JSON.stringify({ status: 439, times: 2, retryAfterSeconds: 1 }));
  expect(await track([messageItem()])).toMatchObject({ status: 439, headers: { 'retry-after': '1' } });
  expect((await track([messageItem()])).status).toBe(439);
  expect((await track([messageItem()])).status).toBe(200);
  expect((await received()).items).toHaveLength(1);
});

it('names every wrong setting at once, without values', () => {
  const read = settingsFrom({ ...settings, INGESTION_KEY: 'hush', INGESTION_PORT: '70000' });
  const names = 'problems' in read ? read.problems.map((problem) => problem.split(':')[0]) : [];
  expect(names).toEqual(['INGESTION_PORT', 'INGESTION_KEY']);
  expect(JSON.stringify(read)).not.toContain('hush');
});
