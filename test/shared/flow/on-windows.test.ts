import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fakeClock } from '../../fakes/clock.ts';
import { createFlowWith, seeded } from './flow.ts';
import { play, seeds, stories } from './happenings.ts';
import { differencesOnWindows, waitsForItsName } from './windows-expected.ts';
import { windowsRelay } from './windows-relay.ts';

/*
 * The whole way in memory, nothing of ours replaced but the transport: readers, recorder, the relay's own code and its LDAP
 * adapter, over a domain that refuses what Windows refuses.
 */

const runs = { numRuns: Number(process.env['FLOW_RUNS'] ?? 40) };

test.each([
  { told: 'at once', lagMs: 0 },
  { told: 'by replicas that lag up to 30 seconds', lagMs: 30_000 },
])(
  '[users.names.swap] whatever happens to users and groups, told $told, a domain as strict as Windows is as the tenant says',
  async ({ lagMs }) => {
    await fc.assert(
      fc.asyncProperty(stories, seeds, async (story, seed) => {
        const random = seeded(seed);
        const clock = fakeClock();
        const relay = await windowsRelay(clock);
        relay.world.putOnPremises('synced', { sid: 'S-1-5-21-1-2-3-1108' as never });
        const flow = createFlowWith(relay, {
          ...{ random, clock },
          waitsForPerson: (state, kind, id) => waitsForItsName({ state }, relay, { kind, id }),
        });
        // An entry that is released keeps its names, so who is born in the cloud again waits for a person.
        const told = story.filter(({ what }) => what !== 'change-side');
        await play(flow, told, { random, lagMs });
        expect(differencesOnWindows(flow, relay)).toEqual([]);
      }),
      runs,
    );
  },
);
