import type { TokenCredential } from '@azure/identity';
import type { Clock, Tenant } from '../../ports.ts';
import { type CountOutcome, countedCall } from './counted-call.ts';
import { createGraphCall, type GraphCall } from './graph-call.ts';
import { createPatientCall, type Patience } from './patient-call.ts';
import { tenantOver } from './tenant-over.ts';

/** `baseUrl`: of Graph with version; `random` in [0, 1) spreads retries; `count` is told of every answer. */
export type GraphOptions = {
  baseUrl: string;
  credential: TokenCredential;
  clock: Clock;
  random?: () => number;
  count?: CountOutcome;
};

/**
 * `photo`: of live users, in further requests, where a look wants them. `writebackConfiguration`: of groups, which are then read
 * from beta.
 */
export type TenantOptions = GraphOptions & { photo?: boolean; writebackConfiguration?: boolean };

/** The port `Tenant` over Microsoft Graph. */
export function createTenant(options: TenantOptions): Tenant {
  return tenantOver({
    call: createCall(options),
    ...(options.writebackConfiguration === true && { betaCall: createCall(onBeta(options)) }),
    origin: new URL(options.baseUrl).origin,
    patience: patienceOf(options),
    photo: options.photo === true,
  });
}

const onBeta = (options: GraphOptions): GraphOptions => ({
  ...options,
  baseUrl: options.baseUrl.replace(/\/v1\.0\/?$/, '/beta'),
});

/** What the other adapters over Graph share with the tenant. */
export function createCall(options: GraphOptions): GraphCall {
  const call = createGraphCall(options);
  const { count } = options;
  return createPatientCall(count === undefined ? call : countedCall(call, count), patienceOf(options));
}

const patienceOf = ({ clock, random }: GraphOptions): Patience => ({ clock, random: random ?? Math.random });
