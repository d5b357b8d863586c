import type { Tenant } from '../tenant.ts';

const watchMs = 30_000;
/** The token behind a subscription lives about an hour; the application is asked before that (reference A.6, A.7). */
const askAfterMs = 50 * 60_000;
const askAgainAfterMs = 5 * 60_000;

/** Removes subscriptions that expired, and asks applications to reauthorize the others in time. */
export function watchSubscriptions(tenant: Tenant): NodeJS.Timeout {
  const asked = new Map<string, number>();
  const watch = (): void => {
    const now = tenant.now();
    for (const { id, expiresAt, authorizedAt } of [...tenant.state.subscriptions.values()]) {
      if (expiresAt <= now) tenant.state.commit([{ op: 'unsubscribe', id }]);
      else if (authorizedAt <= now - askAfterMs && (asked.get(id) ?? 0) <= now - askAgainAfterMs) {
        asked.set(id, now);
        tenant.delivery.lifecycle(id, 'reauthorizationRequired');
      }
    }
  };
  const timer = setInterval(watch, watchMs);
  timer.unref();
  return timer;
}
