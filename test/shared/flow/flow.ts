import { defaultSettings } from '../../../shared/configuration/default-settings.ts';
import { type Command, commandSchema } from '../../../shared/contracts/command.ts';
import { type Result, resultSchema } from '../../../shared/contracts/result.ts';
import { type Ring, ringSchema } from '../../../shared/contracts/ring.ts';
import type { Kind, ObjectId } from '../../../shared/domain/object-id.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { durationMs } from '../../../shared/domain/time.ts';
import { WritebackError } from '../../../shared/errors.ts';
import type { Handler, Step } from '../../../shared/handler.ts';
import type { Outgoing } from '../../../shared/ports.ts';
import { createGroupsReader } from '../../../shared/reading/read-groups.ts';
import { createUsersReader } from '../../../shared/reading/read-users.ts';
import type { ReaderSettings } from '../../../shared/reading/reader-deps.ts';
import { createRecorder } from '../../../shared/recording/record-results.ts';
import { type FakeClock, fakeClock } from '../../fakes/clock.ts';
import { type FakeState, fakeState } from '../../fakes/state.ts';
import { type FakeTenant, fakeTenant } from '../../fakes/tenant.ts';
import { type SmallRelay, smallRelay } from './small-relay.ts';

/*
 * The whole cloud side in memory: queues, the real readers and recorder, a tenant and a small relay. What runs next is chosen
 * by a random source that belongs to the test, so that any interleaving can happen and every failure repeats.
 */

export const settings: ReaderSettings = {
  secondLookMs: durationMs(60_000),
  lookAgainMs: [2_000, 15_000, 60_000, 300_000].map(durationMs),
  repeatMembersMs: durationMs(900_000),
  parkMs: [60_000, 300_000, 3_600_000].map(durationMs),
  budgetMs: durationMs(120_000),
  pagesInFlight: 2,
};

type Waiting = { ring: Ring; dueAt: number };
type Doorbell = 'users' | 'groups';

/** What the flow needs of a relay. */
export type FlowRelay = {
  accept(command: Command): void;
  busyLanes(): string[];
  /** Applies the next command of a lane. */
  work(lane: string): Result | Promise<Result>;
  /** How many of the next commands are rejected. */
  rejections: number;
};

export type Flow<Relay extends FlowRelay = SmallRelay> = {
  tenant: FakeTenant;
  state: FakeState;
  clock: FakeClock;
  relay: Relay;
  /** Rings waiting on each doorbell. */
  doorbells: Record<Doorbell, Waiting[]>;
  results: Result[];
  ring(to: Doorbell, want: Ring['want'], more?: Partial<Ring>): void;
  /** Rings both doorbells for a round, as the sweep does. */
  sweep(): void;
  /** One thing that can happen now happens; false where nothing can. */
  step(): Promise<boolean>;
  /** Everything happens, and time passes, until nothing is due any more. */
  drain(): Promise<void>;
  /** A new process takes over; the old one forgets everything. */
  restart(kind: Kind): void;
  /** The owner deploys another configuration: both readers start anew with it. */
  configure(settings: Settings): void;
  /** What the configuration is now. */
  writeback: Settings;
  /** The reader's next step is sent but not committed; then its process dies and the rings come again. */
  crashNext: Set<Kind>;
  /** Runs one batch on a reader of its own that can stall: each `next` reads, or sends and commits what was read. */
  stalling(kind: Kind, rings: readonly Ring[]): Stalling;
};

export type Circumstances = {
  random: () => number;
  clock: FakeClock;
  overrides?: Partial<ReaderSettings>;
  /** Whether an object is parked until a person resolves it: it is rung for ever, and the flow is at rest with it. */
  waitsForPerson?: (state: FakeState, kind: Kind, id: ObjectId) => boolean;
};

export type Stalling = { next(): Promise<'more' | 'over' | 'fence-lost'> };

export function createFlow(random: () => number, overrides: Partial<ReaderSettings> = {}): Flow {
  const clock = fakeClock();
  return createFlowWith(smallRelay(clock), { random, clock, overrides });
}

export function createFlowWith<Relay extends FlowRelay>(
  relay: Relay,
  { random, clock, overrides = {}, waitsForPerson = () => false }: Circumstances,
): Flow<Relay> {
  const tenant = fakeTenant();
  const state = fakeState();
  let instances = 0;
  let writeback = defaultSettings;
  const depsOf = () => ({
    ...{ tenant, state, clock, instance: `process-${++instances}`, tell: () => undefined },
    settings: { ...settings, ...overrides },
    writeback,
  });
  const newReader = (kind: Kind): Handler<readonly Ring[]> =>
    kind === 'user' ? createUsersReader(depsOf()) : createGroupsReader(depsOf());
  const readers = { users: newReader('user'), groups: newReader('group') };
  const recorder = createRecorder(depsOf());
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

  const flow: Flow<Relay> = {
    tenant,
    state,
    clock,
    relay,
    doorbells: { users: [], groups: [] },
    results: [],
    crashNext: new Set(),
    ring(to, want, more = {}) {
      flow.doorbells[to].push({ ring: ringOf(to, want, { now: clock.now(), more }), dueAt: clock.now() });
    },
    sweep() {
      flow.ring('users', { type: 'round' }, { cause: 'sweep' });
      flow.ring('groups', { type: 'round' }, { cause: 'sweep' });
    },
    get writeback() {
      return writeback;
    },
    configure(settings) {
      writeback = settings;
      flow.restart('user');
      flow.restart('group');
    },
    restart(kind) {
      readers[kind === 'user' ? 'users' : 'groups'] = newReader(kind);
    },
    async step() {
      const can: (() => Promise<void>)[] = [];
      for (const to of ['users', 'groups'] as const) {
        if (flow.doorbells[to].some(({ dueAt }) => dueAt <= clock.now())) can.push(() => read(to));
      }
      for (const lane of relay.busyLanes()) can.push(() => work(lane));
      if (flow.results.length > 0) can.push(recordSome);
      if (can.length === 0) return false;
      await pick(can)();
      return true;
    },
    async drain() {
      for (let count = 0; count < 20_000; count++) {
        if (await flow.step()) continue;
        const due = [...flow.doorbells.users, ...flow.doorbells.groups].map(({ dueAt }) => dueAt);
        if (due.length === 0 || isLeftToPeople()) return;
        clock.advanceTo(Math.min(...due));
      }
      throw new Error('the flow never comes to rest');
    },
    stalling(kind, rings) {
      const steps = newReader(kind)(rings, new AbortController().signal)[Symbol.asyncIterator]();
      return stallable(steps);
    },
  };
  return flow;

  /** Whatever is still to be asked is about objects that wait for a person. */
  function isLeftToPeople(): boolean {
    return [...flow.doorbells.users, ...flow.doorbells.groups].every(({ ring: { kind, want } }) =>
      'ids' in want ? want.ids.every((id) => waitsForPerson(state, kind, id)) : false,
    );
  }

  function stallable(steps: AsyncIterator<Step>): Stalling {
    let held: Step | undefined;
    const advance = async (): Promise<'more' | 'over'> => {
      if (held === undefined) {
        const step = await steps.next();
        if (step.done) return 'over';
        held = step.value;
        return 'more';
      }
      const { messages, commit } = held;
      held = undefined;
      send(messages);
      await commit?.();
      return 'more';
    };
    return {
      async next() {
        try {
          return await advance();
        } catch (error) {
          if (error instanceof WritebackError && error.code === 'fence-lost') return 'fence-lost';
          throw error;
        }
      },
    };
  }

  /** Everything passes its contract, as on the real queues. */
  function send(messages: readonly Outgoing[]): void {
    for (const one of messages) {
      if (one.to === 'writes') relay.accept(commandSchema.parse(one.message));
      else if (one.to === 'results') flow.results.push(resultSchema.parse(one.message));
      else if (one.to !== 'refused') {
        flow.doorbells[one.to].push({ ring: ringSchema.parse(one.message), dueAt: one.dueAt ?? clock.now() });
      }
    }
  }

  async function work(lane: string): Promise<void> {
    flow.results.push(await relay.work(lane));
  }

  /** A batch of due rings, in any order. */
  async function read(to: Doorbell): Promise<void> {
    const due = flow.doorbells[to].filter(({ dueAt }) => dueAt <= clock.now());
    const batch = due.filter(() => random() < 0.7);
    const taken = batch.length === 0 ? due : batch;
    flow.doorbells[to] = flow.doorbells[to].filter((waiting) => !taken.includes(waiting));
    const rings = taken.map(({ ring }) => ring).sort(() => random() - 0.5);
    const kind = to === 'users' ? 'user' : 'group';
    for await (const step of readers[to](rings, new AbortController().signal)) {
      send(step.messages);
      if (step.messages.length > 0 && flow.crashNext.delete(kind)) {
        flow.doorbells[to].push(...taken);
        flow.restart(kind);
        return;
      }
      await step.commit?.();
    }
  }

  /** Some results, in any order, now and then twice. */
  async function recordSome(): Promise<void> {
    const taken = flow.results.filter(() => random() < 0.6);
    const batch = taken.length === 0 ? flow.results : taken;
    flow.results = flow.results.filter((result) => !batch.includes(result));
    const shuffled = [...batch].sort(() => random() - 0.5);
    if (random() < 0.1) flow.results.push(...batch.slice(0, 1));
    for await (const step of recorder(shuffled, new AbortController().signal)) {
      send(step.messages);
      await step.commit?.();
    }
  }
}

export function ringOf(
  to: Doorbell,
  want: Ring['want'],
  { now, more }: { now: number; more: Partial<Ring> },
): Ring {
  return {
    v: 1,
    type: 'ring',
    kind: to === 'users' ? 'user' : 'group',
    cause: 'notification',
    attempt: 0,
    want,
    traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
    times: { event: now, ring: now },
    ...more,
  };
}

/** mulberry32: small, seeded, good enough to interleave. */
export function seeded(seed: number): () => number {
  let at = seed >>> 0;
  return () => {
    at = (at + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(at ^ (at >>> 15), at | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
