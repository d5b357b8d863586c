import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { startReaper } from '../../../local/stack/reaper.ts';
import { type Figures, measureGroup } from './measure.ts';
import { measureReader, type ReaderFigures } from './measure-reader.ts';
import { startStand } from './stand.ts';

/**
 * `npm run large-group -- 5000 20000 50000`: the relay, a broker and a real Samba domain with a group of each size; and what the reader
 * does for such a group, with the tenant simulator. Takes minutes, so no suite runs it. docs/large-groups.md has its figures.
 */
const command = new Command('npm run large-group --')
  .description('Measures what a large group costs, with a real directory and the real relay.')
  .argument('[members...]', 'sizes of groups (default: 5000)', sizes)
  .option('--json', 'print one JSON object instead of tables')
  .addHelpText(
    'after',
    '\nMinutes and about 1 GB of disk for 50,000. Exit code: 0 measured, 1 something was not as it should be.',
  )
  .parse();
const json = command.opts<{ json?: boolean }>().json === true;
const asked = (command.processedArgs[0] ?? [5_000]) as number[];
const members = asked.toSorted((a, b) => a - b);

function sizes(text: string, before: number[] | undefined): number[] {
  const size = Number(text);
  if (!Number.isInteger(size) || size < 100 || size % 100 !== 0)
    throw new InvalidArgumentError('hundreds of members');
  return [...(before ?? []), size];
}

const startedAt = performance.now();
const say = (line: string): void => {
  process.stderr.write(`${((performance.now() - startedAt) / 1_000).toFixed(0).padStart(5)} s  ${line}\n`);
};

/** Whatever this leaves in its folder (a domain is a gigabyte) goes with it, even if it is killed. */
const scratch = mkdtempSync(join(tmpdir(), 'wb-large-'));
process.env['TMPDIR'] = scratch;
startReaper().remove(scratch);

const largest = members.at(-1) ?? 0;
say(`a domain and a broker start`);
const stand = await startStand();
const relays: (Figures & { entries: number; readySeconds: number })[] = [];
try {
  let there = 0;
  for (const size of members) {
    const wanted = size + size / 100;
    say(`${wanted - there} people are put into AD`);
    for (; there < wanted; there += Math.min(10_000, wanted - there)) {
      await stand.putPeople(there, Math.min(there + 10_000, wanted));
      say(`${Math.min(there + 10_000, wanted)} of ${largest + largest / 100}`);
    }
    const readySeconds = await stand.startRelay();
    say(`the relay has read ${there} entries: ready after ${readySeconds.toFixed(1)} s`);
    relays.push({ ...(await measureGroup(stand, size, say)), entries: there, readySeconds });
  }
} finally {
  await stand.stop();
}
const readers: ReaderFigures[] = [];
for (const size of members) readers.push(await measureReader(size, say));
print();
process.exit(0);

function print(): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ relays, readers })}\n`);
    return;
  }
  const lines = [
    '| members | | seconds | added | removed | messages | KB in all | KB at most |',
    '|---|---|---|---|---|---|---|---|',
    ...relays.flatMap((group) =>
      group.figures.map(
        ({ what, seconds, added, removed, messages, kilobytes, largest: most }) =>
          `| ${group.members} | ${what} | ${seconds.toFixed(1)} | ${added} | ${removed} | ${messages} | ${kilobytes} | ${most} |`,
      ),
    ),
    '',
    '| members | entries | relay ready after s | its peak memory, MiB |',
    '|---|---|---|---|',
    ...relays.map(
      ({ members: size, entries, readySeconds, peakMiB }) =>
        `| ${size} | ${entries} | ${readySeconds.toFixed(1)} | ${peakMiB} |`,
    ),
    '',
    '| members | Graph requests | list read, s | rows read, s | slices cut, s |',
    '|---|---|---|---|---|',
    ...readers.map(
      ({ members: size, requests, listSeconds, rowsSeconds, slicesSeconds }) =>
        `| ${size} | ${requests} | ${listSeconds.toFixed(1)} | ${rowsSeconds.toFixed(1)} | ${slicesSeconds.toFixed(2)} |`,
    ),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
