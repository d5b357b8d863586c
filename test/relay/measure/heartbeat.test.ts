import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { beat, type Pulse } from '../../../relay/measure/heartbeat.ts';
import { pulseOf } from '../../../relay/measure/pulse-of.ts';
import type { Backlog } from '../../../relay/pump/lane.ts';
import { durationMs, epochMs } from '../../../shared/domain/time.ts';
import { WritebackError } from '../../../shared/errors.ts';
import { type FakeClock, fakeClock } from '../../fakes/clock.ts';
import { FakeTelemetry } from '../../fakes/telemetry.ts';

const start = 1_795_000_000_000;
const everyMs = durationMs(60_000);

let telemetry: FakeTelemetry;
let time: FakeClock;
let pulse: Pulse;
let backlog: () => Promise<Backlog>;
let looks: number;
let stopping: AbortController;
let beating: Promise<void>;

const turns = async () => {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
};
const pass = async (ms: number) => {
  time.advance(ms);
  await turns();
};
const beats = () =>
  telemetry
    .of('writeback.relay.heartbeat')
    .map(({ value, dimensions }) => ({ state: dimensions['state'], entries: value }));

beforeEach(async () => {
  telemetry = new FakeTelemetry();
  time = fakeClock(start);
  pulse = { state: 'starting', entries: 0 };
  looks = 0;
  backlog = async () => ({ count: 0, oldestAt: undefined });
  stopping = new AbortController();
  const clock = { ...time, monotonicMs: () => time.now(), random: () => 0 };
  const bus = {
    backlog: () => {
      looks++;
      return backlog();
    },
  };
  beating = beat({ clock, telemetry, bus, everyMs, pulse: () => pulse }, stopping.signal);
  await turns();
});
afterEach(async () => {
  stopping.abort(new Error('stopped'));
  await beating;
});

describe('the heartbeat', () => {
  it('[telemetry.metrics] begins at once and beats every minute, with what the relay is and how much it knows', async () => {
    expect(beats()).toEqual([{ state: 'starting', entries: 0 }]);
    pulse = { state: 'open', entries: 230 };
    await pass(59_999);
    expect(beats()).toHaveLength(1);
    await pass(1);
    pulse = { state: 'halted', entries: 230 };
    await pass(60_000);
    expect(beats().slice(1)).toEqual([
      { state: 'open', entries: 230 },
      { state: 'halted', entries: 230 },
    ]);
  });

  it('beats on while the queue cannot be seen', async () => {
    backlog = () => Promise.reject(new WritebackError('bus-unavailable'));
    for (let minute = 0; minute < 3; minute++) await pass(60_000);
    expect(beats()).toHaveLength(4);
    expect(telemetry.of('writeback.queue.depth')).toHaveLength(1);
  });

  it('beats on while a look at the queue takes its time, and does not look twice at once', async () => {
    const { promise, resolve } = Promise.withResolvers<Backlog>();
    backlog = () => promise;
    for (let minute = 0; minute < 3; minute++) await pass(60_000);
    expect(beats()).toHaveLength(4);
    expect(looks).toBe(2);
    resolve({ count: 7, oldestAt: epochMs(start) });
    await turns();
    await pass(60_000);
    expect(looks).toBe(3);
  });

  it('ends with the signal', async () => {
    stopping.abort(new Error('stopped'));
    await beating;
    await pass(600_000);
    expect(beats()).toHaveLength(1);
  });
});

describe('the queue', () => {
  it('is as deep as it was seen, and as old as what has waited longest', async () => {
    backlog = async () => ({ count: 12, oldestAt: epochMs(start) });
    await pass(60_000);
    expect(telemetry.of('writeback.queue.depth').at(-1)?.value).toBe(12);
    expect(telemetry.of('writeback.queue.age').at(-1)?.value).toBe(60);
  });

  it('is never younger than nothing, and of no age while it is empty', async () => {
    expect(telemetry.of('writeback.queue.age').at(-1)?.value).toBe(0);
    backlog = async () => ({ count: 1, oldestAt: epochMs(start + 900_000) });
    await pass(60_000);
    expect(telemetry.of('writeback.queue.age').at(-1)?.value).toBe(0);
  });
});

describe('the state of a heartbeat', () => {
  const site = { isOpen: true, entries: 3 };
  const closed = { isOpen: false, entries: 3 };
  const errorOf = (code: 'directory-unavailable' | 'destination-missing') => ({
    error: new WritebackError(code),
  });

  it.each([
    ['starting', { error: undefined }, closed],
    ['open', { error: undefined }, site],
    ['paused', errorOf('directory-unavailable'), closed],
    ['paused', errorOf('directory-unavailable'), site],
    ['halted', errorOf('destination-missing'), site],
  ] as const)('is %s', (state, gate, where) => {
    expect(pulseOf(gate, where)).toEqual({ state, entries: 3 });
  });
});
