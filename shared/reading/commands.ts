import type { Difference, Slice, StateCommand } from '../contracts/command.ts';
import type { Result } from '../contracts/result.ts';
import type { Kind, ObjectId } from '../domain/object-id.ts';
import { type Order, orderText } from '../domain/order.ts';
import type { SliceOfList } from '../domain/slices.ts';
import type { Outgoing, Row } from '../ports.ts';
import type { StateBody } from './decide.ts';
import type { Fence } from './fence.ts';
import type { ReaderDeps } from './reader-deps.ts';
import { childOf, type Origin, timesOf } from './trace.ts';

export type Cause = StateCommand['cause'];

/** A page of a full round; the last command sent for it says so. */
export type PageOfRound = { round: string; number: number };

/** Something to send as a command: one per object and page. */
export type CommandWish = { id: ObjectId; origin: Origin; row: Row | undefined } & (
  | { type: 'state'; body: StateBody }
  | { type: 'difference'; body: Pick<Difference, 'add' | 'remove'> }
  | { type: 'slice'; body: SliceOfList }
);

export type Composed = { outgoing: Outgoing; order: Order; wish: CommandWish };

type Composing = {
  deps: ReaderDeps;
  fence: Fence;
  rules: { kind: Kind };
  cause: Cause;
  page?: PageOfRound;
};

/** Numbers the wishes in their order and makes messages of them; the last one closes the page. */
export function composeCommands(composing: Composing, wishes: readonly CommandWish[]): Composed[] {
  return wishes.map((wish, at) => {
    const order = composing.fence.next();
    const base = baseOf(composing, { wish, order, last: at === wishes.length - 1 });
    return { order, wish, outgoing: messageOf(composing, wish, base) };
  });
}

function baseOf(composing: Composing, part: { wish: CommandWish; order: Order; last: boolean }) {
  const { deps, cause, page } = composing;
  const { wish, order, last } = part;
  const objectGuid = knownGuid(wish);
  return {
    v: 1 as const,
    traceparent: childOf(wish.origin.traceparent, deps.randomHex),
    times: { ...timesOf(wish.origin), command: deps.clock.now() },
    id: wish.id,
    order,
    cause,
    ...(page === undefined ? {} : { page: { ...page, last } }),
    ...(objectGuid === undefined ? {} : { objectGuid }),
  };
}

function messageOf(composing: Composing, wish: CommandWish, base: ReturnType<typeof baseOf>): Outgoing {
  if (wish.type === 'difference')
    return { to: 'writes', message: { ...base, type: 'difference', ...wish.body } };
  if (wish.type === 'slice') {
    const message: Slice = { ...base, type: 'slice', ...wish.body };
    return { to: 'writes', message };
  }
  const { kind } = composing.rules;
  if (wish.body === 'unusable') return { to: 'results', message: refusedByReader(kind, base) };
  // `body.type` of a present command equals the kind; the others have none.
  return { to: 'writes', message: { ...base, type: kind, ...wish.body } as StateCommand };
}

/** An object that cannot be mapped never reaches the relay, but is parked like one that the relay rejects. */
function refusedByReader(of: 'user' | 'group', base: ReturnType<typeof baseOf>): Result {
  return {
    ...base,
    type: 'result',
    of,
    state: 'present',
    outcome: 'rejected',
    code: 'object-unusable',
    reason: 'the cloud object has no usable name',
    changed: [],
    added: 0,
    removed: 0,
    missing: [],
    omitted: [],
    memberOf: [],
    relay: 'reader',
  };
}

/** The binding to the entry, unless the entry is gone or no longer ours. */
function knownGuid(wish: CommandWish): string | undefined {
  const { row } = wish;
  if (row === undefined || row.state === 'released') return undefined;
  const body = wish.type === 'state' && wish.body !== 'unusable' ? wish.body : undefined;
  if (row.state === 'absent' && body?.state === 'present') return undefined;
  return row.objectGuid || undefined;
}

/** Name of a full round: sorts as orders do, so `listOrder` tells whether a list was read since it began. */
export const roundIdOf = (order: Order): string => orderText(order);
