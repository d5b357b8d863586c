import { describe, expect, it } from 'vitest';
import { type Ring, ringSchema } from '../../../shared/contracts/ring.ts';
import { durationMs } from '../../../shared/domain/time.ts';
import { type ErrorCode, WritebackError } from '../../../shared/errors.ts';
import type { Handler } from '../../../shared/handler.ts';
import { runRings } from '../../../shared/pipeline.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { fakeLog } from '../../fakes/log.ts';
import { fakeOutbox } from '../../fakes/outbox.ts';
import { FakeTelemetry } from '../../fakes/telemetry.ts';
import { ringOf } from '../flow/flow.ts';

const traceparentOf = (n: number) => `00-${String(n).repeat(32)}-${'2'.repeat(16)}-01`;

function scene() {
  const [clock, outbox, log, telemetry] = [fakeClock(), fakeOutbox(), fakeLog(), new FakeTelemetry()];
  const deps = { clock, outbox, log, telemetry, budgetMs: durationMs(120_000) };
  const ring = (n: number): Ring =>
    ringOf(
      'users',
      { type: 'look', ids: [idOf('user', n)] },
      { now: clock.now(), more: { traceparent: traceparentOf(n) } },
    );
  const run = (handler: Handler<readonly Ring[]>, ...of: number[]) =>
    runRings(
      deps,
      { queue: 'users', schema: ringSchema, handler },
      of.map((n) => ({ body: ring(n), messageId: undefined })),
    );
  return { clock, outbox, log, telemetry, run };
}

/** Fails where a ring of this number is in the batch. */
const failing = (code: ErrorCode, n: number): Handler<readonly Ring[]> =>
  async function* handler(rings) {
    yield { messages: [] };
    if (rings.some(({ traceparent }) => traceparent === traceparentOf(n))) throw new WritebackError(code);
    if (rings.some(({ traceparent }) => traceparent.includes(String(n).repeat(32))))
      throw new WritebackError(code);
  };

it('ends each span with the last message that was sent for it', async () => {
  const { clock, telemetry, run } = scene();
  const startedAt = clock.now();
  await run(
    async function* handler(rings) {
      for (const message of rings) {
        clock.advance(1_000);
        yield { messages: [{ to: 'users', message }] };
      }
      clock.advance(5_000);
    },
    1,
    2,
  );
  expect(telemetry.spans.map((span) => [span.startedAt, span.endedAt])).toEqual([
    [startedAt, startedAt + 1_000],
    [startedAt, startedAt + 2_000],
  ]);
  expect(telemetry.spans.map(({ attributes }) => attributes['sent'])).toEqual([1, 1]);
});

describe('a batch that fails', () => {
  it('is rung anew in the spans that failed', async () => {
    const { outbox, telemetry, run } = scene();
    await run(failing('graph-throttled', 1), 1, 2);
    expect(telemetry.spans.map(({ outcome, attributes }) => [outcome, attributes['code']])).toEqual([
      ['failed', 'graph-throttled'],
      ['failed', 'graph-throttled'],
    ]);
    const carried = outbox.sent.map(({ message }) => 'traceparent' in message && message.traceparent);
    expect(carried).toEqual(telemetry.spans.map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`));
    expect(telemetry.of('writeback.handled')).toEqual([
      { metric: 'writeback.handled', value: 2, dimensions: { queue: 'users', outcome: 'failed' } },
    ]);
  });

  it('is tried ring by ring, each within the span that failed before', async () => {
    const { telemetry, run } = scene();
    await run(failing('defect', 1), 1, 2);
    const [one, two, oneAlone, twoAlone] = telemetry.spans;
    expect([oneAlone?.parent, twoAlone?.parent]).toEqual([one?.spanId, two?.spanId]);
    expect([oneAlone?.outcome, twoAlone?.outcome]).toEqual(['failed', 'ok']);
    expect(telemetry.of('writeback.handled', { outcome: 'done' }).map(({ value }) => value)).toEqual([1]);
    expect(telemetry.of('writeback.handle.duration')).toHaveLength(3);
  });

  it('ends its spans though it throws', async () => {
    const { telemetry, run } = scene();
    await expect(run(failing('fence-lost', 1), 1)).rejects.toThrow();
    expect(telemetry.spans.map(({ isEnded }) => isEnded)).toEqual([true]);
  });
});

it('counts what could not be parsed', async () => {
  const { telemetry } = scene();
  const deps = { clock: fakeClock(), outbox: fakeOutbox(), log: fakeLog(), telemetry };
  const handler: Handler<readonly Ring[]> = async function* () {};
  const source = { queue: 'users' as const, schema: ringSchema, handler };
  await runRings({ ...deps, budgetMs: durationMs(1_000) }, source, [{ body: 'x', messageId: 'm' }]);
  expect(telemetry.of('writeback.handled')).toEqual([
    { metric: 'writeback.handled', value: 1, dimensions: { queue: 'users', outcome: 'refused' } },
  ]);
});
