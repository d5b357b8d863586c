import { hasEffect } from '../story/applied.ts';
import { firstSteps } from './first-steps.ts';
import { liveLine } from './live-line.ts';
import type { StartOptions } from './options.ts';
import type { Screen } from './screen.ts';
import { waitForSeed } from './wait-for-seed.ts';
import type { World } from './world.ts';

/** Runs until somebody stops it: addresses, three things to try, and a line for every change with its lag. */
export async function runLive(world: World, options: StartOptions, screen: Screen): Promise<void> {
  if (!options.empty && options.host) await waitForSeed(world, screen);
  const { company, lines, stack } = world;
  const person = company.people.find((one) => one.origin === 'cloud' && one.accountEnabled);
  const team = company.teams.find((one) => one.type === 'security' && one.displayName.startsWith('App'));
  const examples = {
    domain: company.domain,
    userId: person?.id ?? 'USER-ID',
    groupId: team?.id ?? 'GROUP-ID',
  };
  screen.say();
  for (const line of firstSteps(stack.endpoints, examples)) screen.say(line);
  screen.say();
  const names = new Map(
    [...company.people, ...company.teams].map(({ id, displayName }) => [id, displayName]),
  );
  lines.listen((line) => {
    if (hasEffect(line) || line.outcome === 'rejected')
      screen.say(liveLine(line, (id) => names.get(id) ?? id));
  });
}
