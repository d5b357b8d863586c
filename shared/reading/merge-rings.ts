import type { Ring } from '../contracts/ring.ts';
import type { Kind, ObjectId } from '../domain/object-id.ts';
import type { Origin } from './trace.ts';

/** All that a batch of rings asks about one object. */
export type Ask = Origin & {
  id: ObjectId;
  /** The highest of the rings. */
  attempt: number;
  /** A notification rang that was not followed up yet. */
  fresh: boolean;
  /** Send even where nothing changed. */
  forced: boolean;
  /** The time of a parked object may have come. */
  parked: boolean;
  /** Another object waits for a name that this one holds. */
  nameWanted: boolean;
  /** The complete list of members is wanted; absent where it is not. */
  list?: ListAttempt;
  /** A read found the object in neither place then (epoch ms). */
  missedAt?: number;
};

/** `first`; the one `repetition` of a list that was read; the nth `retry` of one that was not readable. */
export type ListAttempt = { type: 'first' } | { type: 'repetition' } | { type: 'retry'; attempt: number };

/** A member whose memberships are wanted; `groups` are candidates for removal. */
export type MemberAsk = Origin & { kind: Kind; id: ObjectId; groups: Set<ObjectId>; attempt: number };

/** A manager whose reports are wanted. */
export type ReportsAsk = Origin & { id: ObjectId };

/** How often the question was asked before. */
export type ScopeAsk = Origin & { attempt: number };

/** What a batch of rings asks, each question once. */
export type Asked = {
  looks: Ask[];
  members: MemberAsk[];
  /** Managers whose reports are to be looked at. */
  reports: ReportsAsk[];
  /** Who asked whose scope has changed. */
  scope?: ScopeAsk;
  /** Who asked for a round. */
  round?: Origin;
  continues: { round: string; page: number; origin: Origin }[];
};

/** Somebody knows that the entry is not as it was left: equal hashes prove nothing then. */
const forcing: ReadonlySet<Ring['cause']> = new Set(['admin', 'completion', 'departure']);
const parking: ReadonlySet<Ring['cause']> = new Set(['parked', 'dead-letter']);

/** A group's membership comes with the delta round, so whoever hints at a group hints at a round. */
const hinting: ReadonlySet<Ring['cause']> = new Set(['notification', 'lifecycle', 'again']);

/** Merges a batch: per object the earliest event with its trace, the highest attempt, every wish. */
export function mergeRings(kind: Kind, rings: readonly Ring[]): Asked {
  const looks = new Map<ObjectId, Ask>();
  const members = new Map<string, MemberAsk>();
  const reports = new Map<ObjectId, ReportsAsk>();
  const continues = new Map<string, Asked['continues'][number]>();
  let scope: ScopeAsk | undefined;
  let round: Origin | undefined;
  for (const ring of rings) {
    const origin = originOf(ring);
    const { want } = ring;
    if (want.type === 'look' || want.type === 'members') {
      for (const id of want.ids) looks.set(id, mergeAsks(looks.get(id), askOf(ring, origin, id)));
    }
    if (want.type === 'memberships') {
      for (const member of want.members) {
        const key = `${member.kind}:${member.id}`;
        members.set(key, mergeMembers(members.get(key), { ring, origin, member }));
      }
    }
    if (want.type === 'reports') {
      for (const id of want.ids) reports.set(id, { ...earlier(reports.get(id), origin), id });
    }
    // The lowest attempt: a fresh question is repeated, whatever repetition came with it.
    if (want.type === 'scope') {
      const attempt = Math.min(scope?.attempt ?? ring.attempt, ring.attempt);
      scope = { ...earlier(scope, origin), attempt };
    }
    if (want.type === 'continue') {
      continues.set(`${want.round}:${want.page}`, { round: want.round, page: want.page, origin });
    }
    const hint = kind === 'group' && want.type === 'look' && hinting.has(ring.cause);
    if (want.type === 'round' || hint) round = earlier(round, origin);
  }
  return {
    looks: [...looks.values()],
    members: [...members.values()],
    reports: [...reports.values()],
    continues: [...continues.values()],
    ...(scope === undefined ? {} : { scope }),
    ...(round === undefined ? {} : { round }),
  };
}

function originOf({ traceparent, times }: Ring): Origin {
  return { traceparent, ring: times.ring, ...(times.event === undefined ? {} : { event: times.event }) };
}

function askOf(ring: Ring, origin: Origin, id: ObjectId): Ask {
  const missedAt = ring.want.type === 'look' ? ring.want.missedAt : undefined;
  return {
    ...origin,
    id,
    attempt: ring.attempt,
    fresh: ring.cause === 'notification' && ring.attempt === 0,
    forced: isForced(ring),
    parked: parking.has(ring.cause),
    nameWanted: ring.want.type === 'look' && ring.want.nameWanted === true,
    ...(ring.want.type === 'members' ? { list: listAttemptOf(ring.attempt) } : {}),
    ...(missedAt === undefined ? {} : { missedAt }),
  };
}

/**
 * After a departure, who left is suspended a second time (attempt 1). Its reports (attempt 0) are only looked at: they have
 * another manager now, unless they have left themselves; two leavers who manage each other would never come to rest.
 */
function isForced({ cause, attempt, want }: Ring): boolean {
  if (want.type !== 'look') return false;
  return want.forced === true || (forcing.has(cause) && !(cause === 'departure' && attempt === 0));
}

/** One question about one object instead of two. */
export function mergeAsks(a: Ask | undefined, b: Ask): Ask {
  if (a === undefined) return b;
  const missed = [a.missedAt, b.missedAt].filter((at) => at !== undefined);
  return {
    ...earlier(a, b),
    id: a.id,
    attempt: Math.max(a.attempt, b.attempt),
    fresh: a.fresh || b.fresh,
    forced: a.forced || b.forced,
    parked: a.parked || b.parked,
    nameWanted: a.nameWanted || b.nameWanted,
    ...mergeLists(a, b),
    ...(missed.length === 0 ? {} : { missedAt: Math.min(...missed) }),
  };
}

/** Attempts of a list as rings carry them: 0 first, 1 repetition, from 2 on retries. */
function listAttemptOf(attempt: number): ListAttempt {
  if (attempt === 0) return { type: 'first' };
  return attempt === 1 ? { type: 'repetition' } : { type: 'retry', attempt: attempt - 1 };
}

/** The inverse of how rings are read. */
export function attemptOfList(list: ListAttempt): number {
  if (list.type === 'first') return 0;
  return list.type === 'repetition' ? 1 : list.attempt + 1;
}

/** A list that will be repeated wins over a repetition. */
function mergeLists(a: Pick<Ask, 'list'>, b: Pick<Ask, 'list'>): Pick<Ask, 'list'> {
  const list = a.list === undefined || a.list.type === 'repetition' ? (b.list ?? a.list) : a.list;
  return list === undefined ? {} : { list };
}

function mergeMembers(
  before: MemberAsk | undefined,
  asked: {
    ring: Ring;
    origin: Origin;
    member: { kind: Kind; id: ObjectId; groups: readonly ObjectId[] };
  },
): MemberAsk {
  const { ring, origin, member } = asked;
  return {
    ...earlier(before, origin),
    kind: member.kind,
    id: member.id,
    groups: new Set([...(before?.groups ?? []), ...member.groups]),
    attempt: before === undefined ? ring.attempt : mergeAttempts(before.attempt, ring.attempt),
  };
}

/** A question that will be repeated (0, or a retry from 2 on) wins over a repetition (1), a fresh one over a retry. */
function mergeAttempts(a: number, b: number): number {
  if (a === 1) return b;
  return b === 1 ? a : Math.min(a, b);
}

/** The origin that happened first; an event counts before a ring. */
function earlier(a: Origin | undefined, b: Origin): Origin {
  const first = a === undefined || (b.event ?? b.ring) < (a.event ?? a.ring) ? b : a;
  return {
    traceparent: first.traceparent,
    ring: first.ring,
    ...(first.event === undefined ? {} : { event: first.event }),
  };
}
