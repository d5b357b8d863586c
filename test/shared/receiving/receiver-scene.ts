import { givenClientState } from '../../../shared/receiving/client-state.ts';
import type { LifecycleItem } from '../../../shared/receiving/items.ts';
import { createReceiver } from '../../../shared/receiving/receive.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeDoorbell } from '../../fakes/doorbell.ts';
import { fakeLog } from '../../fakes/log.ts';
import { FakeTelemetry } from '../../fakes/telemetry.ts';

export const now = Date.UTC(2026, 10, 22, 10, 0, 0);
export const secret = 's'.repeat(40);
export const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** A receiver of one subscription, and everything it speaks to. */
export function scene() {
  const clock = fakeClock(now);
  const outbox = fakeDoorbell();
  const log = fakeLog();
  const telemetry = new FakeTelemetry();
  const cared: LifecycleItem[] = [];
  const deps = {
    clock,
    outbox,
    log,
    telemetry,
    clientState: givenClientState(secret),
    care: async (items: readonly LifecycleItem[]) => {
      cared.push(...items);
    },
    isKnown: async (subscriptionId: string) => subscriptionId === 'sub',
  };
  const receive = createReceiver(deps);
  return { ...deps, cared, deps, post: (body: unknown, query = '') => receive(requestOf(body, query)) };
}

export function requestOf(body: unknown, query = '') {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { query: new URLSearchParams(query), body: new TextEncoder().encode(text) };
}

/** A change notification of a user, as Graph sends it. */
export const item = (n: number, more: Record<string, unknown> = {}) => ({
  subscriptionId: 'sub',
  changeType: 'updated',
  clientState: secret,
  resource: `Users/${idOf(n)}`,
  resourceData: { '@odata.type': '#Microsoft.Graph.User', id: idOf(n), eventTime: '2026-11-22T09:59:50Z' },
  ...more,
});
