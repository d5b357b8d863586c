import type { CloudGroup, CloudMember, CloudUser } from '../../shared/domain/cloud-object.ts';
import type { Kind, ObjectId } from '../../shared/domain/object-id.ts';
import type { DeltaItem, DeltaPage, Tenant } from '../../shared/ports.ts';
import { cloudGroup, cloudUser } from './cloud-objects.ts';
import {
  cloneWorld,
  emptyWorld,
  everyoneWithin,
  heldOf,
  isLive,
  knownMember,
  listed,
  lookGroups,
  lookUsers,
  reportsTo,
  type World,
  withManager,
} from './world.ts';

/*
 * A tenant in memory. Every change makes a new version of the world; a read may be answered from an older one (a lagging
 * replica). Delta behaves as Graph documents it (cloud-protocols.md B): members only by id and type, a deletion of a user
 * says nothing in the delta of its groups, a restored object silently regains its memberships.
 */

type Change = { kind: Kind; id: ObjectId; member?: { id: ObjectId; type: CloudMember['type'] } };

export type FakeTenant = Tenant & {
  world(): World;
  putUser(id: ObjectId, values?: Partial<CloudUser>): void;
  putGroup(id: ObjectId, values?: Partial<CloudGroup>): void;
  remove(kind: Kind, id: ObjectId): void;
  restore(kind: Kind, id: ObjectId): void;
  purge(kind: Kind, id: ObjectId): void;
  addMember(group: ObjectId, member: { id: ObjectId; type: CloudMember['type'] }): void;
  removeMember(group: ObjectId, member: ObjectId): void;
  /** Who a user reports to; null: nobody. */
  setManager(user: ObjectId, manager: ObjectId | null): void;
  /** How many versions old the next direct read, or the next page, is. Asked once per read. */
  lag: { reads: () => number; pages: () => number };
  pageSize: number;
  /** The next page of each kind in this set answers 410. */
  expired: Set<Kind>;
  /** How often each port was asked. */
  reads: Record<
    'looked' | 'photos' | 'lists' | 'memberships' | 'pages' | 'within' | 'everyone' | 'reports',
    number
  >;
};

export function fakeTenant(): FakeTenant {
  const versions: World[] = [emptyWorld()];
  const changes: Change[] = [];
  /** Ids of purged objects: none ever comes back. */
  const purged = new Set<ObjectId>();
  const current = (): World => versions.at(-1) as World;
  const at = (lag: number): World => versions[Math.max(0, versions.length - 1 - lag)] as World;

  const change = (what: Change, edit: (world: World) => void): void => {
    const next = cloneWorld(current());
    edit(next);
    versions.push(next);
    changes.push(what);
  };

  const tenant: FakeTenant = {
    world: current,
    lag: { reads: () => 0, pages: () => 0 },
    pageSize: 3,
    expired: new Set(),
    reads: { looked: 0, photos: 0, lists: 0, memberships: 0, pages: 0, within: 0, everyone: 0, reports: 0 },
    putUser(id, values = {}) {
      if (purged.has(id)) return;
      const before = current().users.get(id)?.object ?? cloudUser(id);
      change({ kind: 'user', id }, ({ users }) =>
        users.set(id, { object: { ...before, ...values }, deleted: false }),
      );
    },
    putGroup(id, values = {}) {
      if (purged.has(id)) return;
      const before = current().groups.get(id)?.object ?? cloudGroup(id);
      change({ kind: 'group', id }, ({ groups }) =>
        groups.set(id, { object: { ...before, ...values }, deleted: false }),
      );
    },
    remove: (kind, id) => setDeleted(kind, id, true),
    restore: (kind, id) => setDeleted(kind, id, false),
    purge(kind, id) {
      if (!heldOf(current(), kind).has(id)) return;
      purged.add(id);
      change({ kind, id }, (world) => {
        heldOf(world, kind).delete(id);
        world.members.delete(id);
        world.managers.delete(id);
        for (const [user, manager] of world.managers) if (manager === id) world.managers.delete(user);
        for (const members of world.members.values()) members.delete(id);
      });
    },
    addMember(group, member) {
      if (current().members.get(group)?.has(member.id)) return;
      change({ kind: 'group', id: group, member }, ({ members }) => {
        members.set(group, new Map(members.get(group)).set(member.id, member.type));
      });
    },
    removeMember(group, id) {
      const type = current().members.get(group)?.get(id);
      if (type === undefined) return;
      change({ kind: 'group', id: group, member: { id, type } }, ({ members }) => {
        members.get(group)?.delete(id);
      });
    },
    setManager(user, manager) {
      if ((current().managers.get(user) ?? null) === manager) return;
      change({ kind: 'user', id: user }, ({ managers }) => {
        if (manager === null) managers.delete(user);
        else managers.set(user, manager);
      });
    },
    async lookUsers(ids, { photo } = { photo: false }) {
      tenant.reads.looked += ids.length;
      if (photo) tenant.reads.photos += ids.length;
      return lookUsers(at(tenant.lag.reads()), ids, photo);
    },
    async lookGroups(ids) {
      tenant.reads.looked += ids.length;
      return lookGroups(at(tenant.lag.reads()), ids);
    },
    userPage: async (link) => pageOf('user', link) as DeltaPage<CloudUser>,
    groupPage: async (link) => pageOf('group', link) as DeltaPage<CloudGroup>,
    async membersOf(group) {
      tenant.reads.lists++;
      return listed(at(tenant.lag.reads()), group);
    },
    async fewMembersOf(group) {
      const members = await this.membersOf(group);
      return members === 'missing' || members.length < 1_000 ? members : 'many';
    },
    async membershipsOf(kind, id) {
      tenant.reads.memberships++;
      const world = at(tenant.lag.reads());
      const held = heldOf(world, kind).get(id);
      if (held === undefined || held.deleted) return 'missing';
      return [...world.members]
        .filter(([group, members]) => isLive(world, 'group', group) && members.has(id))
        .map(([group]) => group);
    },
    async within(objects, of) {
      tenant.reads.within += objects.length;
      const found = everyoneWithin(at(tenant.lag.reads()), of);
      const isIn = ({ kind, id }: (typeof objects)[number]) => found[`${kind}s`].has(id);
      return new Set(objects.filter(isIn).map(({ id }) => id));
    },
    async everyoneWithin(of) {
      tenant.reads.everyone++;
      return everyoneWithin(at(tenant.lag.reads()), of);
    },
    async reportsTo(managers) {
      tenant.reads.reports++;
      return reportsTo(at(tenant.lag.reads()), managers);
    },
    async resolveMembers(members) {
      const world = at(tenant.lag.reads());
      return members.flatMap(({ id, type }) => knownMember(world, id, type) ?? []);
    },
  };
  return tenant;

  function setDeleted(kind: Kind, id: ObjectId, deleted: boolean): void {
    const held = heldOf(current(), kind).get(id);
    if (held === undefined || held.deleted === deleted) return;
    change({ kind, id }, (world) => heldOf(world, kind).set(id, { ...held, deleted }));
  }

  /** Links: `full:<version at its start>:<last id>`, `delta:<from version>:<to version>:<offset>`, `delta:<from version>`. */
  function pageOf(kind: Kind, link: string | undefined): DeltaPage<CloudUser | CloudGroup> {
    tenant.reads.pages++;
    if (link !== undefined && tenant.expired.delete(kind)) return { type: 'resync' };
    const version = Math.max(0, versions.length - 1 - tenant.lag.pages());
    const [type, a = '', b, c] = (link ?? `full:${version}:`).split(':');
    if (type === 'full') return fullPage(kind, Number(a), b ?? '');
    const from = Number(a);
    const to = b === undefined ? Math.max(from, version) : Number(b);
    return deltaPage(kind, { from, to, offset: Number(c ?? 0) });
  }

  function fullPage(kind: Kind, start: number, after: string): DeltaPage<CloudUser | CloudGroup> {
    const world = current();
    const live = [...heldOf(world, kind)].filter(([, { deleted }]) => !deleted);
    const ids = live
      .map(([id]) => id)
      .filter((id) => id > after)
      .sort();
    const page = ids.slice(0, tenant.pageSize);
    const items = page.flatMap((id) =>
      itemOf(world, { kind, id }, [...(world.members.get(id)?.keys() ?? [])]),
    );
    return ids.length > page.length
      ? { type: 'next', items, link: `full:${start}:${page.at(-1)}` }
      : { type: 'done', items, link: `delta:${start}` };
  }

  function deltaPage(
    kind: Kind,
    part: { from: number; to: number; offset: number },
  ): DeltaPage<CloudUser | CloudGroup> {
    const { from, to, offset } = part;
    const news = changes.slice(from, to).filter((one) => one.kind === kind);
    const ids = [...new Set(news.map(({ id }) => id))];
    const page = ids.slice(offset, offset + tenant.pageSize);
    const world = versions[to] as World;
    const items = page.flatMap((id) => {
      const touched = news.flatMap((one) => (one.id === id && one.member ? [one.member.id] : []));
      return itemOf(world, { kind, id }, [...new Set(touched)], news);
    });
    const end = offset + page.length;
    return end < ids.length
      ? { type: 'next', items, link: `delta:${from}:${to}:${end}` }
      : { type: 'done', items, link: `delta:${to}` };
  }

  function itemOf(
    world: World,
    { kind, id }: Change,
    touched: readonly ObjectId[],
    news: readonly Change[] = [],
  ): DeltaItem<CloudUser | CloudGroup>[] {
    const held = heldOf(world, kind).get(id);
    if (held === undefined) return [{ type: 'removed', id, reason: 'deleted' }];
    if (held.deleted) return [{ type: 'removed', id, reason: 'changed' }];
    const members = world.members.get(id);
    const bare = (member: ObjectId): CloudMember => {
      const type = members?.get(member) ?? news.find((one) => one.member?.id === member)?.member?.type;
      return type === undefined || type === 'other'
        ? { type: 'other', id: member }
        : { type, id: member, known: false };
    };
    const added = touched.filter((member) => members?.has(member)).map(bare);
    const removed = touched.filter((member) => !members?.has(member)).map(bare);
    return [{ type: 'live', id, object: shownOnPage(world, held.object), added, removed }];
  }
}

/** Pages name a manager by id only, and never have a photo. */
function shownOnPage(world: World, object: CloudUser | CloudGroup): CloudUser | CloudGroup {
  if (!('userType' in object)) return object;
  const { photo: _, ...user } = object;
  const { manager } = withManager(world, user);
  return { ...user, manager: manager ? { type: 'user', id: manager.id, known: false } : null };
}
