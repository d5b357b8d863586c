import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differencesFromExpected } from './expected.ts';
import { createFlow, type Flow, seeded } from './flow.ts';
import { play, seeds, stories, type Told } from './happenings.ts';

function playSmall(story: readonly Told[], seed: number, lagMs: number): Promise<Flow> {
  const random = seeded(seed);
  return play(createFlow(random), story, { random, lagMs });
}

const runs = { numRuns: Number(process.env['FLOW_RUNS'] ?? 100) };

test('[flow.missed-change] any loss, repetition or order of rings, then one sweep: AD is as the tenant says', async () => {
  await fc.assert(
    fc.asyncProperty(stories, seeds, async (story, seed) => {
      expect(differencesFromExpected(await playSmall(story, seed, 0))).toEqual([]);
    }),
    runs,
  );
});

test('[flow.missed-change] the same with replicas that lag up to 30 seconds', async () => {
  await fc.assert(
    fc.asyncProperty(stories, seeds, async (story, seed) => {
      expect(differencesFromExpected(await playSmall(story, seed, 30_000))).toEqual([]);
    }),
    runs,
  );
});
