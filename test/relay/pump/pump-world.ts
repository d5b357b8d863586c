import type { RelayClock } from '../../../relay/clock.ts';
import { logApplied } from '../../../relay/log.ts';
import { measureLdap } from '../../../relay/measure/measure-ldap.ts';
import { measureResult } from '../../../relay/measure/measure-result.ts';
import { commandDesk } from '../../../relay/pump/command-desk.ts';
import { Gate } from '../../../relay/pump/gate.ts';
import { pumpLanes } from '../../../relay/pump/lane-pump.ts';
import { ResultSender } from '../../../relay/pump/result-sender.ts';
import { ConfigurationHalt, Streak } from '../../../relay/pump/streak.ts';
import { WritebackError } from '../../../shared/errors.ts';
import { createLog } from '../../../shared/telemetry/log.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { FakeTelemetry } from '../../fakes/telemetry.ts';
import { type RelayWorld, relayWorld, type WorldOptions } from '../relay-world.ts';
import { type FakeBus, fakeBus } from './fake-bus.ts';

/** A relay with its pump, on a bus and a domain in memory, in a time that passes only where the test says so. */
export type PumpWorld = {
  world: RelayWorld;
  bus: FakeBus;
  telemetry: FakeTelemetry;
  /** Every line that was logged, as text. */
  lines: string[];
  reports: { state: string; code: string }[];
  /** Runs until the condition holds, letting time pass in steps of 100 ms. */
  until(condition: () => boolean): Promise<void>;
  /** Lets a span of time pass. */
  pass(ms: number): Promise<void>;
  stop(): Promise<void>;
};

type PumpOptions = { lanes?: number; writeTakesMs?: number; site?: WorldOptions };

export async function pumpWorld(options: PumpOptions = {}): Promise<PumpWorld> {
  const time = fakeClock();
  const clock: RelayClock = { ...time, monotonicMs: () => time.now(), random: () => 0.5 };
  const bus = fakeBus(clock);
  const reports: PumpWorld['reports'] = [];
  const telemetry = new FakeTelemetry();
  const world = await relayWorld({ ...options.site, observe: measureLdap(telemetry) });
  const lines: string[] = [];
  const log = createLog({ relay: 'test' }, telemetry, (line) => lines.push(line));
  const gate = new Gate({
    clock,
    report: (state, { code }) => reports.push({ state, code }),
    check: async (error) => {
      if (error instanceof ConfigurationHalt) return;
      if (error.code.startsWith('directory-')) await world.directory.ping();
    },
  });
  const stopping = new AbortController();
  const desk = commandDesk({
    bus,
    clock,
    sender: new ResultSender(bus, clock),
    streak: new Streak(),
    answerer: { relay: 'test', now: () => clock.now() },
    workplace: () => world.workplace,
    telemetry,
    answered: (result, how) => {
      logApplied(log, result, how);
      measureResult(telemetry, result, how.tookMs);
    },
    refused: ({ queue, messageId, reason, traceparent }) =>
      log.warn('refused', { queue, messageId, reason }, traceparent),
  });
  const pumping = pumpLanes(
    {
      bus,
      gate,
      desk,
      clock,
      lanes: options.lanes ?? 2,
      laneIdleMs: 1_000,
      writeTakesMs: options.writeTakesMs ?? 11_000,
      noteFailure: (_, { code }) => reports.push({ state: 'failed', code }),
    },
    stopping.signal,
  );
  const step = async () => {
    for (let turn = 0; turn < 30; turn++) await new Promise(setImmediate);
  };
  return {
    world,
    bus,
    telemetry,
    lines,
    reports,
    async until(condition) {
      for (let steps = 0; !condition(); steps++) {
        if (steps > 2_000)
          throw new Error(`never: ${condition.toString()} ${JSON.stringify(reports.slice(-5))}`);
        await step();
        if (!condition()) time.advance(100);
      }
    },
    async pass(ms) {
      for (let passed = 0; passed < ms; passed += 1_000) {
        time.advance(1_000);
        await step();
      }
    },
    async stop() {
      stopping.abort(new WritebackError('bus-unavailable', { detail: 'stopped' }));
      await pumping;
    },
  };
}
