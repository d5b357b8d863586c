import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import type { Verdict } from './compare.ts';
import { CannotVerify, readEndpoints } from './endpoints.ts';
import { reportLines, withoutValues } from './report.ts';
import { verifyWithin } from './verify.ts';

/** `npm run verify`: compares AD with the tenant of the running stack. Exit 0: the same; 1: differences; 2: it cannot tell. */
const defaultFolder = fileURLToPath(new URL('../../.local', import.meta.url));

type Options = { wait: number; json?: boolean; values?: boolean; folder: string };

const command = new Command('npm run verify --')
  .description(
    'Reads the tenant over Graph and AD over LDAP, both anew, and compares them attribute by attribute and member by member.',
  )
  .option('--wait <seconds>', 'look every 2 s until nothing differs, for at most this long', seconds, 0)
  .option('--json', 'print one JSON object instead of sentences')
  .option('--values', 'show what was expected and what AD has: personal data, for your eyes only')
  .option('--folder <path>', 'folder of the running stack', defaultFolder)
  .addHelpText('after', '\nExit code: 0 no difference, 1 differences, 2 the comparison could not be made.')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError('seconds, a number from 0');
  return value;
}

async function main(): Promise<number> {
  const { wait, json = false, values = false, folder } = command.parse().opts<Options>();
  const say = (line: string) => void (json || process.stderr.write(`${line}\n`));
  const verification = { endpoints: await readEndpoints(join(folder, 'endpoints.json')), folder };
  const verdict = await verifyWithin(verification, wait * 1_000, (look) => say(progress(look)));
  print(verdict, { json, values });
  return verdict.differences.length === 0 ? 0 : 1;
}

const progress = (look: Verdict | Error): string =>
  look instanceof Error ? `not yet: ${look.message}` : `not yet: ${look.differences.length} differences`;

function print(verdict: Verdict, { json, values }: { json: boolean; values: boolean }): void {
  const { compared, counts } = verdict;
  const differences = values ? verdict.differences : verdict.differences.map(withoutValues);
  const lines = json
    ? [JSON.stringify({ ...counts, compared, differences })]
    : reportLines(verdict, { values });
  for (const line of lines) process.stdout.write(`${line}\n`);
}

process.exitCode = await main().catch((error: unknown) => {
  const isExpected = error instanceof CannotVerify;
  const reason =
    error instanceof Error ? (isExpected ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`Cannot compare. ${reason}\n`);
  return 2;
});
