import { chunksOf } from '../../domain/chunks-of.ts';
import type { CloudGroup } from '../../domain/cloud-object.ts';
import type { ObjectId } from '../../domain/object-id.ts';
import { orderText } from '../../domain/order.ts';
import type { SliceOfList } from '../../domain/slices.ts';
import type { Step } from '../../handler.ts';
import type { Outgoing, Row, RowCommanded } from '../../ports.ts';
import { type CommandWish, composeCommands } from '../commands.ts';
import { mergePatches } from '../look.ts';
import { isOverBudget, type Reading } from '../reading.ts';
import { ringForLists } from '../rings.ts';
import { isFirstLoad, ownDoorbell } from '../rounds/full-round.ts';
import { hasRoom, type Pacing } from '../rounds/pacing.ts';
import { stageOf } from '../rounds/stage.ts';
import { ringsForEverybody } from '../scope/scope-changes.ts';
import type { Origin } from '../trace.ts';
import { listsAtOnce, readFewSlices, readSlices } from './group-lists.ts';

/** Groups, and about as many members, whose lists are sent at a time; each portion counts as a page of the full round. */
const portionSize = { groups: 20, members: 20_000 };

/**
 * The second pass of the groups' full round: the complete list of every written group, when all states are there. `listOrder`
 * says which are done: the name of the round sorts as orders do, and a list ordered after it was read after the round began.
 */
export type Listing = {
  /** Rows of groups still to be listed in this round, as this process knows them; a memory, not the truth. */
  todo: { round: string; rows: Row[] } | undefined;
  /** Groups that were gone when their list was read in this round. */
  gone: Set<ObjectId>;
  /** Groups with more members than fit on a page, as it turned out. */
  large: Set<ObjectId>;
};

export const createListing = (): Listing => ({ todo: undefined, gone: new Set(), large: new Set() });

export async function* listGroups(
  reading: Reading<CloudGroup>,
  part: { origin: Origin; listing: Listing; pacing: Pacing },
): AsyncGenerator<Step> {
  const { fence, deps } = reading;
  for (;;) {
    reading.signal.throwIfAborted();
    const at = stageOf(fence.cursor);
    if (at.stage !== 'closing' || !fence.cursor.listing || !hasRoom(reading, at.round)) return;
    if (isEarly(reading) && !isFirstLoad(reading)) return;
    if (isOverBudget(reading)) {
      yield ownDoorbell(reading, part.origin);
      return;
    }
    const portion = await nextPortion(reading, part.listing, at.round.id);
    if (portion.length === 0) {
      yield {
        messages: ringsForEverybody(deps, part.origin),
        commit: () =>
          fence.commit({ round: undefined, listing: false, lastFullRoundEndedAt: deps.clock.now() }),
      };
      return;
    }
    part.pacing.moved(at.round, deps.clock.now());
    yield await stepOfPortion(reading, portion, part);
  }
}

/** From memory; where that is empty, from the table, which also finds what a failed step left undone. */
async function nextPortion({ deps }: Reading<CloudGroup>, listing: Listing, round: string): Promise<Row[]> {
  if (listing.todo?.round !== round) {
    listing.todo = { round, rows: [] };
    listing.gone.clear();
    listing.large.clear();
  }
  const { todo } = listing;
  if (todo.rows.length === 0) {
    for await (const rows of deps.state.allRows('group')) {
      todo.rows.push(...rows.filter((row) => isUnlisted(row, round) && !listing.gone.has(row.id)));
    }
  }
  return todo.rows.splice(0, portionSize.groups);
}

function isUnlisted(row: Row, round: string): boolean {
  return row.state === 'present' && (row.listOrder === undefined || orderText(row.listOrder) <= round);
}

/** A replica may still lag behind the pages of this round. */
const isEarly = ({ deps, fence }: Reading<CloudGroup>): boolean =>
  deps.clock.now() < (fence.cursor.round?.caughtUpAt ?? 0);

async function stepOfPortion(
  reading: Reading<CloudGroup>,
  portion: readonly Row[],
  { origin, listing }: { origin: Origin; listing: Listing },
): Promise<Step> {
  const { deps, rules, fence } = reading;
  const early = isEarly(reading);
  const lists = await readLists(reading, portion, listing);
  const round = fence.cursor.round;
  if (round === undefined) return { messages: [] };
  const page = { round: round.id, number: round.pagesSent };
  const wishes = lists.flatMap(({ row, slices }) =>
    slices === 'missing'
      ? []
      : slices.map((body): CommandWish => ({ type: 'slice', id: row.id, origin, row, body })),
  );
  const commands = composeCommands({ deps, rules, fence, cause: 'full-round', page }, wishes);
  const patches = new Map<ObjectId, Partial<RowCommanded>>();
  for (const { wish, order } of commands)
    if (!patches.has(wish.id)) patches.set(wish.id, { listOrder: order });
  return {
    messages: [...commands.map(({ outgoing }) => outgoing), ...listsAgain(reading, lists, { origin, early })],
    commit: async () => {
      await mergePatches(reading, patches);
      for (const { row, slices } of lists) if (slices === 'missing') listing.gone.add(row.id);
      const pagesDone = round.pagesDone + (commands.length === 0 ? 1 : 0);
      await fence.commit({ round: { ...round, pagesSent: round.pagesSent + 1, pagesDone } });
    },
  };
}

type List = { row: Row; slices: SliceOfList[] | 'missing' };

/** Who was gone, or not readable yet, is looked at again, with its list if it is live; an early list is read again. */
function listsAgain(
  { deps }: Reading<CloudGroup>,
  lists: readonly List[],
  { origin, early }: { origin: Origin; early: boolean },
): Outgoing[] {
  const afterMs = deps.settings.secondLookMs;
  const gone = lists.filter(({ slices }) => slices === 'missing');
  const listed = lists.filter(({ row, slices }) => early && slices !== 'missing' && !row.hidden);
  return [
    ...ringForLists(deps, { ids: gone.map(idOf), origin }, { list: { type: 'first' }, afterMs }),
    ...ringForLists(deps, { ids: listed.map(idOf), origin }, { list: { type: 'repetition' }, afterMs }),
  ];
}

const idOf = ({ row }: List): ObjectId => row.id;

/**
 * As many lists as fit together, at least one; the other groups go back to those that are to be listed. Groups of 50,000 take
 * seconds and hundreds of megabytes to read, so these go one by one, after the small ones.
 */
async function readLists(
  reading: Reading<CloudGroup>,
  portion: readonly Row[],
  listing: Listing,
): Promise<List[]> {
  const lists: List[] = [];
  let members = 0;
  const isFull = (): boolean => lists.length > 0 && (members >= portionSize.members || isOverBudget(reading));
  const take = (row: Row, slices: List['slices']): void => {
    lists.push({ row, slices });
    if (slices !== 'missing') for (const slice of slices) members += slice.members.length;
  };
  const small = portion.filter(({ id }) => !listing.large.has(id));
  for (const some of chunksOf(small, listsAtOnce)) {
    if (isFull()) break;
    const read = some.map(async (row) => ({ row, slices: await readFewSlices(reading, listedOf(row)) }));
    for (const { row, slices } of await Promise.all(read)) {
      if (slices === 'many') listing.large.add(row.id);
      else take(row, slices);
    }
  }
  for (const row of portion.filter(({ id }) => listing.large.has(id))) {
    if (isFull()) break;
    take(row, await readSlices(reading, listedOf(row)));
  }
  const taken = new Set(lists.map(({ row }) => row));
  listing.todo?.rows.unshift(...portion.filter((row) => !taken.has(row)));
  return lists;
}

const listedOf = ({ id, hidden = false }: Row) => ({ id, hidden });
