import { expect, it } from 'vitest';
import { measureLdap } from '../../../relay/measure/measure-ldap.ts';
import { WritebackError } from '../../../shared/errors.ts';
import { FakeTelemetry } from '../../fakes/telemetry.ts';
import { relayWorld } from '../relay-world.ts';

const durations = (telemetry: FakeTelemetry) =>
  telemetry.of('writeback.ldap.duration').map(({ dimensions }) => dimensions);

it('each request is a measurement, pages and the look for an entry that is not there too', async () => {
  const telemetry = new FakeTelemetry();
  const world = await relayWorld({ observe: measureLdap(telemetry) });
  const before = telemetry.measurements.length;
  expect(before).toBeGreaterThan(2);
  expect(await world.directory.findByCn('nobody', 'destination')).toBeUndefined();
  expect(telemetry.measurements.slice(before)).toMatchObject([
    { metric: 'writeback.ldap.duration', dimensions: { operation: 'search', outcome: 'ok' } },
  ]);
  expect(telemetry.of('writeback.ldap.errors')).toEqual([]);
});

it('a bind is an error where it is refused, and nothing else', () => {
  const telemetry = new FakeTelemetry();
  const observe = measureLdap(telemetry);
  observe('bind', 5, undefined);
  expect(telemetry.measurements).toEqual([]);
  observe('bind', 5, new WritebackError('credentials-refused'));
  expect(telemetry.measurements).toEqual([
    { metric: 'writeback.ldap.errors', value: 1, dimensions: { code: 'credentials-refused' } },
  ]);
});

it('an entry that is missing where one was to be changed is an error', () => {
  const telemetry = new FakeTelemetry();
  const observe = measureLdap(telemetry);
  observe('delete', 1, new WritebackError('entry-missing'));
  observe('modify', 2, new WritebackError('entry-missing'));
  expect(durations(telemetry)).toEqual([
    { operation: 'delete', outcome: 'ok' },
    { operation: 'modify', outcome: 'failed' },
  ]);
  expect(telemetry.of('writeback.ldap.errors', { code: 'entry-missing' })).toHaveLength(1);
});

it('a lost connection is one error, and the new one that cannot be had another', async () => {
  const telemetry = new FakeTelemetry();
  const world = await relayWorld({ observe: measureLdap(telemetry) });
  world.faults.dropNextConnection = true;
  world.faults.refuseConnections = true;
  await expect(world.directory.ping()).rejects.toMatchObject({ code: 'directory-unavailable' });
  expect(telemetry.of('writeback.ldap.duration', { outcome: 'failed' })).toHaveLength(1);
  expect(telemetry.of('writeback.ldap.errors', { code: 'directory-unavailable' })).toHaveLength(2);
});
