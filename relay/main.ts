import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { durationMs, epochMs } from '../shared/domain/time.ts';
import { WritebackError } from '../shared/errors.ts';
import { createLog, type Log } from '../shared/telemetry/log.ts';
import { noTelemetry } from '../shared/telemetry/telemetry.ts';
import { newPasswords } from './apply/new-password.ts';
import type { RelayClock } from './clock.ts';
import { ConfigProblems, type RelayConfig, readConfig, redactedConfig } from './config.ts';
import { connectDirectory } from './directory/connect-directory.ts';
import { logApplied } from './log.ts';
import type { Sid } from './ports.ts';
import { connectBus } from './pump/bus.ts';
import type { BusSettings } from './pump/bus-client.ts';
import { commandDesk } from './pump/command-desk.ts';
import { Gate } from './pump/gate.ts';
import type { Bus } from './pump/lane.ts';
import { type PumpSettings, pumpLanes } from './pump/lane-pump.ts';
import { ResultSender } from './pump/result-sender.ts';
import { ConfigurationHalt, Streak } from './pump/streak.ts';
import { within } from './pump/within.ts';
import { WorkSite } from './work-site.ts';

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

async function main(): Promise<void> {
  const config = configOrExit();
  const telemetry = noTelemetry((bytes) => randomBytes(bytes).toString('hex'));
  const log = createLog({ relay: config.RELAY_NAME }, telemetry);
  log.info('configuration', redactedConfig(config));
  const stop = stopSignal(config);
  const bus = connectBus(busSettings(config), clock);
  const secrets = new Secrets(config);
  const site = workSite(config, secrets);
  const gate = new Gate({
    clock,
    check: (error) => check(error, { bus, site, log }),
    isWorthTrying: (error) => error.code === 'credentials-refused' && secrets.haveChanged(),
    report: (state, error) => report(state, error, log),
  });
  await openSite(site, log).catch((thrown: unknown) => gate.close(WritebackError.from(thrown), stop));
  const pumping = pumpLanes(pumpSettings(config, { bus, site, gate, log }), stop);
  await aborted(stop);
  await within(pumping, lastCommandMs);
  await Promise.all([bus.close(), site.close()]);
  log.info('stopped');
  process.exit(0);
}

type Parts = { bus: Bus; site: WorkSite; gate: Gate; log: Log };

function pumpSettings(config: RelayConfig, { bus, site, gate, log }: Parts): PumpSettings {
  const desk = commandDesk({
    bus,
    clock,
    sender: new ResultSender(bus, clock),
    streak: new Streak(),
    answerer: { relay: config.RELAY_NAME, now: () => clock.now() },
    workplace: () => site.workplace,
    log: (result, tookMs) => logApplied(log, result, tookMs),
    refused: (messageId, reason) => log.warn('refused', { code: 'message-invalid', messageId, reason }),
  });
  return {
    bus,
    gate,
    desk,
    clock,
    lanes: config.RELAY_LANES,
    laneIdleMs: config.RELAY_LANE_IDLE_MS,
    writeTakesMs: config.DIRECTORY_TIMEOUT_MS + marginMs,
    noteFailure: (lane, error) => log.warn('lane failed', { lane, ...told(error) }),
  };
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

function workSite(config: RelayConfig, secrets: Secrets): WorkSite {
  return new WorkSite({
    connect: () => {
      const { password, directoryCa } = secrets.read();
      return connectDirectory({
        url: config.DIRECTORY_URL,
        bindName: config.DIRECTORY_BIND_NAME,
        password,
        destination: config.DIRECTORY_DESTINATION,
        timeoutMs: durationMs(config.DIRECTORY_TIMEOUT_MS),
        connections: config.DIRECTORY_CONNECTIONS,
        ...(config.DIRECTORY_LEAVERS === undefined ? {} : { leavers: config.DIRECTORY_LEAVERS }),
        ...(directoryCa === undefined ? {} : { ca: directoryCa }),
        ...(config.DIRECTORY_SERVER_NAME === undefined ? {} : { serverName: config.DIRECTORY_SERVER_NAME }),
      });
    },
    acceptedOwners: config.DIRECTORY_ACCEPTED_OWNERS as Sid[],
    extraAttributes: config.DIRECTORY_EXTRA_ATTRIBUTES,
    newAccount: config.RELAY_NEW_ACCOUNT,
    newPassword: newPasswords(randomBytes, config.passwordKey),
    upnSuffix: config.RELAY_UPN_SUFFIX,
    clock,
  });
}

/** What may be renewed while the relay runs: the files of the password and of the authority. */
class Secrets {
  #config: RelayConfig;

  constructor(config: RelayConfig) {
    this.#config = config;
  }

  /** What the files hold now; what they held before, where they cannot be read. */
  read(): { password: string; directoryCa: string | undefined } {
    try {
      this.#config = readConfig(process.env);
    } catch (thrown) {
      if (!(thrown instanceof ConfigProblems)) throw thrown;
    }
    return { password: this.#config.DIRECTORY_PASSWORD, directoryCa: this.#config.directoryCa };
  }

  haveChanged(): boolean {
    const before = this.#config.DIRECTORY_PASSWORD;
    return this.read().password !== before;
  }
}

async function openSite(site: WorkSite, log: Log): Promise<void> {
  await site.open();
  const { index, description } = site.workplace;
  const { domain, account } = description;
  log.info('directory open', { entries: index.size, domain, account });
  announceReady(index.size);
}

let isAnnounced = false;
/** The line that says to whoever started the process that it works now; once. */
function announceReady(entries: number): void {
  if (isAnnounced) return;
  isAnnounced = true;
  process.stdout.write(`${JSON.stringify({ ready: 'relay', entries })}\n`);
}

/** Tries what closed the gate. A code that became everybody's is tried by the trial lane itself. */
async function check(error: WritebackError, { bus, site, log }: Omit<Parts, 'gate'>): Promise<void> {
  if (error instanceof ConfigurationHalt) return;
  if (error.code.startsWith('bus-')) return bus.probe();
  if (error.disposition === 'halt' || !site.isOpen) return openSite(site, log);
  if (error.code.startsWith('directory-')) return site.workplace.directory.ping();
}

function report(state: 'paused' | 'halted' | 'open', error: WritebackError, log: Log): void {
  if (state === 'open') log.info('lanes open', { after: error.code });
  else if (state === 'paused') log.warn('lanes paused', told(error));
  else log.loud('HALTED', told(error));
}

function told(error: WritebackError): { code: string; reason: string } {
  return { code: error.code, reason: error.message };
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
