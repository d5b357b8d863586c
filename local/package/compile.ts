import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../stack/part-plan.ts';
import { PackageError } from './package-error.ts';

/** Where the compiled sources of the two processes are. */
export type Compiled = { functions: string; relay: string };

/**
 * Compiles both processes into `scratch`, a folder of this repository (packages are looked for above it). What is bundled is what
 * the compiler has checked, and the configuration was loaded and judged: local/build.mjs does it, as for the local stack.
 * Throws PackageError with the words of the compiler or of the configuration.
 */
export function compile(scratch: string, config: string | undefined): Compiled {
  const functions = join(scratch, 'app');
  const chosen = config === undefined ? [] : ['--config', config];
  run([join(repositoryRoot, 'local/build.mjs'), '--out', functions, ...chosen]);
  const relay = join(scratch, 'relay');
  run([
    join(repositoryRoot, 'node_modules/typescript/bin/tsc'),
    '-p',
    relayProject(scratch),
    '--outDir',
    relay,
  ]);
  return { functions, relay };
}

function relayProject(scratch: string): string {
  mkdirSync(scratch, { recursive: true });
  const file = join(scratch, 'tsconfig.relay.json');
  const include = [join(repositoryRoot, 'relay')];
  const compilerOptions = { rootDir: repositoryRoot, sourceMap: false };
  const project = { extends: join(repositoryRoot, 'tsconfig.build.json'), compilerOptions, include };
  writeFileSync(file, JSON.stringify(project));
  return file;
}

function run(args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: repositoryRoot,
    encoding: 'utf8',
  });
  if (status !== 0) throw new PackageError(`${stdout}${stderr}`.trim());
}
