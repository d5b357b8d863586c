import type { Screen } from './screen.ts';
import { entriesOf, type World } from './world.ts';

const seedMs = 240_000;
const anyRound = 1;

/** Resolves when the seeded company is in AD: both full rounds ended and nothing is left to do. Throws NotSettled. */
export async function waitForSeed(world: World, screen: Screen): Promise<void> {
  const total = entriesOf(world.company);
  const stop = world.lines.listen(() =>
    screen.passing(`  writing the company: ${world.lines.created} of ${total} entries`),
  );
  const verdict = await world.settle({ since: anyRound, scheduled: false, timeoutMs: seedMs }).finally(stop);
  const { users, groups, memberships } = verdict.counts;
  const seconds = (world.lines.spanMs() / 1_000).toFixed(1);
  screen.say(
    `· AD has ${users} users, ${groups} groups and ${memberships} memberships, written in ${seconds} s`,
  );
}
