import { expect, it } from 'vitest';
import { epochMs } from '../../../shared/domain/time.ts';
import { beginningTraces } from '../../../shared/receiving/beginning-traces.ts';
import { lookRings, roundRings } from '../../../shared/receiving/rings-for.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { fakeOutbox } from '../../fakes/outbox.ts';
import { FakeTelemetry } from '../../fakes/telemetry.ts';

const ringing = { now: epochMs(5) };
const rings = [
  ...roundRings(ringing, 'sweep'),
  ...lookRings(ringing, { kind: 'user', cause: 'notification', ids: [idOf('user', 1), idOf('user', 2)] }),
];

it('begins a trace for each ring, which goes out with it', async () => {
  const [outbox, telemetry] = [fakeOutbox(), new FakeTelemetry()];
  await beginningTraces(outbox, telemetry).send(rings);
  expect(
    telemetry.spans.map(({ name, attributes, outcome, parent }) => [name, attributes, outcome, parent]),
  ).toEqual([
    ['ring', { kind: 'user', cause: 'sweep', want: 'round' }, 'ok', undefined],
    ['ring', { kind: 'group', cause: 'sweep', want: 'round' }, 'ok', undefined],
    ['notification', { kind: 'user', cause: 'notification', ids: 2 }, 'ok', undefined],
  ]);
  const carried = outbox.sent.map(({ message }) => 'traceparent' in message && message.traceparent);
  expect(carried).toEqual(telemetry.spans.map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`));
});

it('says what could not be enqueued', async () => {
  const telemetry = new FakeTelemetry();
  const broken = { send: () => Promise.reject(new Error('away')) };
  await expect(beginningTraces(broken, telemetry).send(rings)).rejects.toThrow('away');
  expect(telemetry.spans.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed']);
});
