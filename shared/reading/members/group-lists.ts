import { chunksOf } from '../../domain/chunks-of.ts';
import type { CloudGroup, CloudMember } from '../../domain/cloud-object.ts';
import type { MemberKey } from '../../domain/member-key.ts';
import type { ObjectId } from '../../domain/object-id.ts';
import { compareOrders } from '../../domain/order.ts';
import { type SliceOfList, slicesOf } from '../../domain/slices.ts';
import type { Step } from '../../handler.ts';
import type { Outgoing, Row, RowCommanded } from '../../ports.ts';
import { type CommandWish, composeCommands } from '../commands.ts';
import { type Judged, mergePatches } from '../look.ts';
import type { Ask } from '../merge-rings.ts';
import type { ReaderDeps } from '../reader-deps.ts';
import { isOverBudget, type Reading } from '../reading.ts';
import { ringForList, ringsForListsLeft } from '../rings.ts';
import { isHidden } from './hidden-membership.ts';
import { resolveMembers } from './resolve-members.ts';

/**
 * Complete lists and differences.
 *
 * Day to day, membership comes as differences: their cost does not depend on the size of the group. But a difference is valid
 * only on top of its predecessor. Whenever that ground is uncertain the complete list is sent instead: the group enters
 * scope, comes back, is behind (a membership command of it did not succeed), or somebody asks for it.
 *
 * A list travels in slices. The row remembers the order of the *first* one as `listOrder`: whatever membership command failed
 * before it is made good by the list, and a slice that fails has an order not below it, which makes the group behind again.
 * The row says `present` only together with its list: a crash in between begins anew.
 */
export type ListWish = Pick<Judged<CloudGroup>, 'ask' | 'looked' | 'row'> & { patch: Partial<RowCommanded> };

/** Whether this group's next membership command must be the complete list. */
export function needsList(judged: Judged<CloudGroup>, { deps }: Reading<CloudGroup>): boolean {
  const { ask, looked, row } = judged;
  if (!isLiveGroup(judged)) return false;
  if (ask.list !== undefined || row?.state !== 'present' || row.listOrder === undefined) return true;
  return isBehind(row) || isHidden(deps.writeback, looked) !== (row.hidden ?? false);
}

/** Live and in scope, by what its row says from now on: only such a group's members are written. */
export function isLiveGroup({ looked, row, decision }: Judged<CloudGroup>): boolean {
  return looked.found === 'live' && (decision.patch.state ?? row?.state) === 'present';
}

export function isBehind({ behindOrder, listOrder }: Pick<Row, 'behindOrder' | 'listOrder'>): boolean {
  if (behindOrder === undefined) return false;
  return listOrder === undefined || compareOrders(behindOrder, listOrder) >= 0;
}

/** Lists of groups with few members are read a few at a time, longer ones alone: they take memory. */
export const listsAtOnce = 5;

/** Sends complete lists, one group per step; what the budget does not allow is rung anew. */
export async function* sendLists(
  reading: Reading<CloudGroup>,
  wishes: readonly ListWish[],
  cause: 'ring' | 'round',
): AsyncGenerator<Step> {
  const left: ListWish[] = [];
  let sent = 0;
  const isOver = (): boolean => sent > 0 && isOverBudget(reading);
  for (const some of chunksOf(wishes, listsAtOnce)) {
    reading.signal.throwIfAborted();
    const few = isOver() ? undefined : await Promise.all(some.map((wish) => readFew(reading, wish)));
    for (const [at, wish] of some.entries()) {
      const read = few?.[at];
      if (read === undefined || (read === 'many' && isOver())) {
        left.push(wish);
        continue;
      }
      const slices = read === 'many' ? await readSlices(reading, listedOf(reading, wish)) : read;
      sent++;
      yield stepOfList(reading, { wish, slices, cause });
    }
  }
  const rest = left.map(({ ask }) => ({ ...ask, list: ask.list ?? first }));
  if (rest.length > 0) yield { messages: ringsForListsLeft(reading.deps, rest) };
}

const readFew = (reading: Reading<CloudGroup>, wish: ListWish): ReturnType<typeof readFewSlices> =>
  readFewSlices(reading, listedOf(reading, wish));

const listedOf = ({ deps }: Reading<CloudGroup>, { ask, looked }: ListWish): Listed => ({
  id: ask.id,
  hidden: isHidden(deps.writeback, looked),
});

function stepOfList(
  reading: Reading<CloudGroup>,
  read: { wish: ListWish; slices: SliceOfList[] | 'missing'; cause: 'ring' | 'round' },
): Step {
  const { slices, cause } = read;
  const { ask, row, patch } = read.wish;
  const { hidden } = listedOf(reading, read.wish);
  if (slices === 'missing') return { messages: listAgain(reading, ask) };
  const { deps, rules, fence } = reading;
  const wishes = slices.map((body): CommandWish => ({ type: 'slice', id: ask.id, origin: ask, row, body }));
  const commands = composeCommands({ deps, rules, fence, cause }, wishes);
  const first = commands[0];
  const listed = first === undefined ? patch : { ...patch, listOrder: first.order, hidden };
  const again = hidden ? [] : repetition(reading, ask);
  return {
    messages: [...commands.map(({ outgoing }) => outgoing), ...again],
    commit: () => mergePatches(reading, new Map([[ask.id, listed]])),
  };
}

type Listed = { id: ObjectId; hidden: boolean };

/** The members of a group as slices of keys, read now; none of them where its membership is hidden. */
export async function readSlices(
  { deps }: Reading<CloudGroup>,
  { id, hidden }: Listed,
): Promise<SliceOfList[] | 'missing'> {
  if (hidden) return slicesOf([]);
  const members = await deps.tenant.membersOf(id);
  return members === 'missing' ? 'missing' : slicesOfMembers(deps, members);
}

/** The same of a group with few members; `many` where it has more. */
export async function readFewSlices(
  { deps }: Reading<CloudGroup>,
  { id, hidden }: Listed,
): Promise<SliceOfList[] | 'missing' | 'many'> {
  if (hidden) return slicesOf([]);
  const members = await deps.tenant.fewMembersOf(id);
  return typeof members === 'string' ? members : slicesOfMembers(deps, members);
}

async function slicesOfMembers(deps: ReaderDeps, members: CloudMember[]): Promise<SliceOfList[]> {
  const { keys } = await resolveMembers(deps, { members, purpose: 'add' });
  return slicesOf([...keys.values()] satisfies MemberKey[]);
}

const first = { type: 'first' } as const;

/** A fresh group may be readable before its members are. */
function listAgain({ deps }: Reading<CloudGroup>, ask: Ask): Outgoing[] {
  const attempt = ask.list?.type === 'retry' ? ask.list.attempt : 0;
  const afterMs = deps.settings.lookAgainMs[attempt];
  if (afterMs === undefined) return [];
  return [ringForList(deps, ask, { list: { type: 'retry', attempt: attempt + 1 }, afterMs })];
}

/** A direct membership read may come from a lagging replica: it is repeated once, later. */
function repetition({ deps }: Reading<CloudGroup>, ask: Ask): Outgoing[] {
  if (ask.list?.type === 'repetition') return [];
  return [ringForList(deps, ask, { list: { type: 'repetition' }, afterMs: deps.settings.repeatMembersMs })];
}
