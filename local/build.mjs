/**
 * Builds the Functions app: `node local/build.mjs [stamp] [--config FILE] [--out FOLDER]`.
 *
 * - `stamp` is kept in dist/.built-from.
 * - `--config` takes the place of writeback.config.ts: a TypeScript file inside this repository that exports `defineConfig({ … })` by
 *   default and imports by its own place (`../../shared/configuration/define-config.ts`).
 * - `--out` takes the place of dist/: a folder inside this repository (Node looks for packages above it), replaced as a whole.
 *
 * The compiler writes into a folder of its own, which then takes the place of the old one: a file that no longer has a source must
 * not be loaded by `main`'s glob, and of two builds at once none deletes what the other is writing. Before that the configuration
 * is loaded and checked; what is wrong with it is said at once and fails the build.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { config: { type: 'string' }, out: { type: 'string' } },
});
const [stamp] = positionals;
const target = values.out === undefined ? join(root, 'dist') : resolve(values.out);
const config = values.config === undefined ? undefined : insideRoot(values.config);

const beside = values.out === undefined ? join(root, '.local') : dirname(target);
mkdirSync(beside, { recursive: true, mode: 0o700 });
const folder = mkdtempSync(join(beside, values.out === undefined ? 'build-' : '.build-'));
try {
  process.exitCode = await build(join(folder, 'fresh'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function build(fresh) {
  const built = spawnSync(process.execPath, [tsc, '-p', project(), '--outDir', fresh], {
    cwd: root,
    stdio: 'inherit',
  });
  if (built.status !== 0) return built.status ?? 1;
  if (config !== undefined) {
    const compiled = config.replace(/\.ts$/, '.js');
    writeFileSync(join(fresh, 'writeback.config.js'), `export { default } from './${compiled}';\n`);
  }
  const problems = await problemsOf(fresh);
  if (problems !== undefined) {
    console.error(problems);
    return 1;
  }
  if (stamp !== undefined) writeFileSync(join(fresh, '.built-from'), stamp);
  replace(fresh);
  return 0;
}

/** Path from the root, with slashes: it is compiled to the same place. */
function insideRoot(path) {
  const inside = relative(root, resolve(path)).replaceAll('\\', '/');
  if (inside.startsWith('..') || isAbsolute(inside) || !inside.endsWith('.ts')) {
    throw new Error('--config must name a TypeScript file inside this repository');
  }
  return inside;
}

/** The build's own project file, with the other configuration where there is one. */
function project() {
  const usual = join(root, 'tsconfig.build.json');
  if (config === undefined) return usual;
  const file = join(folder, 'tsconfig.json');
  const include = ['functions', 'shared', 'writeback.config.ts'].map((name) => join(root, name));
  writeFileSync(file, JSON.stringify({ extends: usual, include, files: [join(root, config)] }));
  return file;
}

/** What is wrong with the configuration, in words; an app without one is not ours to judge (the compiler does). */
async function problemsOf(fresh) {
  const file = join(fresh, 'writeback.config.js');
  if (!existsSync(file)) return undefined;
  const { settingsFrom } = await import(
    pathToFileURL(join(fresh, 'shared/configuration/settings-from.js')).href
  );
  try {
    settingsFrom((await import(pathToFileURL(file).href)).default);
    return undefined;
  } catch (error) {
    if (error?.name === 'ConfigProblems') return error.message;
    return `writeback.config.ts cannot be loaded: ${error?.stack ?? error}`;
  }
}

/** Two renames, each in one step; where another build came in between, its folder is moved away as well. */
function replace(fresh) {
  for (let attempt = 1; ; attempt++) {
    try {
      renameSync(target, join(folder, `old-${attempt}`));
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
    try {
      return renameSync(fresh, target);
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST'].includes(error.code) || attempt === 10) throw error;
    }
  }
}
