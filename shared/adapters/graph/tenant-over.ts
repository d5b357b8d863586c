import type { CloudGroup, CloudUser } from '../../domain/cloud-object.ts';
import type { ObjectId } from '../../domain/object-id.ts';
import type { DeltaItem, Looked, Tenant } from '../../ports.ts';
import { createGraphBatch, type GraphBatch } from './batch.ts';
import { type DeltaSource, readDeltaPage } from './delta-page.ts';
import type { GraphCall } from './graph-call.ts';
import { type Look, look } from './look.ts';
import { readFewMembers, readMembers, readMemberships, resolveMembers } from './members.ts';
import { expandedManager, managerInDelta } from './parse-member.ts';
import { parseGroup, parseGroupWithWriteback, parseUser } from './parse-object.ts';
import type { Patience } from './patient-call.ts';
import { readPhotos } from './photos.ts';
import type { Reading } from './read-whole.ts';
import { reportsTo } from './reports.ts';
import { everyoneWithin, within } from './scope.ts';
import { selections, selectOf } from './selections.ts';

/** What the port is made of. `betaCall`: groups are read by it, with `writebackConfiguration`, which v1.0 does not know. */
export type Over = {
  call: GraphCall;
  betaCall?: GraphCall;
  /** Of Graph: links that lead elsewhere are not followed. */
  origin: string;
  patience: Patience;
  photo: boolean;
};

/** The port `Tenant` over calls to Graph. */
export function tenantOver(over: Over): Tenant {
  const { call, origin, patience } = over;
  const batch = createGraphBatch(call, patience);
  const lists = { call, origin };
  const users = usersOver({ batch, patience });
  const userPages = userRounds(lists);
  const groups = groupsOver(over);
  return {
    async lookUsers(ids, { photo } = { photo: false }) {
      const looked = await look(users, ids);
      return photo && over.photo ? await withPhotos(batch, looked) : looked;
    },
    lookGroups: (ids) => look(groups.look, ids),
    userPage: (link) => readDeltaPage(userPages, link),
    groupPage: (link) => readDeltaPage(groups.rounds, link),
    membersOf: (group) => readMembers(lists, group),
    fewMembersOf: (group) => readFewMembers(lists, group),
    membershipsOf: (kind, id) => readMemberships(lists, { kind, id }),
    within: (objects, of) => within({ batch, lists }, objects, of),
    everyoneWithin: (of) => everyoneWithin(lists, of),
    reportsTo: (managers) => reportsTo({ batch, lists }, managers),
    resolveMembers: (members) => resolveMembers({ batch, patience }, members),
  };
}

/** Cheap: `$select` takes a unit off and `$expand` puts one on. deletedItems has no `$expand`: there the manager is not read. */
const usersOver = (reading: Reading): Look<CloudUser> => ({
  kind: 'user',
  ...reading,
  query: `${selectOf(selections.user)}&$expand=manager(${selectOf(selections.memberUser)})`,
  deletedQuery: selectOf(selections.user),
  parse: (body) => ({ ...parseUser(body), manager: expandedManager(body) }),
  parseDeleted: parseUser,
});

const userRounds = (lists: { call: GraphCall; origin: string }): DeltaSource<CloudUser> => ({
  ...lists,
  start: `/users/delta?${selectOf([...selections.user, 'manager'])}`,
  parse: (body) => {
    const manager = managerInDelta(body);
    return manager === undefined ? parseUser(body) : { ...parseUser(body), manager };
  },
  completed: withoutManager,
});

/**
 * A full round that names no manager is of a user without one (in another round, of one whose manager stayed). Graph may tell a
 * user in several items, of which any can name the manager: the others of the page then leave it open.
 */
function withoutManager(items: DeltaItem<CloudUser>[]): DeltaItem<CloudUser>[] {
  const told = new Set(
    items.flatMap((item) => (item.type === 'live' && item.object.manager !== undefined ? [item.id] : [])),
  );
  return items.map((item) =>
    item.type !== 'live' || told.has(item.id) ? item : { ...item, object: { ...item.object, manager: null } },
  );
}

function groupsOver({ call, betaCall, origin, patience }: Over): {
  look: Look<CloudGroup>;
  rounds: DeltaSource<CloudGroup>;
} {
  const reading = betaCall ?? call;
  const properties = [...selections.group, ...(betaCall ? ['writebackConfiguration'] : [])];
  const parse = betaCall ? parseGroupWithWriteback : parseGroup;
  const query = selectOf(properties);
  const start = `/groups/delta?${selectOf([...properties, 'members'])}`;
  const batch = createGraphBatch(reading, patience);
  return {
    look: { kind: 'group', batch, patience, query, deletedQuery: query, parse, parseDeleted: parse },
    rounds: { call: reading, origin, start, parse },
  };
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
