import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getLogLevel } from '@azure/logger';
import { afterEach, expect, it, vi } from 'vitest';
import { loadTelemetry } from '../../../../shared/adapters/telemetry/load-telemetry.ts';
import type { Sender } from '../../../../shared/adapters/telemetry/sender.ts';
import { tellSometimes } from '../../../../shared/adapters/telemetry/tell-sometimes.ts';

const sender: Sender = { role: 'functions', instance: 'i', randomHex: (bytes) => 'a'.repeat(bytes * 2) };
const key = '00000000-0000-4000-8000-00000000000a';

afterEach(() => vi.restoreAllMocks());

/** What goes to the console; the module itself is the real one. */
function listen(): string[] {
  const lines: string[] = [];
  for (const method of ['log', 'warn', 'error', 'info', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((...words: unknown[]) => void lines.push(words.join(' ')));
  }
  return lines;
}

/** What the SDK keeps for later, where it may. */
const leftBehind = () =>
  readdirSync(tmpdir())
    .filter((name) => name.startsWith('Microsoft-AzureMonitor-'))
    .flatMap((name) => readdirSync(join(tmpdir(), name), { recursive: true, encoding: 'utf8' }));

it('carries traces on where nothing is to be sent', async () => {
  const telemetry = await loadTelemetry({ settings: undefined, problems: [] }, sender);
  const parent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
  expect(telemetry.start('ring', { parent }).traceparent).toBe(parent);
  expect(telemetry.start('ring', {}).traceparent).toBe(`00-${'a'.repeat(32)}-${'a'.repeat(16)}-01`);
});

it('works on where nobody takes what it sends: one line on the console, no secret in it, no file left', async () => {
  const lines = listen();
  const before = leftBehind();
  const port = await unusedPort();
  const connectionString = `InstrumentationKey=${key};IngestionEndpoint=https://127.0.0.1:${port}/`;
  const telemetry = await loadTelemetry(
    { settings: { connectionString, entra: undefined, samplingRatio: 1 }, problems: [] },
    sender,
  );
  const span = telemetry.start('ring', {});
  telemetry.record('writeback.notifications', 1, { outcome: 'accepted' });
  telemetry.event('stopped', { severity: 'info', fields: {}, trace: span.traceparent });
  span.end();
  await telemetry.flush();
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({
      level: 'warn',
      app: 'functions',
      msg: 'telemetry failed',
      error: 'ECONNREFUSED',
    }),
  ]);
  expect(lines.join()).not.toContain(key);
  expect(leftBehind()).toEqual(before);
  // Nor does it make the other SDKs talk.
  expect(getLogLevel()).toBeUndefined();
}, 30_000);

it('works on where the SDK refuses its settings', async () => {
  const lines = listen();
  const settings = { connectionString: 'InstrumentationKey=none', entra: undefined, samplingRatio: 1 };
  const telemetry = await loadTelemetry({ settings, problems: [] }, sender);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('"telemetry failed"');
  expect(telemetry.start('ring', {}).traceparent).toBe(`00-${'a'.repeat(32)}-${'a'.repeat(16)}-01`);
});

it('works on where its settings are wrong, and says so loudly', async () => {
  const lines = listen();
  const telemetry = await loadTelemetry({ settings: undefined, problems: ['A: wrong', 'B: wrong'] }, sender);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ level: 'fatal', msg: 'telemetry failed', error: 'A: wrong; B: wrong' }),
  ]);
  expect(telemetry.start('ring', {}).traceparent).toBe(`00-${'a'.repeat(32)}-${'a'.repeat(16)}-01`);
});

it('tells at once, and then once in a period', () => {
  const told: string[] = [];
  let now = 0;
  const tell = tellSometimes((word) => told.push(word), 1_000, { monotonicMs: () => now });
  for (const at of [0, 1, 999, 1_000, 1_500, 2_000]) {
    now = at;
    tell(String(at));
  }
  expect(told).toEqual(['0', '1000', '2000']);
});

async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 1;
}
