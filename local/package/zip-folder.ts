import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';

/** A zip keeps local times without a zone: made and written by the same clock, this one is the same everywhere. */
const always = new Date(2000, 0, 1);

/** A folder as a zip, its files at the root: the same bytes for the same files, whoever packs them and when. */
export function zipFolder(folder: string): Uint8Array {
  const names = globSync('**', { cwd: folder })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
  const files: Zippable = {};
  for (const name of names) files[name] = readFileSync(join(folder, name));
  return zipSync(files, { level: 9, mtime: always });
}
