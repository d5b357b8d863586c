import type { TokenCredential } from '@azure/identity';
import type { CloudGroup, CloudUser } from '../../domain/cloud-object.ts';
import type { ObjectId } from '../../domain/object-id.ts';
import type { Clock, Looked, Tenant } from '../../ports.ts';
import { createGraphBatch, type GraphBatch } from './batch.ts';
import { type DeltaSource, readDeltaPage } from './delta-page.ts';
import { createGraphCall, type GraphCall } from './graph-call.ts';
import { type Look, look } from './look.ts';
import { readMembers, readMemberships, resolveMembers } from './members.ts';
import { expandedManager, managerInDelta } from './parse-member.ts';
import { parseGroup, parseGroupWithWriteback, parseUser } from './parse-object.ts';
import { createPatientCall, type Patience } from './patient-call.ts';
import { readPhotos } from './photos.ts';
import { reportsTo } from './reports.ts';
import { everyoneWithin, within } from './scope.ts';
import { selections, selectOf } from './selections.ts';

/** `baseUrl`: of Graph with version; `random` in [0, 1) spreads retries. */
export type GraphOptions = {
  baseUrl: string;
  credential: TokenCredential;
  clock: Clock;
  random?: () => number;
};

/** `photo`: of live users, in further requests. `writebackConfiguration`: of groups, which are then read from beta. */
export type TenantOptions = GraphOptions & { photo?: boolean; writebackConfiguration?: boolean };

/** The port `Tenant` over Microsoft Graph. */
export function createTenant(options: TenantOptions): Tenant {
  const patience = patienceOf(options);
  const call = createCall(options);
  const batch = createGraphBatch(call, patience);
  const lists = { call, origin: new URL(options.baseUrl).origin };
  const users = usersOver({ batch, patience });
  const userPages = userRounds(call, lists.origin);
  const groups = groupsOver(options, { call, batch, patience });
  return {
    async lookUsers(ids) {
      const looked = await look(users, ids);
      return options.photo === true ? await withPhotos(batch, looked) : looked;
    },
    lookGroups: (ids) => look(groups.look, ids),
    userPage: (link) => readDeltaPage(userPages, link),
    groupPage: (link) => readDeltaPage(groups.rounds, link),
    membersOf: (group) => readMembers(lists, group),
    membershipsOf: (kind, id) => readMemberships(lists, { kind, id }),
    within: (objects, of) => within({ batch, lists }, objects, of),
    everyoneWithin: (of) => everyoneWithin(lists, of),
    reportsTo: (managers) => reportsTo({ batch, lists }, managers),
    resolveMembers: (members) => resolveMembers(batch, members),
  };
}

/** Cheap: `$select` takes a unit off and `$expand` puts one on. deletedItems has no `$expand`: there the manager is not read. */
const usersOver = (reading: Pick<Reading, 'batch' | 'patience'>): Look<CloudUser> => ({
  kind: 'user',
  ...reading,
  query: `${selectOf(selections.user)}&$expand=manager(${selectOf(selections.memberUser)})`,
  deletedQuery: selectOf(selections.user),
  parse: (body) => ({ ...parseUser(body), manager: expandedManager(body) }),
  parseDeleted: parseUser,
});

/** An item of a full round that names no manager is of a user without one; of another round, of one whose manager stayed. */
const userRounds = (call: GraphCall, origin: string): DeltaSource<CloudUser> => ({
  call,
  origin,
  start: `/users/delta?${selectOf([...selections.user, 'manager'])}`,
  parse: (body, { full }) => {
    const named = managerInDelta(body);
    const manager = named === undefined && full ? null : named;
    return manager === undefined ? parseUser(body) : { ...parseUser(body), manager };
  },
});

type Reading = { call: GraphCall; batch: GraphBatch; patience: Patience };

/** Groups are read from beta where `writebackConfiguration` is wanted, which v1.0 does not know; all else stays on v1.0. */
function groupsOver(
  options: TenantOptions,
  reading: Reading,
): { look: Look<CloudGroup>; rounds: DeltaSource<CloudGroup> } {
  const beta = options.writebackConfiguration === true;
  const { call, batch } = beta ? overBeta(options, reading.patience) : reading;
  const properties = [...selections.group, ...(beta ? ['writebackConfiguration'] : [])];
  const parse = beta ? parseGroupWithWriteback : parseGroup;
  const query = selectOf(properties);
  const start = `/groups/delta?${selectOf([...properties, 'members'])}`;
  return {
    look: {
      kind: 'group',
      batch,
      patience: reading.patience,
      query,
      deletedQuery: query,
      parse,
      parseDeleted: parse,
    },
    rounds: { call, origin: new URL(options.baseUrl).origin, start, parse },
  };
}

function overBeta(options: GraphOptions, patience: Patience): Pick<Reading, 'call' | 'batch'> {
  const call = createCall({ ...options, baseUrl: options.baseUrl.replace(/\/v1\.0\/?$/, '/beta') });
  return { call, batch: createGraphBatch(call, patience) };
}

/** Of live users only, and not of those whose master is AD: nothing of theirs is written. */
async function withPhotos(
  batch: GraphBatch,
  looked: Map<ObjectId, Looked<CloudUser>>,
): Promise<Map<ObjectId, Looked<CloudUser>>> {
  const wanted = [...looked].filter(
    ([, one]) => one.found === 'live' && one.object.onPremisesSyncEnabled !== true,
  );
  const photos = await readPhotos(
    batch,
    wanted.map(([id]) => id),
  );
  const complete = ([id, one]: [ObjectId, Looked<CloudUser>]): [ObjectId, Looked<CloudUser>] => {
    const photo = photos.get(id);
    return one.found !== 'live' || photo === undefined
      ? [id, one]
      : [id, { ...one, object: { ...one.object, photo } }];
  };
  return new Map([...looked].map(complete));
}

/** What the other adapters over Graph share with the tenant. */
export function createCall(options: GraphOptions): GraphCall {
  return createPatientCall(createGraphCall(options), patienceOf(options));
}

const patienceOf = ({ clock, random }: GraphOptions): Patience => ({ clock, random: random ?? Math.random });
