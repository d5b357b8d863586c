import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Registry } from './functions-core.ts';

/** An app that cannot start: the message is meant for people. */
export class AppError extends Error {
  override readonly name = 'AppError';
}

/**
 * Loads every file that package.json's `main` (a path or a glob) matches, as the worker does, ESM or CommonJS alike.
 * Throws AppError where nothing matches, a file throws, or nothing was registered: such an app does not start.
 */
export async function loadApp(appDir: string, registry: Registry): Promise<void> {
  const main = mainOf(appDir);
  const files = globSync(main, { cwd: appDir }).sort();
  if (files.length === 0) {
    throw new AppError(`no file matches "main" of package.json ("${main}" in ${appDir}): is the app built?`);
  }
  for (const file of files) {
    try {
      await import(pathToFileURL(join(appDir, file)).href);
    } catch (error) {
      throw new AppError(`${file} threw while it was loaded: ${describe(error)}`, { cause: error });
    }
  }
  if (registry.model === undefined || registry.functions.size === 0) {
    throw new AppError(`no function was registered by ${files.join(', ')}`);
  }
  registry.sealed = true;
  await registry.model.getCapabilities({});
}

function mainOf(appDir: string): string {
  const file = join(appDir, 'package.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new AppError(`${file} cannot be read`);
  }
  const { main } = JSON.parse(text) as { main?: unknown };
  if (typeof main !== 'string') throw new AppError(`${file} has no "main"`);
  return main;
}

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
