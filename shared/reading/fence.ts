import type { Kind } from '../domain/object-id.ts';
import type { Order } from '../domain/order.ts';
import type { Settings } from '../domain/settings.ts';
import { WritebackError } from '../errors.ts';
import type { Clock, Cursor, State } from '../ports.ts';
import { stageOf } from './rounds/stage.ts';

/**
 * One reader per kind, and what happens when there are two.
 *
 * A doorbell has one session, so normally one process reads. But a lock can expire under a process that stalls, and a
 * stalled process wakes up: a zombie that believes it is still the reader, holding values it read long ago. The fence
 * makes the zombie harmless; it need not know that it is one.
 *
 *   A takes over           epoch 1000, tag t1        A's commands carry (1000, 1), (1000, 2) …
 *   A reads X = old        ·
 *   A stalls               B takes over: epoch 2000, tag t2, by a write that depends on t1
 *      ·                   B reads X = new, sends (2000, 1); the lane now refuses every epoch below 2000
 *   A sends X = old        (1000, 3)  ──▶ `stale` in the relay, nothing is written
 *   A commits the cursor   depends on t1 ──▶ conflict ──▶ fence-lost: A stops, its rings ring again
 *
 * The rules that make it work:
 * - A new owner raises the epoch *before* its first read. So whatever a higher epoch says was read later.
 * - The epoch is `max(stored + 1, now)`: it never goes back, even if the state table was lost, as long as clocks are less
 *   wrong than the table was old.
 * - Within an epoch, commands of an object are numbered in the order of its reads: one invocation at a time in a process (the
 *   mutex below), and what was read is numbered before the same object is read again. Reads of several objects may overlap.
 * - Every commit of the cursor depends on the tag; an invocation that committed nothing reads it once more at its end.
 *
 * The fence guards order, not rows: a zombie may still write the reader's half of a row, or its command may slip into a lane
 * that no higher epoch has reached. Both show up when the result arrives (recording/record-object.ts, "two halves of a row").
 */
export type Fence = {
  /** The cursor as of the last commit. Only inside an invocation. */
  readonly cursor: Cursor;
  /** Waits for the invocation before, then makes sure that the cursor is ours; answers what ends the invocation. */
  enter(): Promise<() => void>;
  /** The next place in the order of commands. */
  next(): Order;
  /** Commits changes of the cursor, or throws fence-lost. */
  commit(changes: Partial<Omit<Cursor, 'kind' | 'epoch' | 'owner' | 'tag'>>): Promise<void>;
  /** Throws fence-lost where somebody took the cursor over since; free where this invocation has committed. */
  confirm(): Promise<void>;
};

type FenceDeps = { state: State; clock: Clock; instance: string; writeback: Pick<Settings, 'hash'> };

export function createFence(kind: Kind, deps: FenceDeps): Fence {
  let cursor: Cursor | undefined;
  let sequence = 0;
  let committed = false;
  let last: Promise<void> = Promise.resolve();

  const current = (): Cursor => {
    if (cursor === undefined) throw new WritebackError('defect', { detail: 'the fence was not entered' });
    return cursor;
  };
  const save = async (changed: Cursor | (Omit<Cursor, 'tag'> & { tag: undefined })): Promise<void> => {
    const saved = await deps.state.saveCursor(changed);
    if (saved === 'conflict') throw new WritebackError('fence-lost');
    cursor = { ...changed, tag: saved.tag };
    committed = true;
  };
  const own = async (): Promise<void> => {
    const stored = await deps.state.cursor(kind);
    committed = false;
    if (cursor !== undefined && stored?.owner === deps.instance && stored.epoch === cursor.epoch) {
      cursor = forMapping(stored, deps.writeback.hash);
      return;
    }
    const known =
      stored === undefined
        ? { ...emptyCursor, kind, tag: undefined }
        : forMapping(stored, deps.writeback.hash);
    const epoch = Math.max((stored?.epoch ?? cursor?.epoch ?? 0) + 1, deps.clock.now());
    await save({ ...known, owner: deps.instance, epoch });
    sequence = 0;
    committed = false;
  };

  return {
    get cursor() {
      return current();
    },
    async enter() {
      const turn = takeTurn(last);
      last = turn.over;
      await turn.mine;
      try {
        await own();
      } catch (error) {
        turn.end();
        throw error;
      }
      return turn.end;
    },
    next: () => ({ epoch: current().epoch, sequence: ++sequence }),
    commit: (changes) => save({ ...current(), ...changes }),
    async confirm() {
      if (committed) return;
      const stored = await deps.state.cursor(kind);
      if (stored?.tag !== current().tag) throw new WritebackError('fence-lost');
    },
  };
}

const emptyCursor = {
  link: undefined,
  round: undefined,
  lastRoundStartedAt: undefined,
  lastRoundEndedAt: undefined,
  mapping: undefined,
  lastFullRoundEndedAt: undefined,
  listing: false,
};

/**
 * The cursor as this process may use it. What was read under another configuration proves nothing about this one: the cursor
 * counts as never read, in the middle of a full round too, so the next round is a full one and notes the configuration. It does so
 * for good: an owner may take the new configuration back before its full round began, and some objects were read under it by then.
 *
 * Groups wait for the users' full round first, and follow the old delta link meanwhile: it only names who is to be looked at. The
 * link of a page of a full round is none of those.
 */
function forMapping(stored: Cursor, mapping: string): Cursor {
  if (stored.mapping === mapping) return stored;
  const isFollowed = stored.kind === 'group' && stageOf(stored).stage !== 'pages';
  const kept = isFollowed && stored.round?.type === 'incremental' ? stored.round : undefined;
  const link = isFollowed ? stored.link : undefined;
  return { ...stored, link, round: kept, listing: false, mapping: undefined };
}

/** A place in the queue of invocations: `mine` resolves when those before are over, `end` lets the next one in. */
function takeTurn(before: Promise<void>): { mine: Promise<void>; over: Promise<void>; end: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { mine: before, over: promise, end: resolve };
}
