import type { RelayClock } from '../../../relay/clock.ts';
import type { Bus, Delivery, Lane } from '../../../relay/pump/lane.ts';
import type { Command } from '../../../shared/contracts/command.ts';
import type { Result } from '../../../shared/contracts/result.ts';
import { laneOf } from '../../../shared/domain/lane.ts';
import { durationMs, type EpochMs } from '../../../shared/domain/time.ts';
import { WritebackError } from '../../../shared/errors.ts';

type Session = { messages: Delivery[]; state: string | undefined; holder: symbol | undefined };

/** Service Bus in memory: sessions with locks and state, queues `results` (with duplicate detection) and `refused`. */
export type FakeBus = Bus & {
  enqueue(...commands: readonly Command[]): void;
  enqueueRaw(lane: string, body: unknown): void;
  readonly results: Result[];
  readonly refused: unknown[];
  stateOf(lane: string): string | undefined;
  /** Messages that are not settled. */
  depth(): number;
  /** What goes wrong: `send` and `accept` throw what they hold, once, `backlog` for as long as it is set; `lockMs` is the length of every lock from now on. */
  faults: { send?: Error; accept?: Error; lockMs: number; renew?: Error; backlog?: Error };
};

export function fakeBus(clock: RelayClock): FakeBus {
  const sessions = new Map<string, Session>();
  const waiting = new Set<() => void>();
  const seen = new Set<string>();
  const results: Result[] = [];
  const refused: unknown[] = [];
  let firstAt: EpochMs | undefined;
  const faults: FakeBus['faults'] = { lockMs: 60_000 };
  const wake = () => {
    for (const each of [...waiting]) each();
  };
  const changed = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const done = () => {
        waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      waiting.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  const sessionOf = (id: string): Session => {
    const session = sessions.get(id) ?? { messages: [], state: undefined, holder: undefined };
    sessions.set(id, session);
    return session;
  };
  const enqueueRaw = (lane: string, body: unknown) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const delivery = { messageId: `m${seen.size}`, body: Buffer.from(text), token: Symbol('message') };
    sessionOf(lane).messages.push(delivery);
    firstAt ??= clock.now();
    wake();
  };
  const throwOnce = (fault: 'send' | 'accept' | 'renew') => {
    const error = faults[fault];
    delete faults[fault];
    if (error !== undefined) throw error;
  };
  return {
    results,
    refused,
    faults,
    enqueueRaw,
    enqueue: (...commands) => {
      for (const command of commands) enqueueRaw(laneOf(command.id), command);
    },
    stateOf: (lane) => sessions.get(lane)?.state,
    depth: () => [...sessions.values()].reduce((sum, { messages }) => sum + messages.length, 0),
    async acceptLane(signal) {
      for (;;) {
        await new Promise(setImmediate);
        if (signal.aborted) return undefined;
        throwOnce('accept');
        for (const [id, session] of sessions)
          if (session.holder === undefined && session.messages.length > 0)
            return laneOver(id, session, { clock, faults, changed, wake, throwOnce });
        await changed(signal);
      }
    },
    async send(queue, messages) {
      await new Promise(setImmediate);
      throwOnce('send');
      for (const { id, body } of messages) {
        if (queue === 'refused') refused.push(body);
        else if (!seen.has(id)) results.push(body as Result);
        seen.add(id);
      }
    },
    backlog: async (limit) => {
      if (faults.backlog !== undefined) throw faults.backlog;
      const all = [...sessions.values()].flatMap(({ messages }) => messages);
      return { count: Math.min(limit, all.length), oldestAt: all.length === 0 ? undefined : firstAt };
    },
    probe: async () => undefined,
    close: async () => undefined,
  };
}

type Surroundings = {
  clock: RelayClock;
  faults: FakeBus['faults'];
  changed(signal: AbortSignal): Promise<void>;
  wake(): void;
  throwOnce(fault: 'renew'): void;
};

function laneOver(id: string, session: Session, around: Surroundings): Lane {
  const { clock, faults } = around;
  const holder = Symbol(id);
  session.holder = holder;
  let lockedUntil = clock.monotonicMs() + faults.lockMs;
  const own = async () => {
    await new Promise(setImmediate);
    if (session.holder !== holder) throw new WritebackError('lock-lost');
  };
  return {
    id,
    async receive(wait, signal) {
      await own();
      const over = new AbortController();
      const either = AbortSignal.any([signal, over.signal]);
      clock.sleep(wait, either).then(
        () => over.abort(),
        () => undefined,
      );
      while (!either.aborted && session.messages.length === 0) await around.changed(either);
      over.abort();
      return session.messages[0];
    },
    async complete({ token }) {
      await own();
      session.messages = session.messages.filter((each) => each.token !== token);
    },
    async readState() {
      await own();
      return session.state;
    },
    async writeState(text) {
      await own();
      session.state = text;
    },
    lockLeftMs: () => durationMs(lockedUntil - clock.monotonicMs()),
    async renew() {
      await own();
      around.throwOnce('renew');
      lockedUntil = clock.monotonicMs() + faults.lockMs;
    },
    async close() {
      if (session.holder === holder) session.holder = undefined;
      around.wake();
    },
  };
}
