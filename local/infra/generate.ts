import { copyFileSync, cpSync, existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Compiler } from './find-compiler.ts';
import { compilerEnvironment, deployment } from './placeholders.ts';
import { type Ran, runProgram } from './run-program.ts';
import { type Diagnostic, readSarif } from './sarif.ts';

/** The types of the Graph extension cannot be had: neither from its registry nor from a folder beside this repository. */
export class NoExtension extends Error {}

/** The compiler failed without a diagnostic. */
class CompilerFailed extends Error {}

const howToGetTypes =
  'The types of the Microsoft Graph extension cannot be had: mcr.microsoft.com cannot be reached, and shared/bicep is not beside this repository.';
const mainFile = 'main.bicep';
const offlineTypes = 'microsoft-graph-v1.0-1.0.0.tgz';

/**
 * Fills `copy` with everything that belongs into `folder`: the sources as the compiler formats them, the ARM JSON, and a snapshot per
 * parameter file. Answers with every diagnostic. Where the compiler ends early, what it did not get to stays as it was.
 *
 * It works on a copy, because the compiler formats and writes in place, and because it takes the types of the Graph extension from
 * the first of `typesFolders` that has them: bicepconfig.json then names that file instead of the public
 * registry. The JSON is the same either way; it names the extension and its version, not where its types came from.
 */
export async function generate(
  compiler: Compiler,
  folder: string,
  copy: string,
  typesFolders: readonly string[],
): Promise<Diagnostic[]> {
  cpSync(folder, copy, { recursive: true });
  const bicep = bicepIn(compiler, copy);
  await mustRun(bicep, ['format', '--pattern', '**/*.bicep']);
  await mustRun(bicep, ['format', '--pattern', '*.bicepparam']);
  takeTypesFrom(typesFolders, copy);
  const sarif = ['--diagnostics-format', 'sarif'];
  const [built, ...linted] = await Promise.all([
    bicep('build', mainFile, '--outfile', 'main.json', ...sarif),
    bicep('lint', '--pattern', '**/*.bicep', ...sarif),
    bicep('lint', '--pattern', '*.bicepparam', ...sarif),
  ]);
  const diagnostics = [...readSarif(built.stderr), ...linted.flatMap(({ stdout }) => readSarif(stdout))];
  if (diagnostics.some(({ rule }) => rule === 'BCP192')) throw new NoExtension(howToGetTypes);
  if (built.code === 0) await Promise.all(parameterFiles(copy).map((file) => snapshot(bicep, copy, file)));
  return unique(diagnostics);
}

/** A build and a lint of the same file find the same. */
const unique = (diagnostics: Diagnostic[]): Diagnostic[] => [
  ...new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values(),
];

/** Runs the compiler in a folder. */
type Bicep = (...args: string[]) => Promise<Ran>;

function bicepIn(compiler: Compiler, folder: string): Bicep {
  const env = compilerEnvironment(process.env);
  return async (...args) => {
    const ran = await runProgram(compiler.path, args, { cwd: folder, env });
    if (ran === undefined) throw new CompilerFailed(`${compiler.path} is gone`);
    return ran;
  };
}

const parameterFiles = (folder: string): string[] => globSync('*.bicepparam', { cwd: folder }).toSorted();

const snapshotOf = (parameterFile: string): string =>
  parameterFile.replace(/\.bicepparam$/, '.snapshot.json');

/** The compiler writes the outputs in another order every time: here they are sorted, so that equal is equal. */
async function snapshot(bicep: Bicep, copy: string, parameterFile: string): Promise<void> {
  await mustRun(bicep, ['snapshot', parameterFile, ...deployment]);
  const file = join(copy, snapshotOf(parameterFile));
  const { outputs = {}, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as { outputs?: object };
  const sorted = Object.fromEntries(Object.entries(outputs).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, JSON.stringify({ ...rest, outputs: sorted }, null, 2));
}

async function mustRun(bicep: Bicep, args: string[]): Promise<void> {
  const ran = await bicep(...args);
  if (ran.code !== 0) throw new CompilerFailed(`bicep ${args[0]}: ${ran.stderr || ran.stdout}`);
}

/** Makes the copy take the types of the Graph extension from a file, where there is one. */
export function takeTypesFrom(typesFolders: readonly string[], copy: string): void {
  const types = typesFolders.map((folder) => join(folder, offlineTypes)).find((file) => existsSync(file));
  if (types === undefined) return;
  copyFileSync(types, join(copy, offlineTypes));
  const file = join(copy, 'bicepconfig.json');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(/"br:[^"]*microsoftgraph[^"]*"/, `"./${offlineTypes}"`),
  );
}
