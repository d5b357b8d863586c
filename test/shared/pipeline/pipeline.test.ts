import { describe, expect, it } from 'vitest';
import { resultSchema } from '../../../shared/contracts/result.ts';
import { type Ring, ringSchema } from '../../../shared/contracts/ring.ts';
import type { Delivered } from '../../../shared/decode.ts';
import type { ObjectId } from '../../../shared/domain/object-id.ts';
import { durationMs } from '../../../shared/domain/time.ts';
import { type ErrorCode, WritebackError } from '../../../shared/errors.ts';
import type { Handler, Step } from '../../../shared/handler.ts';
import { runBatch, runRings } from '../../../shared/pipeline.ts';
import type { Outgoing } from '../../../shared/ports.ts';
import { ringOf } from '../../../shared/reading/rings.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeLog } from '../../fakes/log.ts';
import { fakeOutbox } from '../../fakes/outbox.ts';
import { FakeTelemetry } from '../../fakes/telemetry.ts';

const start = 1_795_000_000_000;
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` as ObjectId;
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

const look = (n: number, ringAt = start): Ring => ({
  v: 1,
  type: 'ring',
  kind: 'user',
  cause: 'notification',
  attempt: 0,
  want: { type: 'look', ids: [idOf(n)] },
  traceparent,
  times: { ring: ringAt },
});
const round = (ringAt = start): Ring => ({ ...look(0, ringAt), cause: 'sweep', want: { type: 'round' } });
const delivered = (bodies: readonly unknown[]): Delivered[] =>
  bodies.map((body, n) => ({ body, messageId: `m${n}` }));

function scene() {
  const clock = fakeClock(start);
  const outbox = fakeOutbox();
  const log = fakeLog();
  const telemetry = new FakeTelemetry();
  const deps = { clock, outbox, log, telemetry, budgetMs: durationMs(120_000) };
  const ring = (handler: Handler<readonly Ring[]>, bodies: readonly unknown[]) =>
    runRings(deps, { queue: 'users', schema: ringSchema, handler }, delivered(bodies));
  return { clock, outbox, log, deps, ring };
}
type Scene = ReturnType<typeof scene>;

/** Fails with a code, for messages that `when` names. */
const failing = (
  code: ErrorCode,
  when: (ring: Ring) => boolean = () => true,
  retryAfterMs?: number,
): Handler<readonly Ring[]> =>
  async function* handler(rings): AsyncGenerator<Step> {
    yield { messages: [] };
    const options = retryAfterMs === undefined ? {} : { retryAfterMs: durationMs(retryAfterMs) };
    if (rings.some(when)) throw new WritebackError(code, options);
  };

const rungs = ({ outbox }: Scene) =>
  outbox.sent.flatMap((one: Outgoing) =>
    one.to === 'users' ? [{ want: one.message.want, dueIn: (one.dueAt ?? 0) - start }] : [],
  );

describe('steps', () => {
  it('sends each step before it commits it, in order', async () => {
    const it = scene();
    const events: string[] = [];
    await it.ring(
      async function* handler() {
        for (const n of [1, 2]) {
          yield {
            messages: [{ to: 'users', message: look(n) }],
            commit: async () => {
              events.push(`commit ${n} after ${it.outbox.sent.length}`);
            },
          };
        }
      },
      [look(1)],
    );
    expect(events).toEqual(['commit 1 after 1', 'commit 2 after 2']);
  });

  it('does not commit what could not be sent, and rings anew', async () => {
    const it = scene();
    let committed = false;
    const outbox = {
      async send(messages: readonly Outgoing[]) {
        if (messages.some(({ to }) => to === 'groups')) throw new WritebackError('bus-unavailable');
        await it.outbox.send(messages);
      },
    };
    const handler: Handler<readonly Ring[]> = async function* () {
      yield {
        messages: [{ to: 'groups', message: look(9) }],
        commit: async () => {
          committed = true;
        },
      };
    };
    await runRings(
      { ...it.deps, outbox },
      { queue: 'users', schema: ringSchema, handler },
      delivered([look(1)]),
    );
    expect(committed).toBe(false);
    expect(rungs(it)).toEqual([{ want: look(1).want, dueIn: 1_000 }]);
  });
});

describe('what cannot be parsed', () => {
  it('goes to refused without its values, and the others go on', async () => {
    const it = scene();
    const seen: Ring[] = [];
    await it.ring(
      async function* handler(rings) {
        seen.push(...rings);
        yield { messages: [] };
      },
      ['not json {', { ...look(1), want: { type: 'look', ids: ['secret-value'] } }, look(2)],
    );
    expect(seen.map(({ want }) => want)).toEqual([look(2).want]);
    expect(it.outbox.sent).toHaveLength(2);
    expect(it.outbox.sent[1]).toMatchObject({
      to: 'refused',
      message: { v: 1, type: 'refusal', queue: 'users', messageId: 'm1', at: start },
    });
    expect(JSON.stringify([it.outbox.sent, it.log.lines])).not.toContain('secret-value');
  });

  it('throws for another contract version before anything is done', async () => {
    const it = scene();
    const ended = it.ring(failing('defect'), [look(1), { ...look(2), v: 2 }]);
    await expect(ended).rejects.toMatchObject({ code: 'version-unknown' });
    expect(it.outbox.sent).toEqual([]);
    expect(it.log.lines.at(-1)).toMatchObject({ level: 'loud', fields: { code: 'version-unknown' } });
  });
});

describe('a failing batch of rings', () => {
  it.each([
    [{ age: 0, retryAfterMs: 7_000 }, 7_000],
    [{ age: 0 }, 1_000],
    [{ age: 60_000 }, 30_000],
    [{ age: 3_600_000 }, 300_000],
  ])(
    'is rung anew after Retry-After or half its age: %o',
    async ({ age, retryAfterMs }: { age: number; retryAfterMs?: number }, dueIn) => {
      const it = scene();
      await it.ring(
        failing('graph-throttled', () => true, retryAfterMs),
        [look(1, start - age)],
      );
      expect(rungs(it)).toEqual([{ want: look(1).want, dueIn }]);
    },
  );

  it('asks the same question once again, however often it was asked', async () => {
    const it = scene();
    await it.ring(failing('graph-unavailable'), [round(), look(1), round(start - 10_000), look(1), look(2)]);
    expect(rungs(it).map(({ want }) => want)).toEqual([round().want, look(1).want, look(2).want]);
  });

  it.each(['fence-lost', 'graph-refused'] as const)('throws %s, so that the messages stay', async (code) => {
    const it = scene();
    await expect(it.ring(failing(code), [look(1)])).rejects.toMatchObject({ code });
    expect(it.outbox.sent).toEqual([]);
  });

  it.each([
    ['defect', 1, 1],
    ['graph-throttled', 1, 0],
  ] as const)('tells one failure loudly once: %s alone in a batch of its own', async (code, rings, loud) => {
    const it = scene();
    await it.ring(failing(code), [look(rings)]);
    expect(it.log.lines.filter(({ level }) => level === 'loud')).toHaveLength(loud);
  });

  it('is not loud about a ring that heals, though the batch failed with something else', async () => {
    const it = scene();
    let tries = 0;
    const handler: Handler<readonly Ring[]> = async function* () {
      yield { messages: [] };
      tries += 1;
      throw new WritebackError(tries === 1 ? 'defect' : 'graph-throttled');
    };
    await it.ring(handler, [look(1), look(2)]);
    expect(it.log.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      ...['info handled', 'loud failed'],
      ...['info handled', 'warn failed', 'warn ring failed alone'],
      ...['info handled', 'warn failed', 'warn ring failed alone'],
    ]);
  });

  it('lets only the failing ring wait when the error is its own', async () => {
    const it = scene();
    const bad = idOf(2);
    const isBad = ({ want }: Ring) => want.type === 'look' && want.ids.includes(bad);
    await it.ring(failing('defect', isBad), [look(1), look(2), look(3)]);
    expect(rungs(it)).toEqual([{ want: look(2).want, dueIn: 60_000 }]);
    expect(it.log.lines.some(({ level, fields }) => level === 'loud' && fields['code'] === 'defect')).toBe(
      true,
    );
  });

  it('[users.leaving.delete-after] a look that was rung for a day far ahead is as old as that day', async () => {
    const it = scene();
    const days = 30 * 86_400_000;
    const rung = ringOf(
      { clock: fakeClock(start - days) },
      {
        ...{ to: 'users', cause: 'leave', want: look(1).want, afterMs: durationMs(days) },
        origin: { traceparent, event: start - days - 5_000, ring: start - days - 4_000 },
      },
    );
    expect(rung).toMatchObject({ dueAt: start });
    await it.ring(failing('defect'), [rung.message]);
    expect(rungs(it)).toEqual([{ want: look(1).want, dueIn: 60_000 }]);
  });

  it('drops a failing round, and a failing look after a day', async () => {
    const it = scene();
    await it.ring(failing('defect'), [round()]);
    await it.ring(failing('defect'), [look(1, start - 86_400_001)]);
    expect(it.outbox.sent).toEqual([]);
  });
});

describe('a batch of results', () => {
  const result = {
    v: 1,
    traceparent,
    times: { ring: start },
    type: 'result',
    of: 'user',
    id: idOf(1),
    order: { epoch: 1, sequence: 1 },
    cause: 'ring',
    outcome: 'created',
    relay: 'r',
  };
  const batch = (it: Scene, handler: Handler<readonly unknown[]>) =>
    runBatch(it.deps, { queue: 'results', schema: resultSchema, handler }, delivered([result]));

  it('is tried again in place until it succeeds', async () => {
    const it = scene();
    let tried = 0;
    const running = batch(it, async function* () {
      tried += 1;
      if (tried < 3) throw new WritebackError('state-unavailable');
      yield { messages: [] };
    });
    while (tried < 3) {
      await new Promise((resolve) => setImmediate(resolve));
      it.clock.advance(1_000);
    }
    await running;
    expect(tried).toBe(3);
  });

  it('throws what waiting does not heal', async () => {
    const it = scene();
    // biome-ignore lint/correctness/useYield: it fails before its first step.
    const ended = batch(it, async function* () {
      throw new TypeError('a bug');
    });
    await expect(ended).rejects.toMatchObject({ code: 'defect' });
  });
});
