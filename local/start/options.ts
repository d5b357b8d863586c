import { dirname } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { usualLargestGroup } from '../company/company.ts';
import { endpointsFile } from '../stack/endpoints.ts';
import { behaviours, behavioursNamed } from '../tenant/awkward/behaviours.ts';
import { exitCodes } from './exit-code.ts';

/** What `npm start` was asked for. */
export type StartOptions = {
  once: boolean;
  empty: boolean;
  /** False: everything but the Functions host. */
  host: boolean;
  awkward: string;
  seed: number;
  kill: 'relay' | 'functions' | undefined;
  measure: boolean;
  wss: boolean;
  /** Host and relay run what `npm run package` makes. */
  packaged: boolean;
  /** Host and relay send telemetry to a stand-in of Application Insights. */
  telemetry: boolean;
  json: boolean;
  /** Members of the largest group. */
  largestGroup: number;
  /** A file in place of writeback.config.ts; '' for none. */
  config: string;
  /** Where endpoints.json, the baselines of the verifier and stack.log are written. */
  folder: string;
};

const defaultSeed = 1;

/** Somebody is waiting at the screen. */
const largestLiveGroup = 300;

/** Reads the command line; a wrong one ends the process with code 2, `--help` with 0. */
export function startOptions(args: readonly string[]): StartOptions {
  const command = describedCommand().exitOverride((error) =>
    process.exit(error.exitCode === 0 ? exitCodes.fine : exitCodes.environment),
  );
  const given = command.parse([...args], { from: 'user' }).opts<Partial<StartOptions>>();
  const options: StartOptions = {
    once: given.once === true,
    empty: given.empty === true,
    host: given.host !== false,
    awkward: given.awkward ?? '',
    seed: given.seed ?? defaultSeed,
    kill: given.kill,
    measure: given.measure === true,
    wss: given.wss === true,
    packaged: given.packaged === true,
    telemetry: given.telemetry === true,
    json: given.json === true,
    largestGroup: given.largestGroup ?? (given.once === true ? usualLargestGroup : largestLiveGroup),
    config: given.config ?? '',
    folder: given.folder ?? dirname(endpointsFile),
  };
  const problem = contradiction(options);
  if (problem !== undefined) command.error(problem);
  return options;
}

function describedCommand(): Command {
  const names = Object.keys(behaviours).join(', ');
  return new Command('npm start --')
    .description(
      'Starts a whole company on this machine: stand-ins for the Entra tenant and for Service Bus, the Functions app, the relay and a real Active Directory domain (Samba). Cloud users and groups appear in its OU seconds after each change.',
    )
    .option('--once', 'play a story of changes, wait until all is written, compare, print a table, stop')
    .option('--empty', 'begin with an empty tenant')
    .option(
      '--no-host',
      'everything but the Functions host; writes local.settings.json for func start or a debugger',
    )
    .option('--awkward <names>', `what the tenant does to its clients: all, or some of ${names}`, awkward)
    .option('--seed <number>', 'seed of the company, the story and the awkwardness', number, defaultSeed)
    .addOption(
      new Option(
        '--kill <part>',
        'with --once: kill -9 this part when about half of the entries exist',
      ).choices(['relay', 'functions']),
    )
    .option(
      '--measure',
      'with --once: also write the same state with ldapadd and ldapmodify, and compare the times',
    )
    .option(
      '--wss',
      'relay and host reach Service Bus over WebSockets with a managed identity, as in production',
    )
    .option(
      '--packaged',
      'host and relay run what is deployed (npm run package), from a folder without node_modules, instead of the sources',
    )
    .option(
      '--telemetry',
      'host and relay send their telemetry to a stand-in of Application Insights, which writes telemetry.jsonl; with --once every trace must be one tree',
    )
    .option(
      '--largest-group <members>',
      `members of the largest group, most of them synced (default: ${usualLargestGroup} with --once, otherwise ${largestLiveGroup})`,
      number,
    )
    .option(
      '--config <path>',
      'what is written, and how, by another file of this repository than writeback.config.ts',
    )
    .option('--folder <path>', 'folder of endpoints.json, stack.log and telemetry.jsonl (default: .local)')
    .option('--json', 'print nothing but the last line')
    .addHelpText('after', afterHelp);
}

const afterHelp = `
Exit code: 0 fine; 1 differences, traces that are torn (--telemetry), or less than 150 users, 25 groups, 800 memberships or 200 changes; 2 wrong options or
something is missing on this machine; 3 a part could not be started.

A part that the environment names is not started, and the real one is used: SERVICEBUS, STATE, GRAPH_BASE_URL, DIRECTORY_URL and what
belongs to them (README, "Real parts in place of stand-ins"). --once needs the stand-ins of Service Bus, tenant and domain.

While it runs: npm run verify compares AD with the tenant; .local/endpoints.json has all addresses and secrets;
.local/stack.log has every line that the parts print. Ctrl-C stops everything and leaves nothing behind.`;

function contradiction({
  once,
  empty,
  host,
  kill,
  measure,
  config,
  packaged,
}: StartOptions): string | undefined {
  if (once && empty) return '--once plays with the seeded company: it cannot begin --empty';
  if (once && !host) return '--once needs the Functions host: it cannot be combined with --no-host';
  if (once && config !== '')
    return '--once compares with what the defaults write: it cannot be combined with --config';
  if (!host && config !== '')
    return '--config is built for the host of this stack: without it, writeback.config.ts is yours to change';
  if (!host && packaged)
    return '--packaged runs the host of this stack: it cannot be combined with --no-host';
  if (!once && kill !== undefined)
    return '--kill works with --once only (by hand: kill -9 a process of .local/endpoints.json)';
  if (!once && measure) return '--measure works with --once only';
  return undefined;
}

function number(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError('A whole number, please.');
  return value;
}

function awkward(text: string): string {
  if (behavioursNamed(text) === undefined)
    throw new InvalidArgumentError(`It is "all" or some of ${Object.keys(behaviours).join(', ')}.`);
  return text;
}
