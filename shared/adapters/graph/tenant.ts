import type { TokenCredential } from '@azure/identity';
import type { Clock, Tenant } from '../../ports.ts';
import { createGraphBatch } from './batch.ts';
import { type DeltaSource, readDeltaPage } from './delta-page.ts';
import { createGraphCall, type GraphCall } from './graph-call.ts';
import { look } from './look.ts';
import { readMembers, readMemberships, resolveMembers } from './members.ts';
import { parseGroup, parseUser } from './parse-object.ts';
import { createPatientCall } from './patient-call.ts';
import { selections, selectOf } from './selections.ts';

/** `baseUrl`: of Graph with version; `random` in [0, 1) spreads retries. */
export type GraphOptions = {
  baseUrl: string;
  credential: TokenCredential;
  clock: Clock;
  random?: () => number;
};

/** The port `Tenant` over Microsoft Graph. */
export function createTenant(options: GraphOptions): Tenant {
  const patience = { clock: options.clock, random: options.random ?? Math.random };
  const call = createPatientCall(createGraphCall(options), patience);
  const batch = createGraphBatch(call, patience);
  const { origin } = new URL(options.baseUrl);
  const users = deltaSource({
    call,
    origin,
    start: `/users/delta?${selectOf(selections.user)}`,
    parse: parseUser,
  });
  const groups = deltaSource({
    call,
    origin,
    start: `/groups/delta?${selectOf([...selections.group, 'members'])}`,
    parse: parseGroup,
  });
  return {
    lookUsers: (ids) => look({ kind: 'user', parse: parseUser, batch }, ids),
    lookGroups: (ids) => look({ kind: 'group', parse: parseGroup, batch }, ids),
    userPage: (link) => readDeltaPage(users, link),
    groupPage: (link) => readDeltaPage(groups, link),
    membersOf: (group) => readMembers(call, origin, group),
    membershipsOf: (kind, id) => readMemberships(call, origin, { kind, id }),
    resolveMembers: (members) => resolveMembers(batch, members),
  };
}

const deltaSource = <T>(source: DeltaSource<T>): DeltaSource<T> => source;

/** What the other adapters over Graph share with the tenant. */
export function createCall(options: GraphOptions): GraphCall {
  return createPatientCall(createGraphCall(options), {
    clock: options.clock,
    random: options.random ?? Math.random,
  });
}
