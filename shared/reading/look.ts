import type { ObjectId } from '../domain/object-id.ts';
import type { Step } from '../handler.ts';
import type { Looked, Outgoing, Row, RowCommanded } from '../ports.ts';
import { type Cause, type CommandWish, composeCommands, type PageOfRound } from './commands.ts';
import { type Decision, decide, type Shown } from './decide.ts';
import type { CloudObject } from './kind-rules.ts';
import type { Ask } from './merge-rings.ts';
import { isOverBudget, type Reading } from './reading.ts';
import { chunksOf, ringsAgain, ringsForRest } from './rings.ts';

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

/** Reads objects (unless a page of a full round has their values) and their rows, and decides. */
export async function judge<T extends CloudObject>(
  reading: Reading<T>,
  asks: readonly Ask[],
  known: { values?: ReadonlyMap<ObjectId, Looked<T>>; shown?: ReadonlyMap<ObjectId, Shown> } = {},
): Promise<Judged<T>[]> {
  if (asks.length === 0) return [];
  const { deps, rules } = reading;
  const unread = asks.map((ask) => ask.id).filter((id) => known.values?.get(id) === undefined);
  const read = unread.length === 0 ? new Map<ObjectId, Looked<T>>() : await rules.look(deps.tenant, unread);
  const rows = await deps.state.rows(
    rules.kind,
    asks.map((ask) => ask.id),
  );
  const now = deps.clock.now();
  return asks.map((ask) => {
    const looked: Looked<T> = known.values?.get(ask.id) ?? read.get(ask.id) ?? { found: 'missing' };
    const row = rows.get(ask.id);
    const shown = known.shown?.get(ask.id);
    const isPageValue = known.values?.has(ask.id) === true;
    const question = { rules, ask, looked, row, now, isPageValue, settings: deps.settings };
    const decision = decide(shown === undefined ? question : { ...question, shown });
    return { ask, looked, row, decision };
  });
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
    messages: [...commands.map(({ outgoing }) => outgoing), ...ringsAgain(deps, rules.doorbell, again)],
    patches,
  };
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
  const rows = [...patches].map(([id, patch]) => ({ kind: rules.kind, id, ...patch }));
  await deps.state.mergeRows(rows);
}
