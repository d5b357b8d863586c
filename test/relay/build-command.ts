import { createHash } from 'node:crypto';
import type {
  Difference,
  GroupBare,
  GroupPresent,
  GroupSuspended,
  Slice,
  UserBare,
  UserPresent,
  UserRefused,
  UserSuspended,
} from '../../shared/contracts/command.ts';
import type { MemberKey } from '../../shared/domain/member-key.ts';
import type { ObjectId } from '../../shared/domain/object-id.ts';

let sequence = 0;
/** Starts the sequence of orders anew. */
export const order = (epoch = 1) => ({ epoch, sequence: ++sequence });

/** An object id that follows from a word. */
export function idOf(word: string): ObjectId {
  const hex = createHash('sha256').update(word).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}` as ObjectId;
}

const envelope = () => ({
  v: 1 as const,
  traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  times: { ring: 1, command: 2 },
  cause: 'ring' as const,
});

const digits = (id: ObjectId) => id.replaceAll('-', '');
const cnOf = (name: string, id: ObjectId) => `${name.slice(0, 51)}_${digits(id).slice(-12)}`;

/** A user as the reader would ask for it; `word` stands for its id and its name. */
export function userPresent(word: string, changes: Partial<UserPresent> = {}): UserPresent {
  const id = idOf(word);
  return {
    ...envelope(),
    type: 'user',
    state: 'present',
    id,
    order: order(),
    names: {
      cn: [cnOf(word, id)],
      sAMAccountName: [`u-${digits(id).slice(0, 18)}`],
      userPrincipalName: [`${word.toLowerCase()}@contoso.example`],
    },
    attributes: { displayName: word, givenName: word, sn: 'Example', title: null },
    initial: {},
    enabled: true,
    mayEnable: true,
    ...changes,
  };
}

export function userBare(word: string, state: UserBare['state'], changes: Partial<UserBare> = {}): UserBare {
  return { ...envelope(), type: 'user', state, id: idOf(word), order: order(), ...changes };
}

/** A user that the cloud has disabled and that could not be mapped. */
export function userRefused(word: string, changes: Partial<UserRefused> = {}): UserRefused {
  const why = { code: 'mapping-failed', reason: 'title failed (TypeError)' } as const;
  return {
    ...envelope(),
    type: 'user',
    state: 'refused',
    id: idOf(word),
    order: order(),
    ...why,
    ...changes,
  };
}

/** A user that left; by default its account is disabled where it is. */
export function userSuspended(word: string, changes: Partial<UserSuspended> = {}): UserSuspended {
  const policy = { account: 'disable', place: 'stay', names: 'keep', mayEnable: true } as const;
  return {
    ...envelope(),
    type: 'user',
    state: 'suspended',
    id: idOf(word),
    order: order(),
    ...policy,
    ...changes,
  };
}

export function groupPresent(word: string, changes: Partial<GroupPresent> = {}): GroupPresent {
  const id = idOf(word);
  return {
    ...envelope(),
    type: 'group',
    state: 'present',
    id,
    order: order(),
    names: { cn: [cnOf(word, id)], sAMAccountName: [`g-${digits(id).slice(0, 18)}`] },
    attributes: { displayName: word, description: null },
    initial: {},
    security: true,
    ...changes,
  };
}

export function groupBare(
  word: string,
  state: GroupBare['state'],
  changes: Partial<GroupBare> = {},
): GroupBare {
  return { ...envelope(), type: 'group', state, id: idOf(word), order: order(), ...changes };
}

/** A group that left; by default it becomes a distribution group with its members. */
export function groupSuspended(word: string, changes: Partial<GroupSuspended> = {}): GroupSuspended {
  const policy = { kind: 'distribution', members: 'keep' } as const;
  return {
    ...envelope(),
    type: 'group',
    state: 'suspended',
    id: idOf(word),
    order: order(),
    ...policy,
    ...changes,
  };
}

export const userKey = (word: string) => `u:${idOf(word)}` as MemberKey;
export const groupKey = (word: string) => `g:${idOf(word)}` as MemberKey;

export function difference(
  word: string,
  edit: { add?: MemberKey[]; remove?: MemberKey[] },
  changes: Partial<Difference> = {},
): Difference {
  const { add = [], remove = [] } = edit;
  return { ...envelope(), type: 'difference', id: idOf(word), order: order(), add, remove, ...changes };
}

/** One slice over everything, unless `changes` say otherwise. */
export function slice(word: string, members: MemberKey[], changes: Partial<Slice> = {}): Slice {
  return {
    ...envelope(),
    type: 'slice',
    id: idOf(word),
    order: order(),
    from: '',
    to: null,
    members: [...members].sort(),
    number: 0,
    count: 1,
    ...changes,
  };
}
