import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadTelemetry } from '../shared/adapters/telemetry/load-telemetry.ts';
import { durationMs, epochMs } from '../shared/domain/time.ts';
import { WritebackError } from '../shared/errors.ts';
import { createLog, type Log } from '../shared/telemetry/log.ts';
import type { Telemetry } from '../shared/telemetry/telemetry.ts';
import type { RelayClock } from './clock.ts';
import { ConfigProblems, type RelayConfig, readConfig, redactedConfig } from './config.ts';
import { siteOf } from './connect-site.ts';
import { logApplied } from './log.ts';
import { beat } from './measure/heartbeat.ts';
import { measureResult } from './measure/measure-result.ts';
import { pulseOf } from './measure/pulse-of.ts';
import { connectBus } from './pump/bus.ts';
import type { BusSettings } from './pump/bus-client.ts';
import { type CommandDesk, commandDesk } from './pump/command-desk.ts';
import type { Gate } from './pump/gate.ts';
import type { Bus } from './pump/lane.ts';
import { type PumpSettings, pumpLanes } from './pump/lane-pump.ts';
import { ResultSender } from './pump/result-sender.ts';
import { Streak } from './pump/streak.ts';
import { within } from './pump/within.ts';
import { readTelemetry } from './read-telemetry.ts';
import { Secrets } from './secrets.ts';
import { openSite, siteGate, told } from './site-gate.ts';
import type { WorkSite } from './work-site.ts';

/* The composition root: the only place where the relay's parts meet their adapters, the environment and the process. */

const clock: RelayClock = {
  now: () => epochMs(Date.now()),
  monotonicMs: () => performance.now(),
  sleep: (span, signal) => sleep(span, undefined, signal === undefined ? {} : { signal }),
  random: () => Math.random(),
};

/** What a write may take beyond its own time-out before a lock that ends then counts as too short. */
const marginMs = 1_000;
/** How long the commands in hand may take when the process is asked to end. */
const lastCommandMs = 25_000;
/** How long what was measured last may take to be sent then. */
const lastFlushMs = 4_000;

async function main(): Promise<void> {
  const config = configOrExit();
  const telemetry = await startTelemetry(config);
  const log = createLog({ relay: config.RELAY_NAME }, telemetry);
  log.info('configuration', redactedConfig(config));
  const stop = stopSignal(config);
  const bus = connectBus(busSettings(config), clock);
  const secrets = new Secrets(config);
  const site = siteOf(config, { secrets, clock, telemetry });
  const gate = siteGate({ bus, site, secrets, clock, log });
  const everyMs = durationMs(config.RELAY_HEARTBEAT_MS);
  void beat({ clock, telemetry, bus, everyMs, pulse: () => pulseOf(gate, site) }, stop);
  await openSite(site, log).catch((thrown: unknown) => gate.close(WritebackError.from(thrown), stop));
  const parts = { bus, site, gate, log, telemetry };
  const pumping = pumpLanes(pumpSettings(config, parts), stop);
  await aborted(stop);
  await within(pumping, lastCommandMs);
  log.info('stopped');
  await Promise.all([bus.close(), site.close(), within(telemetry.flush(), lastFlushMs)]);
  process.exit(0);
}

/** To Azure Monitor where the settings say so, first of all; otherwise to nowhere. */
function startTelemetry(config: RelayConfig): Promise<Telemetry> {
  const randomHex = (bytes: number) => randomBytes(bytes).toString('hex');
  return loadTelemetry(readTelemetry(process.env), { role: 'relay', instance: config.RELAY_NAME, randomHex });
}

type Parts = { bus: Bus; site: WorkSite; gate: Gate; log: Log; telemetry: Telemetry };

function pumpSettings(config: RelayConfig, parts: Parts): PumpSettings {
  const { bus, gate, log } = parts;
  return {
    bus,
    gate,
    desk: deskOf(config, parts),
    clock,
    lanes: config.RELAY_LANES,
    laneIdleMs: config.RELAY_LANE_IDLE_MS,
    writeTakesMs: config.DIRECTORY_TIMEOUT_MS + marginMs,
    noteFailure: (lane, error) => log.warn('lane failed', { lane, ...told(error) }),
  };
}

function deskOf(config: RelayConfig, { bus, site, log, telemetry }: Parts): CommandDesk {
  return commandDesk({
    bus,
    clock,
    telemetry,
    sender: new ResultSender(bus, clock),
    streak: new Streak(),
    answerer: { relay: config.RELAY_NAME, now: () => clock.now() },
    workplace: () => site.workplace,
    answered: (result, how) => {
      logApplied(log, result, how);
      measureResult(telemetry, result, how.tookMs);
    },
    refused: ({ queue, messageId, reason, traceparent }) =>
      log.warn('refused', { queue, code: 'message-invalid', messageId, reason }, traceparent),
  });
}

function configOrExit(): RelayConfig {
  try {
    return readConfig(process.env);
  } catch (thrown) {
    if (!(thrown instanceof ConfigProblems)) throw thrown;
    process.stderr.write(`${JSON.stringify({ msg: 'configuration refused', problems: thrown.problems })}\n`);
    process.exit(2);
  }
}

function busSettings(config: RelayConfig): BusSettings {
  const { SERVICEBUS: connectionString, SERVICEBUS__fullyQualifiedNamespace: namespace = '' } = config;
  const endpoint = config.SERVICEBUS__endpoint;
  if (connectionString !== undefined)
    return { connectionString, endpoint, transport: config.SERVICEBUS__transport ?? 'amqp' };
  const transport = config.SERVICEBUS__transport ?? 'wss';
  return { namespace, clientId: config.SERVICEBUS__clientId, endpoint, transport };
}

/** Aborted by SIGTERM, SIGINT and, where the starter holds a pipe, by the end of stdin. */
function stopSignal(config: RelayConfig): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (config.RELAY_STOP_ON_STDIN_END === '1' || config.RELAY_STOP_ON_STDIN_END === 'true') {
    process.stdin.once('end', stop);
    process.stdin.once('error', stop);
    process.stdin.resume();
  }
  return controller.signal;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

await main();
