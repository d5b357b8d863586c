import { join } from 'node:path';
import { z } from 'zod';
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
    file: join(world.folder, 'endpoints.json'),
    domain: company.domain,
    userId: person?.id ?? 'USER-ID',
    groupId: team?.id ?? 'GROUP-ID',
  };
  screen.say();
  for (const line of firstSteps(stack.endpoints, examples)) screen.say(line);
  screen.say();
  const names = namesOf(world);
  lines.listen((line) => {
    if (!hasEffect(line) && line.outcome !== 'rejected') return;
    void names(line.id).then((name) => screen.say(liveLine(line, name)));
  });
}

const namedSchema = z.object({ displayName: z.string() });

/** Display names by id: of the company, and of whoever came later by asking Graph; the id where nobody knows. */
function namesOf({ company, graph }: World): (id: string) => Promise<string> {
  const known = new Map(
    [...company.people, ...company.teams].map(({ id, displayName }) => [id, displayName]),
  );
  return async (id) => {
    const name = known.get(id);
    if (name !== undefined) return name;
    const answer = await graph.call('GET', `/directoryObjects/${id}`).catch(() => undefined);
    const found = namedSchema.safeParse(answer?.body).data?.displayName ?? id;
    known.set(id, found);
    return found;
  };
}
