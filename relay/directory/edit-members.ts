import { Attribute, Change } from 'ldapts';
import { WritebackError } from '../../shared/errors.ts';
import type { Guid, MemberEdit, MemberOutcome } from '../ports.ts';
import { guidDn } from './codec/dn.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { permissiveModify } from './controls.ts';
import { parseExtendedDn } from './extended-dn.ts';
import { exists } from './find-principals.ts';
import { LdapFailure } from './ldap-failure.ts';
import { readRange } from './read-range.ts';

/*
 * Adding and removing members in chunks that are all or nothing.
 *
 * A modify of `member` is one transaction: one member that is already there (68), already gone (53), deleted (32) or against the
 * scope rules (53) fails all 1,000. Permissive modify spares the first two on Windows, but Samba ignores it for linked attributes.
 * So when a chunk fails with such a code,
 *
 *   1. the members are read and the chunk is reduced to what is left to do; tried again;
 *   2. it is cut in halves until single values stand alone;
 *   3. what the directory refuses alone is an outcome of that one member; what it has already, or no longer has, is success. A refused
 *      removal says neither for certain, so the members are read once more: who is still there was refused.
 *
 * Members are named by GUID, so that a rename or move in between cannot break the write; a GUID is at most 43 bytes, so a chunk
 * stays far below the request size at which ldapts fails (512 KiB).
 */

const valuesPerModify = 1_000;

const adminLimitExceeded = 11;
/** Codes after which a chunk is worth trying in parts: too much at once, or a value exists, is refused, is missing, or violates a rule. */
const partCodes = new Set([adminLimitExceeded, 16, 19, 20, 32, 53, 64, 65, 68]);
const noSuchObject = 32;

type Edit = { operation: 'add' | 'delete'; members: readonly Guid[] };
type Target = { pool: ConnectionPool; group: Guid; beforeWrite: (() => Promise<void>) | undefined };

/** A value that was not done alone. `held`: it is in the group already, through its primary group, which no `member` shows. */
type Undone = { guid: Guid; code: MemberOutcome['refused'][number]['code'] | 'held' };

/**
 * Applies a difference to the direct members of a group. `added` and `removed` count what now is as it was asked for; not who is held
 * by its primary group, or a list of members would find something to do for ever.
 */
export async function editMembers(target: Target, edit: MemberEdit): Promise<MemberOutcome> {
  const add = [...new Set(edit.add)];
  const remove = [...new Set(edit.remove)];
  if (add.length + remove.length <= valuesPerModify && (await applyBoth(target, add, remove))) {
    return { added: add.length, removed: remove.length, refused: [] };
  }
  // Removals first: a universal group that becomes legal by them may take the additions.
  const kept = await applyChunks(target, 'delete', remove);
  const left = await applyChunks(target, 'add', add);
  return {
    added: add.length - left.length,
    removed: remove.length - kept.length,
    refused: [...kept, ...left].flatMap(({ guid, code }) => (code === 'held' ? [] : [{ guid, code }])),
  };
}

async function applyChunks(
  target: Target,
  operation: Edit['operation'],
  all: readonly Guid[],
): Promise<Undone[]> {
  const undone: Undone[] = [];
  for (const members of inChunks(all)) undone.push(...(await applyChunk(target, { operation, members })));
  return undone;
}

/** The common case in one request; false where it must be done in parts. */
async function applyBoth(target: Target, add: Guid[], remove: Guid[]): Promise<boolean> {
  const edits: Edit[] = [
    { operation: 'delete', members: remove },
    { operation: 'add', members: add },
  ];
  return (await tryModify(target, edits)) === undefined;
}

async function applyChunk(target: Target, edit: Edit): Promise<Undone[]> {
  const failure = await tryModify(target, [edit]);
  if (failure === undefined) return [];
  const left = await leftToDo(target, edit);
  if (left.members.length < edit.members.length && (await tryModify(target, [left])) === undefined) return [];
  const undone = await applyInParts(target, left);
  if (edit.operation === 'add' || undone.length === 0) return undone;
  const still = new Set((await leftToDo(target, edit)).members);
  return undone.filter(({ guid }) => still.has(guid));
}

/** What of an edit the group does not show yet. Throws entry-missing where the group is gone. */
async function leftToDo({ pool, group }: Target, edit: Edit): Promise<Edit> {
  const values = await readRange(pool, { guid: group, attribute: 'member' });
  if (values === undefined) throw new WritebackError('entry-missing', { detail: 'the group is gone' });
  const current = new Set(values.map((value) => parseExtendedDn(value)?.guid));
  const wanted = edit.operation === 'add';
  return { ...edit, members: edit.members.filter((member) => current.has(member) !== wanted) };
}

async function applyInParts(target: Target, edit: Edit): Promise<Undone[]> {
  const [first] = edit.members;
  if (first === undefined) return [];
  if (edit.members.length === 1) return applySingle(target, { ...edit, members: [first] });
  const middle = Math.ceil(edit.members.length / 2);
  const undone: Undone[] = [];
  for (const members of [edit.members.slice(0, middle), edit.members.slice(middle)]) {
    const part = { ...edit, members };
    const isSingle = members.length === 1;
    if (isSingle || (await tryModify(target, [part])) !== undefined)
      undone.push(...(await applyInParts(target, part)));
  }
  return undone;
}

async function applySingle(target: Target, edit: Edit & { members: readonly [Guid] }): Promise<Undone[]> {
  const failure = await tryModify(target, [edit]);
  if (failure === undefined) return [];
  if (failure.resultCode === adminLimitExceeded) throw failure;
  const [guid] = edit.members;
  if (edit.operation === 'delete') return [{ guid, code: 'member-refused' }];
  if (failure.resultCode === 68 || failure.resultCode === 20) return [{ guid, code: 'held' }];
  const missing = failure.resultCode === noSuchObject || !(await exists(target.pool, guid));
  return [{ guid, code: missing ? 'member-missing' : 'member-refused' }];
}

/** Undefined on success; the failure where parts may fare better; throws any other. */
async function tryModify(
  { pool, group, beforeWrite }: Target,
  edits: readonly Edit[],
): Promise<LdapFailure | undefined> {
  const changes = edits.filter(({ members }) => members.length > 0).map(changeOf);
  if (changes.length === 0) return undefined;
  await beforeWrite?.();
  try {
    await pool.write('modify', (client) => client.modify(guidDn(group), changes, permissiveModify()));
    return undefined;
  } catch (error) {
    if (error instanceof LdapFailure && error.resultCode !== undefined && partCodes.has(error.resultCode))
      return error;
    throw error;
  }
}

const changeOf = ({ operation, members }: Edit): Change =>
  new Change({ operation, modification: new Attribute({ type: 'member', values: members.map(guidDn) }) });

function inChunks(members: readonly Guid[]): Guid[][] {
  const count = Math.ceil(members.length / valuesPerModify);
  return Array.from({ length: count }, (_, index) =>
    members.slice(index * valuesPerModify, (index + 1) * valuesPerModify),
  );
}
