import { readFile, writeFile } from 'node:fs/promises';
import type { Settings } from './settings.ts';

/** The setting that tells our file from one that somebody wrote by hand. */
const mark = 'WRITEBACK_LOCAL_STACK';

/**
 * Writes local.settings.json for `func start` or a debugger: the settings that the stack's own host would get. Throws where
 * the file exists and is not one of ours.
 */
export async function writeLocalSettings(
  file: string,
  options: { settings: Settings; port: number; storage: string; folder: string },
): Promise<void> {
  if (await isForeign(file)) {
    throw new Error(`${file} exists and was not written by this command: move it away to use --no-host`);
  }
  const content = {
    IsEncrypted: false,
    Values: {
      FUNCTIONS_WORKER_RUNTIME: 'node',
      AzureWebJobsStorage: options.storage,
      ...options.settings,
      [mark]: options.folder,
    },
    Host: { LocalHttpPort: options.port },
  };
  await writeFile(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
}

async function isForeign(file: string): Promise<boolean> {
  try {
    return !(await readFile(file, 'utf8')).includes(`"${mark}"`);
  } catch {
    return false;
  }
}
