import { chunksOf } from '../domain/chunks-of.ts';
import type { MemberKey } from '../domain/member-key.ts';
import type { ObjectId } from '../domain/object-id.ts';
import type { ScopeFacts } from '../domain/scope.ts';
import { durationMs } from '../domain/time.ts';
import type { Step } from '../handler.ts';
import type { Looked, Outgoing, Row, RowCommanded } from '../ports.ts';
import { type Cause, type CommandWish, composeCommands, type PageOfRound } from './commands.ts';
import { decide } from './deciding/decide.ts';
import type { Decision, Shown } from './deciding/decision.ts';
import { foretellDisabling } from './deciding/foretell.ts';
import type { CloudObject } from './kind-rules.ts';
import type { Ask } from './merge-rings.ts';
import { isOverBudget, type Reading } from './reading.ts';
import { type RingWish, ringOf, ringsAgain, ringsForRest } from './rings.ts';
import { scopeFactsOf } from './scope/scope-facts.ts';

/** One object as read: what it is in the cloud, what its row says, what follows. */
export type Judged<T extends CloudObject> = {
  ask: Ask;
  looked: Looked<T>;
  row: Row | undefined;
  decision: Decision;
};

/** How many objects are read and committed at a time. */
const chunkSize = 100;

/**
 * Looks at objects directly, chunk by chunk, and yields each chunk for its steps. What the budget does not allow is rung
 * anew.
 */
export async function* lookInChunks<T extends CloudObject>(
  reading: Reading<T>,
  asks: readonly Ask[],
): AsyncGenerator<{ judged: Judged<T>[] } | { rest: Outgoing[] }> {
  const chunks = chunksOf(asks, chunkSize);
  for (const [at, chunk] of chunks.entries()) {
    reading.signal.throwIfAborted();
    if (at > 0 && isOverBudget(reading)) {
      yield { rest: ringsForRest(reading.deps, reading.rules.doorbell, chunks.slice(at).flat()) };
      return;
    }
    yield { judged: await judge(reading, chunk) };
  }
}

/** What is known before anything is read: values of a page, what a page said, and the part of a full round that asks. */
export type Known<T extends CloudObject> = {
  values?: ReadonlyMap<ObjectId, Looked<T>>;
  shown?: ReadonlyMap<ObjectId, Shown>;
  round?: 'page' | 'closing';
};

/** Reads objects (unless a page of a full round has their values) and their rows, and decides. */
export async function judge<T extends CloudObject>(
  reading: Reading<T>,
  asks: readonly Ask[],
  known: Known<T> = {},
): Promise<Judged<T>[]> {
  if (asks.length === 0) return [];
  const { deps, rules } = reading;
  const found = await readObjects(reading, asks, known);
  // Neither needs the other; both come after the objects, as ever.
  const [beside, rows] = await Promise.all([
    readBeside(reading, found, known.round),
    deps.state.rows(
      rules.kind,
      asks.map((ask) => ask.id),
    ),
  ]);
  const now = deps.clock.now();
  const judged = asks.map((ask): Judged<T> => {
    const { id } = ask;
    const looked: Looked<T> = found.get(id) ?? { found: 'missing' };
    const row = rows.get(id);
    const shown = known.shown?.get(id);
    const decision = decide({
      ...{ rules, ask, looked, row, now, settings: deps.settings, writeback: deps.writeback },
      ...{ facts: beside.facts.get(id), manager: beside.managers.get(id) },
      ...(shown === undefined ? {} : { shown }),
      ...(known.round === undefined ? {} : { round: known.round }),
    });
    return { ask, looked, row, decision };
  });
  await foretellDisabling(reading, judged);
  return judged;
}

async function readObjects<T extends CloudObject>(
  { deps, rules }: Reading<T>,
  asks: readonly Ask[],
  { values }: Known<T>,
): Promise<Map<ObjectId, Looked<T>>> {
  const unread = asks.map(({ id }) => id).filter((id) => values?.get(id) === undefined);
  const read = unread.length === 0 ? new Map<ObjectId, Looked<T>>() : await rules.look(deps.tenant, unread);
  return new Map([...(values ?? []), ...read]);
}

/** What no read of an object tells: whether it is in the chosen groups, and by which key its manager is known. */
async function readBeside<T extends CloudObject>(
  { deps, rules }: Reading<T>,
  found: ReadonlyMap<ObjectId, Looked<T>>,
  round: Known<T>['round'],
): Promise<{ facts: Map<ObjectId, ScopeFacts>; managers: Map<ObjectId, MemberKey | null> }> {
  const live = [...found.values()].flatMap((looked) => (looked.found === 'live' ? [looked.object] : []));
  const ids = live.map(({ id }) => id);
  const facts = await scopeFactsOf(deps, rules.kind, ids, round === 'page' ? 'page' : 'look');
  const managers = await rules.managers(deps, rules.parts(deps.writeback).manager ? live : []);
  return { facts, managers };
}

/** What a batch of judged objects leads to: messages, and the rows to merge once they are sent. */
export type Outcome = { messages: Outgoing[]; patches: Map<ObjectId, Partial<RowCommanded>> };

export type Sending = {
  cause: Cause;
  page?: PageOfRound;
  /** What every row remembers besides, e.g. the round that saw it. */
  remember?: (judged: Judged<CloudObject>) => Partial<RowCommanded>;
};

/** Commands, rings and row changes for what was judged. */
export function outcomeOf<T extends CloudObject>(
  reading: Reading<T>,
  judged: readonly Judged<T>[],
  sending: Sending,
): Outcome {
  const { deps, rules, fence } = reading;
  const wishes = judged.flatMap(({ ask, row, decision }): CommandWish[] =>
    decision.body === undefined ? [] : [{ type: 'state', id: ask.id, origin: ask, row, body: decision.body }],
  );
  const commands = composeCommands({ deps, rules, fence, ...sending }, wishes);
  const orders = new Map(commands.map(({ wish, order }) => [wish.id, order]));
  const again = judged.flatMap(({ ask, decision }) =>
    decision.again === undefined ? [] : [{ ask, ...decision.again }],
  );
  const patches = new Map<ObjectId, Partial<RowCommanded>>();
  for (const one of judged) {
    const order = orders.get(one.ask.id);
    const patch = {
      ...one.decision.patch,
      ...(order === undefined ? {} : { order }),
      ...sending.remember?.(one),
    };
    if (Object.keys(patch).length > 0) patches.set(one.ask.id, patch);
  }
  return {
    messages: [
      ...commands.map(({ outgoing }) => outgoing),
      ...ringsAgain(deps, rules.doorbell, again),
      ...judged.flatMap((one) => ringToLeave(reading, one)),
      ...judged.flatMap((one) => ringsToFollow(reading, one)),
    ],
    patches,
  };
}

/** Clocks of the queue and ours may differ by this much; a ring that comes too early would ask in vain. */
const clockToleranceMs = 2_000;

/** The policy for an object that left will say something else then: the ring waits in the queue until that day. */
function ringToLeave<T extends CloudObject>(
  { deps, rules }: Reading<T>,
  { ask, decision: { leaveAt } }: Judged<T>,
): Outgoing[] {
  if (leaveAt === undefined) return [];
  const afterMs = durationMs(Math.max(0, leaveAt - deps.clock.now()) + clockToleranceMs);
  const want = { type: 'look' as const, ids: [ask.id] };
  return [ringOf(deps, { to: rules.doorbell, cause: 'leave', want, origin: ask, afterMs })];
}

/** Groups that list it and users that report to it. Replicas lag: of memberships the reader of groups asks twice by itself. */
function ringsToFollow<T extends CloudObject>(
  { deps, rules }: Reading<T>,
  { ask, decision }: Judged<T>,
): Outgoing[] {
  if (decision.isFollowed !== true) return [];
  const members = [{ kind: rules.kind, id: ask.id, groups: [] }];
  const wish = { cause: 'completion' as const, origin: ask };
  const memberships = ringOf(deps, { ...wish, to: 'groups', want: { type: 'memberships', members } });
  if (rules.kind === 'group') return [memberships];
  const reports: RingWish = { ...wish, to: 'users', want: { type: 'reports', ids: [ask.id] } };
  const later = { ...reports, attempt: 1, afterMs: deps.settings.secondLookMs };
  return [memberships, ringOf(deps, reports), ringOf(deps, later)];
}

/** A step that sends the messages and then merges the rows and whatever else is to be committed, in this order. */
export function stepOf<T extends CloudObject>(
  reading: Reading<T>,
  outcome: Outcome,
  commit?: () => Promise<void>,
): Step {
  return {
    messages: outcome.messages,
    commit: async () => {
      await mergePatches(reading, outcome.patches);
      await commit?.();
    },
  };
}

export async function mergePatches<T extends CloudObject>(
  { deps, rules }: Pick<Reading<T>, 'deps' | 'rules'>,
  patches: Outcome['patches'],
): Promise<void> {
  if (patches.size === 0) return;
  const rows = [...patches].map(([id, patch]) => ({ kind: rules.kind, id, ...patch, ...awaitedBy(patch) }));
  await deps.state.mergeRows(rows);
}

/**
 * Groups leave out who is out of scope, without a word; so when it enters, they have to be completed, in a full round too, in
 * which nobody else is (recording/record-state.ts). Said now, while it has no entry, and not when it gets one: the result may be
 * quicker than the row.
 */
function awaitedBy({ state }: Partial<RowCommanded>): { awaited?: true } {
  return state === 'outside' || state === 'synced' ? { awaited: true } : {};
}
