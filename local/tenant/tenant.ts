import type { Occasions } from './awkward/occasions.ts';
import type { DeltaTokens } from './delta/delta-position.ts';
import type { Delivery } from './notifications/delivery.ts';
import type { RequestCounts } from './request-counts.ts';
import type { TenantState } from './tenant-state.ts';

/** Everything a handler works with. */
export type Tenant = {
  state: TenantState;
  occasions: Occasions;
  deltaTokens: DeltaTokens;
  delivery: Delivery;
  counts: RequestCounts;
  /** Position up to which an application has been shown each kind; a lagging answer never goes back behind it. */
  served: Record<'user' | 'group', number>;
  pageSize: number;
  now: () => number;
  newId: () => string;
};
