import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startIngestion, type TestIngestion } from '../../fixtures/ingestion.ts';

const entry = fileURLToPath(new URL('./start-app.ts', import.meta.url));
let ingestion: TestIngestion;

beforeEach(async () => {
  ingestion = await startIngestion();
});
afterEach(() => ingestion.stop());

it('an app that cannot start says so before it ends, and names no value', async () => {
  const env = {
    PATH: process.env['PATH'] ?? '',
    APPLICATIONINSIGHTS_CONNECTION_STRING: ingestion.connectionString,
    NODE_EXTRA_CA_CERTS: ingestion.caFile,
    SERVICEBUS: 'Endpoint=sb://localhost;SharedAccessKey=a-secret',
    CLIENT_STATE: 'short-secret',
  };
  const { status } = spawnSync(process.execPath, [entry], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  expect(status).toBe(3);
  const { events } = await ingestion.received();
  const [event] = events.filter(({ name }) => name === 'the app cannot start');
  expect(event?.fields['error']).toContain('CLIENT_STATE must have 32');
  expect(event?.fields['error']).toContain('SWEEP_SCHEDULE is missing');
  expect(JSON.stringify(events)).not.toContain('secret');
});
