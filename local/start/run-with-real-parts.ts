import { join } from 'node:path';
import { emptyCompany, makeCompany } from '../company/company.ts';
import type { Endpoints } from '../stack/endpoints.ts';
import type { RealParts } from '../stack/real-parts.ts';
import { startStack } from '../stack/stack.ts';
import { hasEffect } from '../story/applied.ts';
import { liveLine } from './live-line.ts';
import type { StartOptions } from './options.ts';
import { RelayLines } from './relay-lines.ts';
import type { Screen } from './screen.ts';
import { openStackLog } from './stack-log.ts';
import { stackOptions, upnDomain } from './world.ts';

/** What is real, by its name for people; real tables are like our own to everything here. */
export const namesOfReal = (real: RealParts): string[] => [
  ...(real.serviceBus === undefined ? [] : ['Service Bus']),
  ...(real.graph === undefined ? [] : ['tenant']),
  ...(real.directory === undefined ? [] : ['directory']),
];

/** Why these options cannot be had with these parts; one sentence each. */
export function contradictions(options: StartOptions, real: RealParts): string[] {
  const { once, awkward, wss } = options;
  const names = namesOfReal(real).join(', ');
  return [
    ...(once && names !== ''
      ? [
          `--once counts the messages in the broker, plays in the tenant and reads the directory as its administrator: it cannot do that with what is real here (${names}). Plain npm start can.`,
        ]
      : []),
    ...(awkward !== '' && real.graph !== undefined
      ? ['--awkward is what the tenant simulator does: a real tenant does as it likes.']
      : []),
    ...(wss && real.graph !== undefined && real.serviceBus === undefined
      ? ['--wss takes the identity of the tenant simulator: it cannot be combined with GRAPH_BASE_URL.']
      : []),
  ];
}

/**
 * Starts the parts that are not real, and prints a line for every change until somebody stops it. The company is seeded if tenant
 * and directory are both ours. Answers how to stop.
 */
export async function runWithRealParts(
  options: StartOptions,
  real: RealParts,
  screen: Screen,
): Promise<() => Promise<void>> {
  const isOurs = real.graph === undefined && real.directory === undefined;
  const { empty, seed, largestGroup } = options;
  const isEmpty = empty || !isOurs;
  const company = isEmpty ? emptyCompany(upnDomain) : makeCompany(seed, upnDomain, largestGroup);
  const names = new Map(
    [...company.people, ...company.teams].map(({ id, displayName }) => [id, displayName]),
  );
  const lines = new RelayLines();
  lines.listen((line) => {
    if (hasEffect(line) || line.outcome === 'rejected')
      screen.say(liveLine(line, names.get(line.id) ?? line.id));
  });
  const log = await openStackLog(options.folder);
  try {
    const stack = await startStack(stackOptions({ options, real, company, lines, log, screen }));
    for (const line of addresses(stack.endpoints, join(options.folder, 'endpoints.json'))) screen.say(line);
    return async () => {
      await stack.stop();
      log.close();
    };
  } catch (error) {
    log.close();
    throw error;
  }
}

const addresses = ({ graph, functions, directory, broker }: Endpoints, file: string): string[] => [
  '',
  `  Graph        ${graph?.url ?? 'GRAPH_BASE_URL'}`,
  `  Functions    ${functions.url}`,
  `  Service Bus  ${broker === null ? 'SERVICEBUS' : `${broker.controlUrl}/queues`}`,
  `  AD           ${directory?.url ?? 'DIRECTORY_URL'}`,
  `  all that is known, with the secrets: ${file}`,
  '',
  'Ctrl-C stops everything and leaves nothing behind, but what is real stays as it then is.',
  '',
];
