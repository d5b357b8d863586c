import type { Ring, Want } from '../contracts/ring.ts';
import { chunksOf } from '../domain/chunks-of.ts';
import type { ObjectId } from '../domain/object-id.ts';
import { type DurationMs, epochMs } from '../domain/time.ts';
import type { Clock, Outgoing } from '../ports.ts';
import type { Again } from './deciding/decision.ts';
import { type Ask, attemptOfList, type ListAttempt, type MemberAsk } from './merge-rings.ts';
import { type Origin, timesOf } from './trace.ts';

export type RingDeps = { clock: Clock };

export type RingWish = {
  to: 'users' | 'groups';
  cause: Ring['cause'];
  want: Want;
  origin: Origin;
  attempt?: number;
  /** Due after this; at once where absent. */
  afterMs?: DurationMs;
};

/** From here on a ring is an appointment, not a part of what is under way. */
const farAheadMs = 3_600_000;

/**
 * A ring that goes on with the trace and the times of what it stems from. One that is due much later is as old as its due
 * time: an object is deleted 30 days after it left, and neither the ring's age (pipeline.ts) nor the delay of the change is those
 * 30 days. By that the pipeline knows it, and lets it begin a trace (pipeline/begun-traces.ts).
 */
export function ringOf(deps: RingDeps, wish: RingWish): Outgoing {
  const dueAt = epochMs(deps.clock.now() + (wish.afterMs ?? 0));
  const isFarAhead = (wish.afterMs ?? 0) >= farAheadMs;
  const message: Ring = {
    v: 1,
    type: 'ring',
    kind: wish.to === 'users' ? 'user' : 'group',
    cause: wish.cause,
    attempt: wish.attempt ?? 0,
    want: wish.want,
    traceparent: wish.origin.traceparent,
    times: isFarAhead ? { ring: dueAt } : timesOf(wish.origin),
  };
  return wish.afterMs === undefined ? { to: wish.to, message } : { to: wish.to, message, dueAt };
}

/** The same question about one object, later. */
export type LookAgain = Again & { ask: Origin & { id: ObjectId } };

/** Rings that ask again; objects of the same trace, time and attempt share one. */
export function ringsAgain(deps: RingDeps, to: 'users' | 'groups', wishes: readonly LookAgain[]): Outgoing[] {
  const alike = Map.groupBy(wishes, ({ ask, afterMs, attempt, missedAt, forced }) =>
    [ask.traceparent, ask.event, ask.ring, afterMs, attempt, missedAt, forced].join('|'),
  );
  const looks = [...alike.values()].flatMap((group) =>
    chunksOf(group, 500).map((chunk) => {
      const [{ ask, afterMs, attempt, ...first }] = chunk;
      const want = lookOf(chunk, first);
      return ringOf(deps, { to, cause: 'again', want, origin: ask, attempt, afterMs });
    }),
  );
  const lists = wishes.flatMap(({ ask, afterMs, list }) =>
    list === undefined ? [] : [ringForList(deps, ask, { list, afterMs })],
  );
  return [...looks, ...lists];
}

/** Rings anew, at once, what an invocation had no time for; what is asked alike of many objects shares a ring. */
export function ringsForRest(deps: RingDeps, to: 'users' | 'groups', asks: readonly Ask[]): Outgoing[] {
  const looks = asks
    .filter((ask) => ask.list === undefined || asksMoreThanList(ask))
    .flatMap((ask) => causesOf(ask).map((cause) => ({ ask, cause })));
  const alike = Map.groupBy(looks, ({ ask, cause }) =>
    [cause, ask.traceparent, ask.event, ask.ring, ask.attempt, ask.missedAt, ask.nameWanted, ask.forced].join(
      '|',
    ),
  );
  const rings = [...alike.values()].flatMap((group) =>
    chunksOf(group, 500).map((chunk) => {
      const [{ ask, cause }] = chunk;
      const want = lookOf(chunk, ask);
      return ringOf(deps, { to, cause, want, origin: ask, attempt: ask.attempt });
    }),
  );
  return [...ringsForListsLeft(deps, asks), ...rings];
}

const asksMoreThanList = ({ fresh, forced, parked, nameWanted, missedAt }: Ask): boolean =>
  fresh || forced || parked || nameWanted || missedAt !== undefined;

/** Rings anew for the complete lists alone: the groups themselves were looked at, or ask nothing else. */
export function ringsForListsLeft(
  deps: RingDeps,
  asks: readonly (Origin & { id: ObjectId; list?: ListAttempt })[],
): Outgoing[] {
  const wanted = asks.flatMap(({ list, ...ask }) => (list === undefined ? [] : [{ ask, list }]));
  const alike = Map.groupBy(wanted, ({ ask, list }) =>
    [ask.traceparent, ask.event, ask.ring, attemptOfList(list)].join('|'),
  );
  return [...alike.values()].flatMap((group) => {
    const [{ ask, list } = {}] = group;
    if (ask === undefined || list === undefined) return [];
    return ringForLists(deps, { ids: group.map((one) => one.ask.id), origin: ask }, { list, cause: 'pace' });
  });
}

function lookOf(
  wishes: readonly { ask: { id: ObjectId } }[],
  { missedAt, nameWanted, forced }: Partial<Pick<Ask, 'missedAt' | 'nameWanted' | 'forced'>>,
): Want {
  return {
    type: 'look',
    ids: wishes.map(({ ask }) => ask.id),
    ...(missedAt === undefined ? {} : { missedAt }),
    ...(nameWanted ? { nameWanted } : {}),
    ...(forced ? { forced } : {}),
  };
}

/** The causes that make a ring ask what was asked. */
function causesOf({ fresh, parked }: Ask): Ring['cause'][] {
  const causes: Ring['cause'][] = [];
  if (fresh) causes.push('notification');
  if (parked) causes.push('parked');
  return causes.length === 0 ? ['pace'] : causes;
}

type HowToList = { list: ListAttempt; cause?: Ring['cause']; afterMs?: DurationMs };

/** Asks for the complete list of a group. */
export function ringForList(deps: RingDeps, ask: Origin & { id: ObjectId }, how: HowToList): Outgoing {
  return ringOfLists(deps, { ids: [ask.id], origin: ask }, how);
}

/** Asks for the complete lists of several, of the same trace. */
export function ringForLists(
  deps: RingDeps,
  { ids, origin }: { ids: readonly ObjectId[]; origin: Origin },
  how: HowToList,
): Outgoing[] {
  return chunksOf(ids, 500).map((chunk) => ringOfLists(deps, { ids: chunk, origin }, how));
}

function ringOfLists(
  deps: RingDeps,
  { ids, origin }: { ids: readonly ObjectId[]; origin: Origin },
  { list, cause = 'again', afterMs }: HowToList,
): Outgoing {
  return ringOf(deps, {
    to: 'groups',
    cause,
    want: { type: 'members', ids: [...ids] },
    origin,
    attempt: attemptOfList(list),
    ...(afterMs === undefined ? {} : { afterMs }),
  });
}

/** Asks for the memberships of a member, later. */
export function ringForMember(
  deps: RingDeps,
  ask: MemberAsk,
  when: { afterMs: DurationMs; attempt: number },
): Outgoing {
  const groups = [...ask.groups].slice(0, 2_000);
  const want: Want = { type: 'memberships', members: [{ kind: ask.kind, id: ask.id, groups }] };
  return ringOf(deps, { to: 'groups', cause: 'again', want, origin: ask, ...when });
}
