import type { CloudUser } from '../../domain/cloud-object.ts';
import { MappingError } from '../../domain/mapping-error.ts';
import { keyOfSid, keyOfWritten, type MemberKey } from '../../domain/member-key.ts';
import { memberVerdict } from '../../domain/members.ts';
import type { ObjectId } from '../../domain/object-id.ts';
import { isRestricted, userScope } from '../../domain/scope.ts';
import type { Looked, Row } from '../../ports.ts';
import { keepSids, mayBeInScope } from '../members/resolve-members.ts';
import type { ReaderDeps } from '../reader-deps.ts';
import { scopeFactsOf } from '../scope/scope-facts.ts';

type Manager = NonNullable<CloudUser['manager']>;
type Rows = ReadonlyMap<ObjectId, Row>;

/**
 * By which key AD knows the managers of these users: written ones by id, synced ones by SID, null for nobody, and for who is
 * out of scope or has left. Users whose manager was not read are not in the map, nor is anybody where managers are not written.
 *
 * A manager without a row is named all the same: the relay says that it is missing, and when it gets an entry its reports are
 * looked at (reports.ts). Where the configuration restricts scope, a manager whose row says `present` is in it; one whose row says
 * otherwise is asked about, because its row may be older than what is read here.
 */
export async function managerKeysOf(
  deps: ReaderDeps,
  users: readonly CloudUser[],
): Promise<Map<ObjectId, MemberKey | null>> {
  if (deps.writeback.users === false || !deps.writeback.users.manager) return new Map();
  const named = distinct(users.flatMap(({ manager }) => manager ?? []));
  const rows = await rowsOf(deps, named);
  const managers = await readBare(deps, { named, rows });
  await keepSids(
    deps.state,
    managers.flatMap((manager) => (manager.known && !rows.has(manager.id) ? [manager] : [])),
  );
  const outside = await outsideOf(deps, { managers, rows });
  const keys = new Map(
    managers.map((manager) => [manager.id, outside.has(manager.id) ? null : keyOf(deps, manager, rows)]),
  );
  return new Map(
    users.flatMap(({ id, manager }): [ObjectId, MemberKey | null][] =>
      manager === undefined ? [] : [[id, manager === null ? null : (keys.get(manager.id) ?? null)]],
    ),
  );
}

function distinct(managers: readonly Manager[]): Manager[] {
  return [...new Map(managers.map((manager) => [manager.id, manager])).values()];
}

/** Only where something is to be found in them. */
async function rowsOf({ state, writeback }: ReaderDeps, managers: readonly Manager[]): Promise<Rows> {
  const isTold = isRestricted(writeback, 'user');
  const ids = managers.filter((one) => isTold || !one.known || one.synced).map(({ id }) => id);
  return ids.length === 0 ? new Map<ObjectId, Row>() : state.rows('user', ids);
}

/** Pages may name managers by id only: what their rows do not tell is read. */
async function readBare(
  { tenant }: ReaderDeps,
  { named, rows }: { named: readonly Manager[]; rows: Rows },
): Promise<Manager[]> {
  const bare = named.filter(({ id, known }) => !known && keyByRow(rows.get(id)) === undefined);
  if (bare.length === 0) return [...named];
  const answers = await tenant.resolveMembers(bare);
  const read = answers.flatMap((member) => (member.type === 'user' && member.known ? [member] : []));
  return distinct([...named, ...read]);
}

function keyByRow(row: Row | undefined): MemberKey | undefined {
  if (row?.state === 'present') return keyOfWritten('user', row.id);
  if (row?.state !== 'synced' && row?.state !== 'released') return undefined;
  return row.sid ? keyOfSid(row.sid) : undefined;
}

function keyOf({ writeback }: ReaderDeps, manager: Manager, rows: Rows): MemberKey | null {
  const row = rows.get(manager.id);
  if (!manager.known) return keyByRow(row) ?? (row === undefined ? keyOfWritten('user', manager.id) : null);
  const verdict = memberVerdict(manager, writeback);
  if ('key' in verdict) return verdict.key;
  // A lagging replica may know less than the row does.
  return manager.synced && row?.sid ? keyOfSid(row.sid) : null;
}

/** Those who are out of scope by what only a direct read tells. */
async function outsideOf(
  deps: ReaderDeps,
  { managers, rows }: { managers: readonly Manager[]; rows: Rows },
): Promise<Set<ObjectId>> {
  if (!isRestricted(deps.writeback, 'user')) return new Set();
  const unsettled = managers.filter((one) => one.known && !one.synced && !mayBeInScope(rows.get(one.id)));
  const ids = unsettled.map(({ id }) => id);
  if (ids.length === 0) return new Set();
  const found = await deps.tenant.lookUsers(ids);
  const facts = await scopeFactsOf(deps, 'user', ids, 'look');
  const isInside = (looked: Looked<CloudUser> | undefined, id: ObjectId): boolean => {
    if (looked?.found !== 'live') return false;
    try {
      return userScope(looked.object, deps.writeback, facts.get(id)) === 'inside';
    } catch (error) {
      // The owner's filter fails for the manager, which is parked; its reports are not.
      if (error instanceof MappingError) return false;
      throw error;
    }
  };
  return new Set(ids.filter((id) => !isInside(found.get(id), id)));
}
