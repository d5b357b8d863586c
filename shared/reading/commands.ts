import type { Difference, Slice, StateCommand, UserPresent } from '../contracts/command.ts';
import { resultOf } from '../contracts/result-of.ts';
import type { Kind, ObjectId } from '../domain/object-id.ts';
import { type Order, orderText } from '../domain/order.ts';
import type { SliceOfList } from '../domain/slices.ts';
import type { Outgoing, Row } from '../ports.ts';
import type { RefusedBody, StateBody } from './deciding/decision.ts';
import type { Fence } from './fence.ts';
import type { ReaderDeps } from './reader-deps.ts';
import { tooLarge } from './too-large.ts';
import { type Origin, timesOf } from './trace.ts';

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
    traceparent: wish.origin.traceparent,
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
  if (wish.body.state === 'refused') return refusalOf(kind, base, wish.body);
  // `body.type` of a present command equals the kind; the others have none.
  const message = { ...base, type: kind, ...wish.body, ...formerOf(wish) } as StateCommand;
  const refused = tooLarge(message);
  return refused === undefined ? { to: 'writes', message } : refusalOf(kind, base, refused);
}

/**
 * An object that cannot be mapped, or not be sent, is parked like one that the relay rejects, and the relay hears of it only where there
 * is an account to disable: that waits for nobody.
 */
function refusalOf(
  kind: Kind,
  base: ReturnType<typeof baseOf>,
  { disables, ...body }: RefusedBody,
): Outgoing {
  if (disables && kind === 'user') return { to: 'writes', message: { ...base, type: kind, ...body } };
  const { code, reason } = body;
  const refused = { outcome: 'rejected', code, reason, relay: 'reader' } as const;
  return { to: 'results', message: resultOf({ ...base, type: kind, ...body }, refused) };
}

/** The binding to the entry, unless the entry is gone or no longer ours. */
function knownGuid(wish: CommandWish): string | undefined {
  const { row } = wish;
  if (row === undefined || row.state === 'released') return undefined;
  if (row.state === 'absent' && isPresent(wish)) return undefined;
  return row.objectGuid || undefined;
}

/** The entry that an object had before it left and was deleted; the recorder may not have heard of the deletion yet. */
function formerOf(wish: CommandWish): Pick<UserPresent, 'former'> {
  const { row } = wish;
  if (row === undefined || !isPresent(wish)) return {};
  if (row.objectGuid && row.state !== 'absent') return {};
  const objectGuid = row.objectGuid || row.formerGuid;
  const objectSid = row.objectGuid ? row.objectSid : row.formerSid;
  return objectGuid && objectSid ? { former: { objectGuid, objectSid } } : {};
}

const isPresent = (wish: CommandWish): boolean => wish.type === 'state' && wish.body.state === 'present';

/** Name of a full round: sorts as orders do, so `listOrder` tells whether a list was read since it began. */
export const roundIdOf = (order: Order): string => orderText(order);
