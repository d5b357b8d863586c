import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { chanceFrom } from '../company/random.ts';
import { measureYardstick } from '../measure/yardstick.ts';
import { castFrom } from '../story/cast.ts';
import { encore } from '../story/encore.ts';
import { lagFigures, lagsOf, slowestOf } from '../story/lag.ts';
import { NotSettled } from '../story/settled.ts';
import { Stage } from '../story/stage.ts';
import { play } from '../story/story.ts';
import { behavioursNamed } from '../tenant/awkward/behaviours.ts';
import type { Verdict } from '../verify/compare.ts';
import { type DirectoryEntry, readDirectory } from '../verify/directory-state.ts';
import { isChildOf } from '../verify/dn.ts';
import { directoryName } from '../verify/endpoints.ts';
import { adAdministrator } from './ad-administrator.ts';
import type { StartOptions } from './options.ts';
import type { OnceResult } from './report.ts';
import type { Screen } from './screen.ts';
import { telemetryArrived } from './telemetry-arrived.ts';
import { waitForSeed } from './wait-for-seed.ts';
import type { World } from './world.ts';

const settleMs = 180_000;

/** Seed, story, settle, compare; with --measure the yardstick last. Answers the result and the last comparison. */
export async function runOnce(
  world: World,
  options: StartOptions,
  screen: Screen,
): Promise<{ result: OnceResult; verdict: Verdict }> {
  await waitForSeed(world, screen);
  const killed = await world.killed;
  const seeded = options.measure ? await seedMeasure(world) : undefined;
  const stage = stageOf(world, options, screen);
  await play(stage, world.company);
  if (options.awkward !== '') await untilAllShown(world, options, stage);
  const { verdict, isSettled } = await settleOrSay(world, screen);
  const measured = lagsOf(stage.changes, world.lines.all);
  for (const { change, lagMs } of measured) world.note({ what: change.what, id: change.target, lagMs });
  const result: OnceResult = {
    ...verdict.counts,
    changes: stage.changes.length,
    compared: verdict.compared,
    differences: verdict.differences.length,
    lagMs: lagFigures(measured),
    slowest: slowestOf(measured),
    unmeasured: measured.filter(({ lagMs }) => lagMs === undefined).length,
    awkward: await awkwardCounts(world, options),
    settled: isSettled,
    restarts: world.stack.restarts(),
    ...(killed === undefined ? {} : { killed }),
    ...(options.telemetry ? { telemetry: await telemetryArrived(world.stack.endpoints) } : {}),
    ...(seeded === undefined ? {} : { seed: await compareWithYardstick(world, seeded) }),
  };
  return { result, verdict };
}

function stageOf({ graph, stack, folder }: World, { seed }: StartOptions, screen: Screen): Stage {
  const { endpoints } = stack;
  const place = { folder, directory: directoryName(endpoints.directory) };
  return new Stage({
    ...{ graph, graphUrl: endpoints.graph.url, chance: chanceFrom(seed), pause: sleep },
    administrator: adAdministrator(endpoints, place),
    onChange: (change) => screen.passing(`  ${change.what}`),
  });
}

/** A run that does not settle is still compared: what differs says where to look. */
async function settleOrSay(world: World, screen: Screen): Promise<{ verdict: Verdict; isSettled: boolean }> {
  try {
    return {
      verdict: await world.settle({ since: Date.now(), scheduled: true, timeoutMs: settleMs }),
      isSettled: true,
    };
  } catch (error) {
    if (!(error instanceof NotSettled)) throw error;
    screen.say(error.message);
    return { verdict: await world.look(), isSettled: false };
  }
}

const countersSchema = z.object({ awkward: z.record(z.string(), z.number()) });

/** How often each awkward behaviour that was asked for has shown itself, zeros included. */
async function awkwardCounts(
  { graph, stack }: World,
  { awkward }: StartOptions,
): Promise<Record<string, number>> {
  const answer = await graph.call('GET', new URL('/control/counters', stack.endpoints.graph.url).href);
  const counted = countersSchema.parse(answer.body).awkward;
  return Object.fromEntries([...(behavioursNamed(awkward) ?? [])].map((name) => [name, counted[name] ?? 0]));
}

async function untilAllShown(world: World, options: StartOptions, stage: Stage): Promise<void> {
  const cast = castFrom(world.company, chanceFrom(options.seed));
  const isEnough = async () => Object.values(await awkwardCounts(world, options)).every((count) => count > 0);
  await encore(stage, cast, isEnough);
}

type Seeded = { seconds: number; entries: DirectoryEntry[] };

async function seedMeasure({ lines, stack }: World): Promise<Seeded> {
  const { entries, destination } = await readDirectory(stack.endpoints.directory);
  return {
    seconds: lines.spanMs() / 1_000,
    entries: entries.filter((entry) => isChildOf(entry.dn, destination)),
  };
}

/** After everything else, when the machine is quiet: the same entries with the tools that administrators have. */
async function compareWithYardstick(
  { stack }: World,
  seeded: Seeded,
): Promise<NonNullable<OnceResult['seed']>> {
  const { directory } = stack.endpoints;
  const account = { dn: directory.serviceDn, password: directory.servicePassword };
  const { seconds: yardstick } = await measureYardstick({ ...directory, account }, seeded.entries);
  const rounded = (value: number) => Math.round(value * 100) / 100;
  return {
    seconds: rounded(seeded.seconds),
    yardstickSeconds: rounded(yardstick),
    ratio: rounded(seeded.seconds / yardstick),
  };
}
