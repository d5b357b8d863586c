import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { repositoryRoot } from '../stack/part-plan.ts';

/** What `npm run package` was asked for. */
export type PackageOptions = {
  /** Absolute; nothing but a package is or comes to be in it. */
  out: string;
  /** A file in place of writeback.config.ts; undefined for none. */
  config: string | undefined;
  /** Nothing but one line of JSON on standard output. */
  json: boolean;
};

/** What is written into the folder, in the order of what a person looks for. */
export const packageEntries = ['functions.zip', 'functions', 'relay.mjs', 'THIRD-PARTY-NOTICES.txt'] as const;

/** Reads the command line; a wrong one ends the process with code 2, `--help` with 0. */
export function packageOptions(args: readonly string[]): PackageOptions {
  const command = new Command('npm run package --')
    .description(
      'Makes what is deployed: the Functions app as a folder and as a zip, and the relay as one file. Neither needs node_modules.',
    )
    .option('--out <folder>', 'where to', '.package')
    .option('--config <file>', 'another file of this repository in place of writeback.config.ts')
    .option('--json', 'one line of JSON with paths, sizes and sums instead of progress')
    .addHelpText(
      'after',
      '\nExit code: 0 made; 1 something does not compile or fit together; 2 wrong options.',
    )
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  const given = command
    .parse([...args], { from: 'user' })
    .opts<{ out: string; config?: string; json?: boolean }>();
  const out = resolve(given.out);
  const stranger = strangerIn(out);
  if (stranger !== undefined)
    command.error(`--out ${given.out} has something else in it (${stranger}): it would not be replaced`);
  return { out, config: given.config, json: given.json === true };
}

/** A folder is replaced as a whole: only one that holds a package, or nothing. */
function strangerIn(folder: string): string | undefined {
  if (resolve(folder) === repositoryRoot) return 'this repository';
  if (!existsSync(folder)) return undefined;
  const entries = readdirSync(folder);
  if (existsSync(join(folder, 'functions', 'compose.ts'))) return 'functions/compose.ts';
  return entries.find((name) => !packageEntries.some((entry) => entry === name));
}
