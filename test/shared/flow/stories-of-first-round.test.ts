import { expect, it } from 'vitest';
import type { ObjectId } from '../../../shared/domain/object-id.ts';
import { idOf } from '../../fakes/cloud-objects.ts';
import { differencesFromExpected } from './expected.ts';
import { createFlow, type Flow, seeded } from './flow.ts';

/* What a first full round costs in a company of managers, who may be on any page. */

const size = 200;
const people = Array.from({ length: size }, (_, n) => idOf('user', n));

/** Commands per user, after everything came to rest. */
async function firstRound(managerOf: (n: number) => number | undefined, seed: number): Promise<number[]> {
  const flow: Flow = createFlow(seeded(seed));
  flow.tenant.pageSize = 20;
  for (const id of people) flow.tenant.putUser(id);
  for (const [n, id] of people.entries()) {
    const manager = managerOf(n);
    if (manager !== undefined) flow.tenant.setManager(id, people[manager] ?? null);
  }
  flow.sweep();
  await flow.drain();
  expect(differencesFromExpected(flow)).toEqual([]);
  const counts = new Map<ObjectId, number>();
  for (const { id } of flow.relay.applied) counts.set(id, (counts.get(id) ?? 0) + 1);
  return people.map((id) => counts.get(id) ?? 0);
}

const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);

it.each([
  ['managers first', (n: number) => (n === 0 ? undefined : Math.floor((n - 1) / 5))],
  ['managers last', (n: number) => (n === size - 1 ? undefined : size - 1 - Math.floor((size - 2 - n) / 5))],
  ['one manager of all, on the last page', (n: number) => (n === size - 1 ? undefined : size - 1)],
  ['managers anywhere', (n: number) => (n * 71 + 13) % size],
])(
  '[users.attributes.manager] a first full round sends nearly nobody more than twice: %s',
  async (_, managerOf) => {
    for (const seed of [1, 2, 3]) {
      const counts = await firstRound(managerOf, seed);
      // A result that comes late may ring for a user once more: of few.
      expect(counts.filter((count) => count > 2).length).toBeLessThan(size / 10);
      expect(sum(counts)).toBeLessThanOrEqual(2 * size);
    }
  },
);
