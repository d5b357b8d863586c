import { expect, it } from 'vitest';
import { lateTelemetry } from '../../../shared/telemetry/late-telemetry.ts';
import { FakeTelemetry } from '../../fakes/telemetry.ts';

it('goes where it is told to go, whoever got hold of it before', async () => {
  const [before, real] = [new FakeTelemetry(), new FakeTelemetry()];
  const { telemetry, become } = lateTelemetry(before);
  const use = async () => {
    telemetry.record('writeback.notifications', 1, { outcome: 'accepted' });
    telemetry.start('ring', {}).end();
    telemetry.event('stopped', { severity: 'info', fields: {} });
    await telemetry.flush();
  };
  const counts = ({ measurements, spans, events, flushes }: FakeTelemetry) => [
    ...[measurements.length, spans.length, events.length, flushes],
  ];
  await use();
  become(real);
  await use();
  await use();
  expect([counts(before), counts(real)]).toEqual([
    [1, 1, 1, 1],
    [2, 2, 2, 2],
  ]);
});
