import type { GraphRequest } from '../graph/exchange.ts';
import type { Tenant } from '../tenant.ts';
import { lagMs } from './behaviours.ts';

/** Whether a direct read of an object that came or changed lately is answered with its id and hardly anything else. */
export function isHalfLoaded(tenant: Tenant, request: GraphRequest, id: string): boolean {
  if (request.caller.administrator || !tenant.occasions.enabled('half-loaded')) return false;
  const since = tenant.now() - lagMs;
  const isRecent = tenant.state.directory.history.changedSince(id, since) !== undefined;
  return isRecent && tenant.occasions.strikes('half-loaded');
}
