/**
 * Builds the Functions app into dist/: `node local/build.mjs [stamp]`; the stamp is kept in dist/.built-from. The compiler writes
 * into a folder of its own, which then takes the place of dist/: a file that no longer has a source must not be loaded by `main`'s
 * glob, and of two builds at once none deletes what the other is writing.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const stamp = process.argv[2];

mkdirSync(join(root, '.local'), { recursive: true, mode: 0o700 });
const folder = mkdtempSync(join(root, '.local/build-'));
try {
  const fresh = join(folder, 'fresh');
  const built = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = built.status ?? 1;
  if (built.status === 0) {
    if (stamp !== undefined) writeFileSync(join(fresh, '.built-from'), stamp);
    replace(join(root, 'dist'), fresh, folder);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Two renames, each in one step; where another build came in between, its folder is moved away as well. */
function replace(target, fresh, aside) {
  for (let attempt = 1; ; attempt++) {
    try {
      renameSync(target, join(aside, `old-${attempt}`));
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
