import { type DurationMs, durationMs } from '../domain/time.ts';
import { WritebackError } from '../errors.ts';
import type { Clock, Subscriptions } from '../ports.ts';
import type { Log } from '../telemetry/log.ts';

/** Tells the subscriptions of this app from others. */
export type KnownSubscriptions = {
  /** Whether the id is one of ours. Asks Graph only for an id that it has not seen yet, and at most every few seconds. */
  has(id: string): Promise<boolean>;
};

type Deps = { subscriptions: Pick<Subscriptions, 'list'>; clock: Clock; log: Log; calmMs?: DurationMs };

const defaultCalmMs = durationMs(5_000);

/**
 * Remembers the ids that Graph listed. A subscription that was made between two listings is unknown for some seconds: its hints
 * are dropped, which loses nothing, because whoever makes a subscription rings for a round after it. While Graph cannot be
 * asked every id counts as ours: the item carries our secret, and a hint only makes a reader look.
 */
export function createKnownSubscriptions({
  subscriptions,
  clock,
  log,
  calmMs = defaultCalmMs,
}: Deps): KnownSubscriptions {
  let known = new Set<string>();
  let listedAt = Number.NEGATIVE_INFINITY;
  let listing: Promise<boolean> | undefined;

  const list = async (): Promise<boolean> => {
    try {
      known = new Set((await subscriptions.list()).map(({ id }) => id.toLowerCase()));
      listedAt = clock.now();
      return true;
    } catch (error) {
      log.warn('subscriptions cannot be compared', { code: WritebackError.from(error).code });
      return false;
    } finally {
      listing = undefined;
    }
  };
  return {
    async has(id) {
      const wanted = id.toLowerCase();
      if (known.has(wanted)) return true;
      if (clock.now() - listedAt < calmMs) return false;
      listing ??= list();
      return (await listing) ? known.has(wanted) : true;
    },
  };
}
