import type { CloudMember } from '../domain/cloud-object.ts';
import { keyOfSid, keyOfWritten, type MemberKey } from '../domain/member-key.ts';
import { type KnownMember, memberVerdict } from '../domain/members.ts';
import type { Kind, ObjectId } from '../domain/object-id.ts';
import type { Row, State, Tenant } from '../ports.ts';
import { hasEntry } from './decide.ts';

/** Members by the key that AD knows them by. `unresolved`: nobody could say what they are. Left-out members are in neither. */
export type Resolved = { keys: Map<ObjectId, MemberKey>; unresolved: Set<ObjectId> };

type ResolveDeps = { tenant: Tenant; state: State };

/**
 * Names members whose properties a difference does not carry. Rows come first: they know SIDs of members that the cloud no
 * longer shows, which is what a removal needs. An addition believes a row only if the object is live by it.
 */
export async function resolveMembers(
  deps: ResolveDeps,
  wanted: { members: readonly CloudMember[]; purpose: 'add' | 'remove' },
): Promise<Resolved> {
  const resolved: Resolved = { keys: new Map(), unresolved: new Set() };
  const bare: Bare[] = [];
  for (const member of wanted.members) {
    if (member.type === 'other') continue;
    if (member.known) addKnown(resolved, member);
    else bare.push(member);
  }
  const rows = await rowsOf(deps.state, bare);
  const asked = bare.filter((member) => {
    const key = keyByRow(rows.get(member.id), member, wanted.purpose);
    if (key !== undefined) resolved.keys.set(member.id, key);
    return key === undefined;
  });
  await askTenant(deps, { asked, rows, resolved });
  return resolved;
}

type Bare = Extract<CloudMember, { known: false }>;

function addKnown(resolved: Resolved, member: KnownMember): void {
  const verdict = memberVerdict(member);
  if ('key' in verdict) resolved.keys.set(member.id, verdict.key);
}

async function rowsOf(state: State, bare: readonly Bare[]): Promise<Map<ObjectId, Row>> {
  const rows = new Map<ObjectId, Row>();
  for (const kind of ['user', 'group'] as const) {
    const ids = [...new Set(bare.filter(({ type }) => type === kind).map(({ id }) => id))];
    if (ids.length > 0) for (const [id, row] of await state.rows(kind, ids)) rows.set(id, row);
  }
  return rows;
}

function keyByRow(
  row: Row | undefined,
  member: { type: Kind; id: ObjectId },
  purpose: 'add' | 'remove',
): MemberKey | undefined {
  if (row === undefined) return undefined;
  if (row.state === 'synced' || row.state === 'released') return row.sid ? keyOfSid(row.sid) : undefined;
  const isWritten = purpose === 'add' ? row.state === 'present' : hasEntry(row);
  return isWritten ? keyOfWritten(member.type, member.id) : undefined;
}

/** Asks the cloud for those without a telling row, and keeps the SIDs of synced ones for their removal. */
async function askTenant(
  { tenant, state }: ResolveDeps,
  part: { asked: readonly Bare[]; rows: ReadonlyMap<ObjectId, Row>; resolved: Resolved },
): Promise<void> {
  const { asked, rows, resolved } = part;
  if (asked.length === 0) return;
  const answers = new Map((await tenant.resolveMembers(asked)).map((member) => [member.id, member]));
  for (const { id } of asked) {
    const answer = answers.get(id);
    if (answer === undefined || (answer.type !== 'other' && !answer.known)) {
      resolved.unresolved.add(id);
      continue;
    }
    if (answer.type === 'other') continue;
    addKnown(resolved, answer);
    // The reader of that kind owns the row; here one is only made where there is none.
    if (answer.synced && answer.sid !== null && !rows.has(id)) {
      await state.mergeRowIf({ kind: answer.type, id, state: 'synced', sid: answer.sid }, undefined);
    }
  }
}
