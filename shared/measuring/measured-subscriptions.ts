import type { Clock, Endpoint, Subscription, Subscriptions } from '../ports.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

/** `endpoint`: where ours are delivered; subscriptions to another URL are not ours. */
type Measuring = {
  telemetry: Pick<Telemetry, 'record'>;
  clock: Clock;
  endpoint: () => Promise<Pick<Endpoint, 'notificationUrl'>>;
};

const resources = ['users', 'groups'] as const;

/** Tells how long our subscriptions live on, whenever Graph says so: listed, made or renewed. */
export function measuredSubscriptions(subscriptions: Subscriptions, measuring: Measuring): Subscriptions {
  const tell = (one: Subscription | string): void => {
    if (typeof one === 'string') return;
    const resource = resources.find((name) => name === resourceOf(one));
    if (resource !== undefined) record(measuring, resource, one.expiresAt);
  };
  return {
    ...subscriptions,
    async list() {
      const listed = await subscriptions.list();
      const { notificationUrl } = await measuring.endpoint();
      const ours = listed.filter((one) => one.notificationUrl === notificationUrl);
      for (const resource of resources) {
        const expiries = ours.filter((one) => resourceOf(one) === resource).map(({ expiresAt }) => expiresAt);
        record(measuring, resource, Math.max(0, ...expiries));
      }
      return listed;
    },
    async create(wanted) {
      const created = await subscriptions.create(wanted);
      tell(created);
      return created;
    },
    async renew(id, expiresAt) {
      const renewed = await subscriptions.renew(id, expiresAt);
      tell(renewed);
      return renewed;
    },
  };
}

function record(
  { telemetry, clock }: Measuring,
  resource: (typeof resources)[number],
  expiresAt: number,
): void {
  const seconds = Math.max(0, Math.round((expiresAt - clock.now()) / 1_000));
  telemetry.record('writeback.subscription.expiry', seconds, { resource });
}

/** `/Users` and `users` are one resource. */
const resourceOf = ({ resource }: Subscription): string => resource.replace(/^\//, '').toLowerCase();
