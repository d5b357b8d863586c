import type { CloudMember } from '../../domain/cloud-object.ts';
import { keyOfSid, keyOfWritten, type MemberKey } from '../../domain/member-key.ts';
import { type KnownMember, memberVerdict } from '../../domain/members.ts';
import type { Kind, ObjectId } from '../../domain/object-id.ts';
import { isRestricted } from '../../domain/scope.ts';
import type { Settings } from '../../domain/settings.ts';
import type { Row, State, Tenant } from '../../ports.ts';
import { hasEntry, isUncommitted } from '../deciding/row-state.ts';

/** Members by the key that AD knows them by. `unresolved`: nobody could say what they are. Left-out members are in neither. */
export type Resolved = { keys: Map<ObjectId, MemberKey>; unresolved: Set<ObjectId> };

type ResolveDeps = { tenant: Tenant; state: State; writeback: Settings };

/**
 * Names members by what is known of them: their properties, as complete lists carry them, or their rows. Rows come first for
 * members that a difference names by id and type only: they know SIDs of members that the cloud no longer shows, which is what
 * a removal needs. An addition believes a row only if the object is live by it.
 *
 * Where the configuration restricts a kind (a filter, chosen groups), properties of a member do not tell its scope, but its
 * row does: the reader of that kind has decided. A member without a row is kept: its entry is still to come, or never does,
 * and the relay names it missing. Rows are read in bulk (`State.rows`): 50,000 of 60,000 are 60 requests.
 */
export async function resolveMembers(
  deps: ResolveDeps,
  wanted: { members: readonly CloudMember[]; purpose: 'add' | 'remove' },
): Promise<Resolved> {
  const { members, purpose } = wanted;
  const rows = await rowsOf(
    deps.state,
    members.filter((member) => isToldByRow(member, deps.writeback)),
  );
  const resolving: Resolving = { deps, rows, resolved: { keys: new Map(), unresolved: new Set() } };
  const asked: Bare[] = [];
  for (const member of members) {
    if (member.type === 'other') continue;
    if (member.known) {
      addKnown(resolving, member);
      continue;
    }
    const key = keyByRow(rows.get(member.id), { member, purpose, settings: deps.writeback });
    if (key === undefined) asked.push(member);
    else resolving.resolved.keys.set(member.id, key);
  }
  await askTenant(resolving, asked);
  return resolving.resolved;
}

type Bare = Extract<CloudMember, { known: false }>;
type Told = Exclude<CloudMember, { type: 'other' }>;
type Resolving = { deps: ResolveDeps; rows: ReadonlyMap<ObjectId, Row>; resolved: Resolved };

function isToldByRow(member: CloudMember, settings: Settings): member is Told {
  if (member.type === 'other') return false;
  return !member.known || (!member.synced && isRestricted(settings, member.type));
}

async function rowsOf(state: State, told: readonly Told[]): Promise<Map<ObjectId, Row>> {
  const rows = new Map<ObjectId, Row>();
  for (const kind of ['user', 'group'] as const) {
    const ids = [...new Set(told.filter(({ type }) => type === kind).map(({ id }) => id))];
    if (ids.length > 0) for (const [id, row] of await state.rows(kind, ids)) rows.set(id, row);
  }
  return rows;
}

function addKnown({ deps, rows, resolved }: Resolving, member: KnownMember): void {
  const verdict = memberVerdict(member, deps.writeback);
  if (!('key' in verdict)) return;
  const isInScope =
    member.synced || !isRestricted(deps.writeback, member.type) || mayBeInScope(rows.get(member.id));
  if (isInScope) resolved.keys.set(member.id, verdict.key);
}

/** By its row. One that a newer result contradicts is about to change: better named once too often. */
export function mayBeInScope(row: Row | undefined): boolean {
  return row === undefined || row.state === 'present' || isUncommitted(row);
}

function keyByRow(
  row: Row | undefined,
  about: { member: { type: Kind; id: ObjectId }; purpose: 'add' | 'remove'; settings: Settings },
): MemberKey | undefined {
  const { member, purpose, settings } = about;
  if (row === undefined) return undefined;
  if (row.state === 'synced' || row.state === 'released') return row.sid ? keyOfSid(row.sid) : undefined;
  const isOn = (member.type === 'user' ? settings.users : settings.groups) !== false;
  const isWritten = purpose === 'add' ? isOn && row.state === 'present' : hasEntry(row);
  return isWritten ? keyOfWritten(member.type, member.id) : undefined;
}

/** Asks the cloud for those without a telling row, and keeps the SIDs of synced ones for their removal. */
async function askTenant(resolving: Resolving, asked: readonly Bare[]): Promise<void> {
  if (asked.length === 0) return;
  const { deps, rows, resolved } = resolving;
  const answers = new Map((await deps.tenant.resolveMembers(asked)).map((member) => [member.id, member]));
  const rowless: KnownMember[] = [];
  for (const { id } of asked) {
    const answer = answers.get(id);
    if (answer === undefined || (answer.type !== 'other' && !answer.known)) {
      resolved.unresolved.add(id);
      continue;
    }
    if (answer.type === 'other') continue;
    addKnown(resolving, answer);
    if (!rows.has(id)) rowless.push(answer);
  }
  await keepSids(deps.state, rowless);
}

/**
 * For synced members without a row. The reader of their kind owns it; here one is only made where there is none. Awaited, as that reader
 * says of everybody who is synced: whoever lists it by its SID has to know when it is born in the cloud.
 */
export async function keepSids(state: State, members: readonly KnownMember[]): Promise<void> {
  await state.mergeRowsIf(
    members.flatMap(({ type, id, synced, sid }) =>
      synced && sid !== null
        ? [{ row: { kind: type, id, state: 'synced' as const, sid, awaited: true }, tag: undefined }]
        : [],
    ),
  );
}
