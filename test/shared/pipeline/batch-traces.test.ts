import { describe, expect, it } from 'vitest';
import { type Ring, ringSchema } from '../../../shared/contracts/ring.ts';
import { durationMs, epochMs } from '../../../shared/domain/time.ts';
import { type ErrorCode, WritebackError } from '../../../shared/errors.ts';
import type { Handler } from '../../../shared/handler.ts';
import { runRings } from '../../../shared/pipeline.ts';
import type { Outgoing } from '../../../shared/ports.ts';
import { ringOf as appointment } from '../../../shared/reading/rings.ts';
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

/** As much of a command as matters for its trace. */
const commandIn = (traceparent: string, n: number): Outgoing => {
  const message = { type: 'user', id: idOf('user', n), cause: 'round', traceparent };
  return { to: 'writes', message } as unknown as Outgoing;
};

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

describe('a trace of its own, linked to the one that sends it,', () => {
  const later = (message: Ring, afterMs: number) =>
    appointment(
      { clock: { ...fakeClock(), now: () => epochMs(message.times.ring) } },
      {
        ...{ to: 'users' as const, cause: 'parked' as const, want: message.want, attempt: 1 },
        ...{ origin: { traceparent: message.traceparent, ring: message.times.ring } },
        afterMs: durationMs(afterMs),
      },
    );

  it('is begun by a ring that is due an hour later or more', async () => {
    const { outbox, clock, telemetry, run } = scene();
    await run(async function* (rings) {
      // Time goes on between the making and the sending of a ring.
      const messages = rings.flatMap((ring) => [later(ring, 3_599_999), later(ring, 3_600_000)]);
      clock.advance(50);
      yield { messages };
    }, 1);
    const [reader, ring, ...others] = telemetry.spans;
    expect(others).toEqual([]);
    expect(ring).toMatchObject({
      ...{ name: 'ring', parent: undefined, isEnded: true, outcome: 'ok' },
      attributes: { kind: 'user', cause: 'parked', want: 'look' },
    });
    const of = (span: typeof reader) => `00-${span?.traceId}-${span?.spanId}-01`;
    expect(ring?.links).toEqual([of(reader)]);
    expect(ring?.traceId).not.toBe(reader?.traceId);
    expect(outbox.sent.map(({ message }) => 'traceparent' in message && message.traceparent)).toEqual([
      of(reader),
      of(ring),
    ]);
  });

  /** Sends this many commands a step for every ring; answers how many went with which span. */
  async function carried(steps: readonly number[], ...rings: number[]) {
    const it = scene();
    await it.run(
      async function* (batch) {
        for (const count of steps) {
          const messages = batch.flatMap(({ traceparent }) =>
            Array.from({ length: count }, (_, n) => commandIn(traceparent, n)),
          );
          yield { messages };
        }
      },
      ...rings,
    );
    const carriers = Map.groupBy(
      it.outbox.sent,
      ({ message }) => 'traceparent' in message && message.traceparent,
    );
    expect(it.telemetry.spans.every(({ isEnded }) => isEnded)).toBe(true);
    return it.telemetry.spans.map(({ name, traceId, spanId, links, attributes }) => ({
      name,
      count: carriers.get(`00-${traceId}-${spanId}-01`)?.length ?? 0,
      sent: attributes['sent'],
      links: links.map((link) => link.split('-')[1]),
    }));
  }

  it('is begun by each step that would make a trace of more than 200 commands, incremental rounds too', async () => {
    const traceId = '1'.repeat(32);
    expect(await carried([150, 50, 1, 500], 1)).toEqual([
      { name: 'read users', count: 200, sent: 200, links: [] },
      { name: 'read page', count: 1, sent: 1, links: [traceId] },
      { name: 'read page', count: 500, sent: 500, links: [traceId] },
    ]);
  });

  it('is not begun by a batch that is large only because of many rings', async () => {
    const one = { name: 'read users', count: 150, sent: 150, links: [] };
    expect(await carried([150], 1, 2, 3)).toEqual([one, one, one]);
  });

  it('ends failed where the step could not be sent', async () => {
    const { outbox, telemetry, run } = scene();
    outbox.send = () => Promise.reject(new WritebackError('bus-unavailable'));
    const sending = run(async function* (rings) {
      yield { messages: rings.map((ring) => later(ring, 3_600_000)) };
    }, 1);
    await expect(sending).rejects.toMatchObject({ code: 'bus-unavailable' });
    expect(telemetry.spans.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['read users', 'failed'],
      ['ring', 'failed'],
    ]);
  });
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
