import { expect, it } from 'vitest';
import { readTelemetrySettings, type TelemetrySettings } from '../../../shared/telemetry/settings.ts';

const key = '00000000-0000-4000-8000-00000000000a';
const connectionString = `InstrumentationKey=${key};IngestionEndpoint=https://eu.in.applicationinsights.azure.com/`;
const clientId = '11111111-2222-4333-8444-555555555555';

/** The settings, or the names of those that are wrong. */
function read(given: Record<string, string>): TelemetrySettings | undefined | (string | undefined)[] {
  const { settings, problems } = readTelemetrySettings(given);
  return problems.length === 0 ? settings : problems.map((problem) => problem.split(':')[0]);
}

it('sends nothing without a connection string', () => {
  expect(read({})).toBeUndefined();
  expect(read({ APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD' })).toBeUndefined();
});

it('signs in as told', () => {
  const given = { APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString };
  const common = { connectionString, samplingRatio: 1 };
  expect(read(given)).toEqual({ ...common, entra: undefined });
  const name = 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING';
  expect(read({ ...given, [name]: 'Authorization=AAD' })).toEqual({
    ...common,
    entra: { clientId: undefined },
  });
  expect(read({ ...given, [name]: `ClientId=${clientId};Authorization=AAD` })).toEqual({
    ...common,
    entra: { clientId },
  });
});

it.each([
  ['APPLICATIONINSIGHTS_CONNECTION_STRING', 'InstrumentationKey=secret'],
  ['APPLICATIONINSIGHTS_CONNECTION_STRING', `InstrumentationKey=${key};IngestionEndpoint=http://localhost/`],
  ['APPLICATIONINSIGHTS_AUTHENTICATION_STRING', 'Authorization=Key'],
  ['APPLICATIONINSIGHTS_AUTHENTICATION_STRING', 'ClientId=me;Authorization=AAD'],
  ['TELEMETRY_SAMPLING_RATIO', '1.1'],
  ['TELEMETRY_SAMPLING_RATIO', '-1'],
  ['TELEMETRY_SAMPLING_RATIO', 'some'],
])('refuses %s=%s', (name, value) => {
  expect(read({ [name]: value })).toEqual([name]);
});

it('names what is wrong without its value, and then nothing is sent', () => {
  const wrong = '@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/connection/)';
  expect(readTelemetrySettings({ APPLICATIONINSIGHTS_CONNECTION_STRING: wrong })).toEqual({
    settings: undefined,
    problems: ['APPLICATIONINSIGHTS_CONNECTION_STRING: must hold InstrumentationKey=<guid>'],
  });
});

it('takes a key in upper case, and hands it to the SDK as that takes it', () => {
  const upper = connectionString.replace(key, key.toUpperCase());
  expect(read({ APPLICATIONINSIGHTS_CONNECTION_STRING: upper })).toMatchObject({ connectionString });
});

it('looks at nothing else, and an empty setting counts as absent', () => {
  const given = { APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString, SERVICEBUS: '', OTHER: 'x' };
  const settings = { connectionString, samplingRatio: 1, entra: undefined };
  expect(read(given)).toEqual(settings);
  expect(read({ ...given, APPLICATIONINSIGHTS_AUTHENTICATION_STRING: ' ' })).toEqual(settings);
});

it('samples by share', () => {
  const given = { APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString };
  expect(read({ ...given, TELEMETRY_SAMPLING_RATIO: '0.25' })).toMatchObject({ samplingRatio: 0.25 });
});
