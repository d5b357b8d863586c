import type { Clock } from '../ports.ts';
import type { Resource } from '../subscribing/our-subscriptions.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

type Measuring = { telemetry: Pick<Telemetry, 'record'>; clock: Pick<Clock, 'now'> };

/** Tells how long the subscription to a resource lives on; 0 where there is none. */
export function measureExpiry(
  { telemetry, clock }: Measuring,
  resource: Resource,
  subscription: { expiresAt: number } | undefined,
): void {
  const ms = (subscription?.expiresAt ?? 0) - clock.now();
  telemetry.record('writeback.subscription.expiry', Math.max(0, Math.round(ms / 1_000)), { resource });
}
