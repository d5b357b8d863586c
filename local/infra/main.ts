import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { type Change, changesBetween, linesOf, writeChanges } from './compare.ts';
import { type Compiler, findCompiler, NoCompiler } from './find-compiler.ts';
import { generate, NoExtension } from './generate.ts';
import { snapshotDifferences, templateDifferences } from './json-differences.ts';
import type { Diagnostic } from './sarif.ts';
import { typesFolders } from './types-folders.ts';

/**
 * `npm run infra`: formats the Bicep sources in infra/, compiles and lints them with every rule on, and writes what is committed beside
 * them: main.json (the ARM template) and a snapshot per parameter file (what would be deployed). `--check` writes nothing and fails
 * where a file differs from what the sources give. Any diagnostic fails either way.
 */
const root = join(import.meta.dirname, '..', '..');

type Options = { check?: boolean; json?: boolean; folder: string; cache: string };

const options = new Command('npm run infra --')
  .description('Formats, compiles, lints and snapshots infra/ with the pinned Bicep compiler.')
  .option('--check', 'write nothing; fail where a file is not what the compiler makes of the sources')
  .option('--folder <path>', 'another folder than infra/', join(root, 'infra'))
  .option('--cache <path>', 'where a restored compiler is kept', join(root, '.local', 'bicep'))
  .option('--json', 'print one JSON object instead of sentences')
  .addHelpText(
    'after',
    `
The compiler is \`bicep\` on the PATH, if it has the version that infra/bicep.csproj pins; else dotnet restores it from NuGet.
Exit code: 0 all is well, 1 diagnostics or differences, 2 it could not be done, 3 there is no compiler here (with
WRITEBACK_INFRA=required in the environment: 1).`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse()
  .opts<Options>();

process.exitCode = await main().catch((error: unknown) => {
  const isMissing = error instanceof NoCompiler || error instanceof NoExtension;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (!isMissing) return 2;
  return process.env['WRITEBACK_INFRA'] === 'required' ? 1 : 3;
});

type Outcome = { compiler: Compiler; diagnostics: Diagnostic[]; changes: Change[]; details: string[] };

async function main(): Promise<number> {
  const folder = resolve(options.folder);
  const compiler = await findCompiler(join(folder, 'bicep.csproj'), resolve(options.cache));
  const scratch = mkdtempSync(join(tmpdir(), 'wb-infra-'));
  try {
    const copy = join(scratch, 'infra');
    const diagnostics = await generate(compiler, folder, copy, await typesFolders(root));
    const found = changesBetween(folder, copy);
    const isCheck = options.check === true;
    const details = isCheck ? detailsOf(folder, found) : [];
    const changes = isCheck ? found : writeChanges(folder, found);
    print({ compiler, diagnostics, changes, details });
    return diagnostics.length > 0 || (isCheck && changes.length > 0) ? 1 : 0;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function detailsOf(folder: string, changes: readonly Change[]): string[] {
  return changes.flatMap((change) => [
    `${basename(folder)}/${change.file} is not what the sources give:`,
    ...differencesOf(change),
  ]);
}

function differencesOf(change: Change): string[] {
  const { file, now, wanted } = change;
  if (now === undefined || !file.endsWith('.json')) return linesOf(change);
  return file.endsWith('.snapshot.json')
    ? snapshotDifferences(now, wanted)
    : templateDifferences(now, wanted);
}

function print({ compiler, diagnostics, changes, details }: Outcome): void {
  if (options.json === true) {
    const files = changes.map(({ file }) => file);
    process.stdout.write(`${JSON.stringify({ compiler, diagnostics, changes: files, details })}\n`);
    return;
  }
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  for (const { file, line, level, rule, text } of diagnostics)
    say(`${file}:${line} ${level} ${rule}: ${text}`);
  details.forEach(say);
  if (options.check !== true) for (const { file } of changes) say(`written: ${file}`);
  else if (changes.length > 0) say('npm run infra brings the files up to date.');
  say(
    `Bicep ${compiler.version} (${compiler.from}): ${diagnostics.length} diagnostics, ${changes.length} files ${options.check === true ? 'differ' : 'written'}`,
  );
}
