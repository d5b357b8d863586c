import { join } from 'node:path';
import { type Company, emptyCompany, makeCompany, sizeOf } from '../company/company.ts';
import { domains } from '../company/odd-people.ts';
import { strangeComputer } from '../company/strangers.ts';
import { type GraphCaller, graphCaller } from '../graph-caller.ts';
import type { RealParts } from '../stack/real-parts.ts';
import { type OwnStack, ownStack, type Seeding, type StackOptions, startStack } from '../stack/stack.ts';
import { outstanding } from '../story/outstanding.ts';
import { settled } from '../story/settled.ts';
import {
  onPremisesFrom,
  saveDisabledOnPremises,
  saveIdentities,
  saveOnPremises,
} from '../verify/baseline.ts';
import type { Verdict } from '../verify/compare.ts';
import { readDirectory } from '../verify/directory-state.ts';
import { directoryName } from '../verify/endpoints.ts';
import { verifyOnce } from '../verify/verify.ts';
import { addComputer } from './ad-administrator.ts';
import { type Killed, killMidway } from './kill-midway.ts';
import { loudLines } from './loud-lines.ts';
import type { StartOptions } from './options.ts';
import { RelayLines } from './relay-lines.ts';
import type { Screen } from './screen.ts';
import { seedCompany } from './seeding.ts';
import { openStackLog, type StackLog } from './stack-log.ts';

/** A running stack with a company in it, and what is known of it. */
export type World = {
  stack: OwnStack;
  company: Company;
  graph: GraphCaller;
  lines: RelayLines;
  killed: Promise<Killed> | undefined;
  /** Of endpoints, baselines and the log. */
  folder: string;
  /** Writes a line of its own into the log, beside those of the parts. */
  note(line: object): void;
  /** Reads both sides anew and compares them. */
  look(): Promise<Verdict>;
  /** Waits until everything up to `since` (epoch ms) is done; throws NotSettled after `timeoutMs`. */
  settle(what: { since: number; scheduled: boolean; timeoutMs: number }): Promise<Verdict>;
  stop(): Promise<void>;
};

/** The domain of the company's user names. */
export const upnDomain = domains.main;

/** Those that the forest knows beside its own. */
const upnSuffixes = [domains.main, domains.second];

/** Starts everything; the company is in place before the first reader looks. Of `real`, the tables at most are set. */
export async function startWorld(options: StartOptions, real: RealParts, screen: Screen): Promise<World> {
  const { folder } = options;
  const log = await openStackLog(folder);
  const lines = new RelayLines();
  const company = options.empty
    ? emptyCompany(upnDomain)
    : makeCompany(options.seed, upnDomain, options.largestGroup);
  const starting = Promise.withResolvers<OwnStack>();
  const killed =
    options.kill && killMidway(options.kill, { stack: starting.promise, lines, total: entriesOf(company) });
  killed?.catch(() => undefined);
  starting.promise.catch(() => undefined);
  try {
    const stack = ownStack(await startStack(stackOptions({ options, real, company, lines, log, screen })));
    starting.resolve(stack);
    return await worldOf({ stack, company, lines, killed, folder, screen, log });
  } catch (error) {
    starting.reject(error);
    log.close();
    throw error;
  }
}

type Launching = Hearing & { options: StartOptions; real: RealParts; company: Company };

/** How the stack is started for these options: what it says goes to screen, lines and log. */
export function stackOptions({ options, real, company, ...hearing }: Launching): StackOptions {
  const { awkward, seed, host, wss, packaged, telemetry, folder, config } = options;
  return {
    ...{ awkward, seed, host, wss, packaged, real, upnSuffixes, onLine: listener(hearing) },
    ...(config === '' ? {} : { config }),
    ...(telemetry ? { telemetryFile: join(folder, 'telemetry.jsonl') } : {}),
    onProgress: (text) => hearing.screen.say(`· ${text}`),
    endpointsFile: join(folder, 'endpoints.json'),
    prepare: (world) => prepare({ ...world, company, folder }, hearing.screen),
  };
}

/** How many entries the seed makes in AD. */
export function entriesOf(company: Company): number {
  const { users, groups } = sizeOf(company);
  return users + groups;
}

type Hearing = { log: StackLog; lines: RelayLines; screen: Screen };

/** Everything goes into the log; what a part complains about loudly is worth a look at once. */
function listener({ log, lines, screen }: Hearing): (part: string, line: unknown) => void {
  const loud = loudLines(Date.now);
  return (part, line) => {
    log.write(part, line);
    lines.hear(part, line);
    const text = loud(part, line);
    if (text !== undefined) screen.say(`! ${text}  (see stack.log)`);
  };
}

type Preparing = Seeding & { company: Company; folder: string };

/** Seeds both sides, and notes how AD looks before anything is written. */
async function prepare({ endpoints, directory, company, folder }: Preparing, screen: Screen): Promise<void> {
  const graph = await graphCaller(endpoints.graph);
  const world = { directory, graph, graphUrl: endpoints.graph.url };
  if (company.people.length > 0) {
    await seedCompany(company, world).finally(() => graph.close());
    await addComputer(endpoints.directory, strangeComputer);
  }
  const place = { folder, directory: directoryName(endpoints.directory) };
  await saveIdentities(place, {});
  await saveDisabledOnPremises(place, []);
  await saveOnPremises(place, onPremisesFrom(await readDirectory(endpoints.directory)));
  const { people, fieldStaff, teams } = company;
  const size = people.length + fieldStaff.length;
  screen.say(`· the tenant has ${size.toLocaleString('en')} people and ${teams.length} groups`);
}

async function worldOf(
  parts: Omit<World, 'graph' | 'look' | 'note' | 'settle' | 'stop'> & { screen: Screen; log: StackLog },
) {
  const { stack, screen, log, ...rest } = parts;
  const { folder } = rest;
  const { endpoints } = stack;
  const graph = await graphCaller(endpoints.graph);
  const look = () => verifyOnce({ endpoints, folder: folder }, graph);
  const where = {
    ...{ graph, graphUrl: endpoints.graph.url, tables: endpoints.tables.connectionString },
    brokerControlUrl: endpoints.broker.controlUrl,
  };
  return {
    ...{ ...rest, stack, graph, look },
    note: (line: object) => log.write('story', line),
    settle: ({ since, scheduled, timeoutMs }: Parameters<World['settle']>[0]) =>
      settled({
        ...{ look, timeoutMs, now: Date.now, sleep },
        outstanding: () => outstanding({ ...where, since, scheduled }),
        onProgress: (text: string) => screen.passing(`  waiting: ${text}`),
      }),
    stop: once(async () => {
      graph.close();
      await stack.stop();
      log.close();
    }),
  };
}

/** However often it is asked for, it happens once, and everybody waits for it. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
