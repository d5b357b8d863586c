import type { DurationMs } from '../../shared/domain/time.ts';
import type { DimensionsOf } from '../../shared/telemetry/metrics.ts';
import type { Telemetry } from '../../shared/telemetry/telemetry.ts';
import type { RelayClock } from '../clock.ts';
import type { Bus } from '../pump/lane.ts';

/** How the relay is. `entries`: how many entries of ours it knows of. */
export type Pulse = { state: DimensionsOf<'writeback.relay.heartbeat'>['state']; entries: number };

export type HeartbeatSettings = {
  clock: RelayClock;
  telemetry: Pick<Telemetry, 'record'>;
  bus: Pick<Bus, 'backlog'>;
  everyMs: DurationMs;
  pulse(): Pulse;
};

/** More are not counted: peeking costs Service Bus as much as receiving. */
const mostCounted = 250;

/**
 * Beats from now until the signal, whatever is away: what is not told is noticed by its absence. With every beat it looks at the
 * queue; a look that is still under way then is not joined by a second one, and one that fails is a measurement less.
 */
export async function beat(settings: HeartbeatSettings, signal: AbortSignal): Promise<void> {
  const { clock, telemetry, everyMs } = settings;
  let isLooking = false;
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    await measureQueue(settings).catch(() => undefined);
    isLooking = false;
  };
  while (!signal.aborted) {
    const { state, entries } = settings.pulse();
    telemetry.record('writeback.relay.heartbeat', entries, { state });
    void look();
    await clock.sleep(everyMs, signal).catch(() => undefined);
  }
}

async function measureQueue({ bus, clock, telemetry }: HeartbeatSettings): Promise<void> {
  const { count, oldestAt } = await bus.backlog(mostCounted);
  // The queue has a clock of its own.
  const ageMs = oldestAt === undefined ? 0 : Math.max(0, clock.now() - oldestAt);
  telemetry.record('writeback.queue.depth', count, { queue: 'writes' });
  telemetry.record('writeback.queue.age', ageMs / 1_000, { queue: 'writes' });
}
