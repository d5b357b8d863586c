import { describe, expect, it } from 'vitest';
import type { Bus } from '../../../relay/pump/lane.ts';
import { ResultSender } from '../../../relay/pump/result-sender.ts';
import { resultSchema } from '../../../shared/contracts/result.ts';
import { fakeClock } from '../../fakes/clock.ts';

const resultOf = (sequence: number) =>
  resultSchema.parse({
    v: 1,
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    times: { ring: 1 },
    type: 'result',
    of: 'user',
    id: '00000000-0000-4000-8000-000000000001',
    order: { epoch: 1, sequence },
    cause: 'ring',
    outcome: 'unchanged',
    relay: 'test',
  });

/** Which results came together in one batch, by sequence; `away`: the bus refuses; `underWay`: when it has taken a batch. */
function scene() {
  const clock = fakeClock(0);
  const world = { batches: [] as number[][], away: false, underWay: Promise.resolve() };
  const send: Bus['send'] = async (_queue, messages) => {
    if (world.away) throw new Error('away');
    world.batches.push(messages.map(({ body }) => resultSchema.parse(body).order.sequence));
    await world.underWay;
  };
  const bus = { send } as Bus;
  const sender = new ResultSender(bus, { ...clock, monotonicMs: () => clock.now(), random: () => 0.5 });
  return { clock, world, sender };
}

/** Lets everything happen that waits for no time. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('results', () => {
  it('leave at once where none left shortly before', async () => {
    const { clock, world, sender } = scene();
    await sender.send(resultOf(1));
    clock.advance(50);
    await sender.send(resultOf(2));
    expect(world.batches).toEqual([[1], [2]]);
  });

  it('that follow closely travel in one batch, in order, when the moment is over', async () => {
    const { clock, world, sender } = scene();
    await sender.send(resultOf(1));
    const later = [2, 3, 4].map((sequence) => sender.send(resultOf(sequence)));
    await settle();
    expect(world.batches).toEqual([[1]]);
    clock.advance(50);
    await Promise.all(later);
    expect(world.batches).toEqual([[1], [2, 3, 4]]);
  });

  it('that are a handful do not wait for the moment', async () => {
    const { clock, world, sender } = scene();
    await sender.send(resultOf(1));
    const numbers = Array.from({ length: 9 }, (_, at) => at + 2);
    const later = numbers.slice(0, 7).map((sequence) => sender.send(resultOf(sequence)));
    await settle();
    expect(world.batches).toEqual([[1]]);
    later.push(...numbers.slice(7).map((sequence) => sender.send(resultOf(sequence))));
    await Promise.all(later);
    expect(world.batches).toEqual([[1], numbers]);
    const last = sender.send(resultOf(20));
    await settle();
    expect(world.batches).toHaveLength(2);
    clock.advance(50);
    await last;
    expect(world.batches).toEqual([[1], numbers, [20]]);
  });

  it('that became a handful while a batch was on its way leave when it has arrived', async () => {
    const { world, sender } = scene();
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    world.underWay = arrived;
    const first = sender.send(resultOf(1));
    await settle();
    const numbers = Array.from({ length: 8 }, (_, at) => at + 2);
    const later = numbers.map((sequence) => sender.send(resultOf(sequence)));
    await settle();
    expect(world.batches).toEqual([[1]]);
    arrive();
    await Promise.all([first, ...later]);
    expect(world.batches).toEqual([[1], numbers]);
  });

  it('that could not be sent fail for whoever waits, and the next ones are tried again', async () => {
    const { clock, world, sender } = scene();
    world.away = true;
    await expect(sender.send(resultOf(1))).rejects.toThrow('away');
    world.away = false;
    clock.advance(50);
    await sender.send(resultOf(1));
    expect(world.batches).toEqual([[1]]);
  });
});
