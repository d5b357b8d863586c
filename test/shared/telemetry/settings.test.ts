import { expect, it } from 'vitest';
import { z } from 'zod';
import {
  type TelemetrySettings,
  telemetryBeforeAnything,
  telemetrySettings,
  telemetryShape,
} from '../../../shared/telemetry/settings.ts';

const key = '00000000-0000-4000-8000-00000000000a';
const connectionString = `InstrumentationKey=${key};IngestionEndpoint=https://eu.in.applicationinsights.azure.com/`;
const clientId = '11111111-2222-4333-8444-555555555555';

/** The settings, or the names of those that are wrong. */
function read(given: Record<string, string>): TelemetrySettings | undefined | string[] {
  const outcome = z.object(telemetryShape).safeParse(given);
  return outcome.success
    ? telemetrySettings(outcome.data)
    : outcome.error.issues.map(({ path }) => path.join('.'));
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

it('can be read before anything else is right', () => {
  const given = { APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString, SERVICEBUS: '', OTHER: 'x' };
  const settings = { connectionString, samplingRatio: 1, entra: undefined };
  expect(telemetryBeforeAnything(given)).toEqual(settings);
  expect(telemetryBeforeAnything({ ...given, APPLICATIONINSIGHTS_AUTHENTICATION_STRING: ' ' })).toEqual(
    settings,
  );
  expect(telemetryBeforeAnything({ ...given, TELEMETRY_SAMPLING_RATIO: '2' })).toBeUndefined();
  expect(telemetryBeforeAnything({})).toBeUndefined();
});

it('samples by share', () => {
  const given = { APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString };
  expect(read({ ...given, TELEMETRY_SAMPLING_RATIO: '0.25' })).toMatchObject({ samplingRatio: 0.25 });
});
