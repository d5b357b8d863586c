import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { settingsFrom } from '../../../local/ingestion/settings.ts';
import {
  appSettings,
  ingestionSettings,
  relaySettings,
  type Site,
} from '../../../local/stack/part-settings.ts';
import { noRealParts } from '../../../local/stack/real-parts.ts';
import { makeStackFacts, type StackFacts } from '../../../local/stack/stack-facts.ts';
import { readTelemetrySettings } from '../../../shared/telemetry/settings.ts';

let facts: StackFacts;
const file = '/somewhere/telemetry.jsonl';
const realGraph = { settings: { GRAPH_BASE_URL: 'https://graph.microsoft.com/v1.0' }, hostPort: 1 };

beforeAll(async () => {
  facts = await makeStackFacts(noRealParts);
});
afterAll(() => rmSync(facts.folder, { recursive: true, force: true }));

const siteOf = (more: Partial<Site> = {}): Site => ({
  ...{ facts, real: noRealParts, wss: false, telemetryFile: file },
  ...more,
});
const of = (settings: Record<string, string>) =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => /^(APPLICATIONINSIGHTS|OTEL)_/.test(name)));

it('without --telemetry nobody is told to send', () => {
  const site = siteOf({ telemetryFile: undefined });
  expect(of(appSettings(site))).toEqual({});
  expect(of(relaySettings(site, undefined))).toEqual({});
});

it('with it both sign in by Entra, and the endpoint takes no key alone', () => {
  const site = siteOf();
  const told = of(appSettings(site));
  expect(of(relaySettings(site, undefined))).toEqual(told);
  const connection = told['APPLICATIONINSIGHTS_CONNECTION_STRING'];
  expect(readTelemetrySettings(told)).toMatchObject({
    settings: { connectionString: connection },
    problems: [],
  });
  expect(connection).toContain(`https://localhost:${facts.ports.ingestion}/`);
  expect(told).toMatchObject({ APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD' });
  expect(settingsFrom(ingestionSettings(site, file))).toMatchObject({
    settings: { INGESTION_TOKEN_SECRET: facts.secrets.tokenSecret, INGESTION_FILE: file },
  });
});

it('with a real tenant, whose tokens nobody here can read, the key is enough', () => {
  const site = siteOf({ real: { ...noRealParts, graph: realGraph } });
  expect(of(appSettings(site))).not.toHaveProperty('APPLICATIONINSIGHTS_AUTHENTICATION_STRING');
  expect(ingestionSettings(site, file)).not.toHaveProperty('INGESTION_TOKEN_SECRET');
});
