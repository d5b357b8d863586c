import { durationMs } from '../../shared/domain/time.ts';
import { WritebackError } from '../../shared/errors.ts';
import type { RelayClock } from '../clock.ts';
import type { CommandDesk } from './command-desk.ts';
import { readFence } from './fence.ts';
import type { Gate, Pass } from './gate.ts';
import { type IdleLanes, idleLanes } from './idle-lanes.ts';
import type { Bus, Delivery, Lane } from './lane.ts';

/*
 * The lane pump. Each worker holds one session of `writes` at a time:
 *
 *   gate ─▶ accept next session ─▶ command ─▶ command ─▶ (idle for a moment) ─▶ close ─▶ gate …
 *              long wait             in order, each settled before the next
 *
 * Lanes run in parallel, a lane never does. A session is held for 45 seconds of work at most, so a busy lane does not starve
 * the others. A session receiver never reconnects: when anything about it fails, it is closed and the next one accepted;
 * what was not settled comes again. Closing counts no delivery; only a lock that expires does.
 */

export type PumpSettings = {
  bus: Bus;
  gate: Gate;
  desk: CommandDesk;
  clock: RelayClock;
  /** How many sessions are held at a time. */
  lanes: number;
  laneIdleMs: number;
  /** The longest that one LDAP write may take. */
  writeTakesMs: number;
  /** A failure that concerns one lane only. */
  noteFailure(lane: string | undefined, error: WritebackError): void;
};

/** How long one session is worked on before others get their turn. */
const longestHoldMs = 45_000;
/** How often a held lock is renewed. */
const renewMs = durationMs(15_000);

/** Pumps until the signal; then every worker finishes the command in its hands. */
export async function pumpLanes(settings: PumpSettings, signal: AbortSignal): Promise<void> {
  const idle = idleLanes(Math.max(1, Math.ceil(settings.lanes / 4)));
  const workers = Array.from({ length: settings.lanes }, () => workerLoop(settings, idle, signal));
  await Promise.all(workers);
}

async function workerLoop(settings: PumpSettings, idle: IdleLanes, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const pass = await settings.gate.enter(signal).catch(() => undefined);
    if (pass === undefined) return;
    try {
      await workNextLane(settings, { idle, pass }, signal);
    } finally {
      settings.gate.leave(pass);
    }
  }
}

type Shift = { idle: IdleLanes; pass: Pass };

async function workNextLane(settings: PumpSettings, shift: Shift, signal: AbortSignal): Promise<void> {
  const { bus, gate } = settings;
  let lane: Lane | undefined;
  try {
    lane = await shift.idle.whileWaiting(() => bus.acceptLane(signal));
    if (lane !== undefined && gate.isValid(shift.pass)) await workLane(lane, settings, shift, signal);
  } catch (thrown) {
    await takeFailure(WritebackError.from(thrown), lane?.id, settings, signal);
  } finally {
    await lane?.close();
  }
}

/** What hits every lane closes the gate; what hits this one costs a short pause. */
async function takeFailure(
  error: WritebackError,
  lane: string | undefined,
  { gate, clock, noteFailure }: PumpSettings,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  const isOwn = error.code === 'lock-lost' || (error.disposition !== 'retry' && error.disposition !== 'halt');
  if (!isOwn) return gate.close(error, signal);
  noteFailure(lane, error);
  await clock.sleep(durationMs(100 + 400 * clock.random()), signal).catch(() => undefined);
}

async function workLane(
  lane: Lane,
  settings: PumpSettings,
  shift: Shift,
  signal: AbortSignal,
): Promise<void> {
  const { clock, gate, desk } = settings;
  const idleMs = durationMs(settings.laneIdleMs);
  const until = clock.monotonicMs() + longestHoldMs;
  const ended = new AbortController();
  const renewing = keepRenewed(lane, clock, ended.signal);
  try {
    const first = lane.receive(idleMs, signal);
    first.catch(() => undefined);
    const fence = await readFence(lane, durationMs(settings.writeTakesMs));
    let delivery: Delivery | undefined = await first;
    while (delivery !== undefined && gate.isValid(shift.pass)) {
      await desk.answer(delivery, { lane, fence });
      gate.succeeded(shift.pass);
      if (signal.aborted || clock.monotonicMs() >= until) return;
      delivery = await shift.idle.whileIdle((wanted) =>
        lane.receive(idleMs, AbortSignal.any([signal, wanted])),
      );
    }
  } finally {
    ended.abort();
    await renewing;
  }
}

/** A lock that cannot be renewed is noticed by the fence before the next write. */
async function keepRenewed(lane: Lane, clock: RelayClock, ended: AbortSignal): Promise<void> {
  try {
    for (;;) {
      await clock.sleep(renewMs, ended);
      await lane.renew();
    }
  } catch {
    return;
  }
}
