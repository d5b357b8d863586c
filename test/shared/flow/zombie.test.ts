import fc from 'fast-check';
import { expect, test } from 'vitest';
import { laneOf } from '../../../shared/domain/lane.ts';
import { compareOrders } from '../../../shared/domain/order.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { differencesFromExpected } from './expected.ts';
import { createFlow, type Flow, ringOf, seeded } from './flow.ts';

/** All in one lane, so that what is sent for one raises the epoch for the others. */
const lane = laneOf(idOf('user', 0));
const ids = Array.from({ length: 2_000 }, (_, n) => idOf('user', n))
  .filter((id) => laneOf(id) === lane)
  .slice(0, 4);
const groups = [0, 1].map((n) => idOf('group', n));

/** A company of four users and two groups that is written completely. */
async function settledFlow(seed: number): Promise<Flow> {
  const flow = createFlow(seeded(seed));
  for (const id of ids) flow.tenant.putUser(id, { displayName: 'Even' });
  for (const id of groups) flow.tenant.putGroup(id);
  for (const id of ids.slice(0, 2))
    flow.tenant.addMember(groups[0] as (typeof groups)[0], { id, type: 'user' });
  flow.sweep();
  await flow.drain();
  return flow;
}

type Plot = { before: number[]; between: number[]; steps: number; progress: number; seed: number };
const changes = fc.array(fc.integer({ min: 0, max: 24 }), { maxLength: 6, size: 'max' });
const plot: fc.Arbitrary<Plot> = fc.record({
  before: changes,
  between: changes,
  /** Steps of the zombie before it stalls, and of everybody else before it wakes up. */
  steps: fc.integer({ min: 0, max: 6 }),
  progress: fc.integer({ min: 0, max: 60 }),
  seed: fc.integer({ min: 0, max: 1_000_000 }),
});

function change(flow: Flow, n: number): void {
  const { tenant } = flow;
  const id = ids[n % 4] as (typeof ids)[0];
  const group = groups[n % 2] as (typeof groups)[0];
  // Back and forth between two names: what a zombie read may be true no more and then true again.
  if (n < 8) tenant.putUser(id, { displayName: n < 4 ? 'Odd' : 'Even' });
  else if (n < 10) tenant.addMember(group, { id: ids[n % 3] as (typeof ids)[0], type: 'user' });
  else if (n < 12) tenant.removeMember(group, ids[n % 3] as (typeof ids)[0]);
  else if (n < 15) tenant.remove('user', id);
  else if (n < 18) tenant.restore('user', id);
  else if (n < 21) tenant.putUser(id, { userType: n === 20 ? 'Member' : 'Guest' });
  else if (n < 24) tenant.setManager(id, n === 23 ? null : (ids[(n + 1) % 4] as (typeof ids)[0]));
  else tenant.purge('user', id);
}

/** A reader stalls in the middle of a batch, another one takes over and gets the same batch, the first one wakes up. */
async function stallAndWake({ before, between, steps, progress, seed }: Plot): Promise<Flow> {
  const flow = await settledFlow(seed);
  for (const n of before) change(flow, n);
  for (const [kind, to, named] of [
    ['user', 'users', ids],
    ['group', 'groups', groups],
  ] as const) {
    const rings = [
      ringOf(to, { type: 'look', ids: [...named] }, { now: flow.clock.now(), more: {} }),
      ringOf(to, { type: 'round' }, { now: flow.clock.now(), more: { cause: 'sweep' } }),
    ];
    const zombie = flow.stalling(kind, rings);
    let state: Awaited<ReturnType<typeof zombie.next>> = 'more';
    for (let n = 0; n < steps && state === 'more'; n++) state = await zombie.next();
    for (const n of between) change(flow, n);
    flow.restart(kind);
    flow.doorbells[to].push(...rings.map((ring) => ({ ring, dueAt: flow.clock.now() })));
    for (let n = 0; n < progress; n++) await flow.step();
    while (state === 'more') state = await zombie.next();
  }
  flow.sweep();
  await flow.drain();
  return flow;
}

test('a zombie changes nothing for good: AD is as the tenant says', async () => {
  await fc.assert(
    fc.asyncProperty(plot, async (part) => {
      expect(differencesFromExpected(await stallAndWake(part))).toEqual([]);
    }),
    { numRuns: Number(process.env['FLOW_RUNS'] ?? 100) },
  );
});

test('a stale command never wins: what is applied to an object is in the order of epochs', async () => {
  await fc.assert(
    fc.asyncProperty(plot, async (part) => {
      const { relay } = await stallAndWake(part);
      const byObject = Map.groupBy(relay.applied, ({ id }) => id);
      for (const commands of byObject.values()) {
        const epochs = commands.map(({ order }) => order.epoch);
        expect(epochs).toEqual([...epochs].sort((a, b) => a - b));
      }
    }),
    { numRuns: 50 },
  );
});

test('a reader that lost the cursor stops, and the taker-over has the higher epoch', async () => {
  const flow = await settledFlow(1);
  const epoch = (await flow.state.cursor('user'))?.epoch ?? 0;
  flow.tenant.putUser(idOf('user', 0), { displayName: 'Old' });
  const round = ringOf('users', { type: 'round' }, { now: flow.clock.now(), more: {} });
  const zombie = flow.stalling('user', [round]);
  // Reads, sends and commits the look; reads the page's commit.
  for (let n = 0; n < 3; n++) expect(await zombie.next()).toBe('more');
  flow.tenant.putUser(idOf('user', 0), { displayName: 'New' });
  flow.restart('user');
  flow.sweep();
  await flow.drain();
  expect(await zombie.next()).toBe('fence-lost');
  expect((await flow.state.cursor('user'))?.epoch).toBeGreaterThan(epoch);
  await flow.drain();
  expect(differencesFromExpected(flow)).toEqual([]);
  const orders = flow.relay.applied.filter(({ id }) => id === idOf('user', 0)).map(({ order }) => order);
  expect(orders).toEqual([...orders].sort(compareOrders));
});

test('epochs do not go back where the state table was lost', async () => {
  const flow = await settledFlow(2);
  const epoch = (await flow.state.cursor('user'))?.epoch ?? 0;
  flow.state.lose();
  flow.clock.advance(1_000);
  flow.restart('user');
  flow.tenant.putUser(idOf('user', 0), { displayName: 'After the loss' });
  flow.sweep();
  await flow.drain();
  expect((await flow.state.cursor('user'))?.epoch).toBeGreaterThan(epoch);
  expect(differencesFromExpected(flow)).toEqual([]);
});
