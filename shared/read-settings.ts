import { type AppConfig, ConfigError, readConfig } from './config.ts';
import { ConfigProblems } from './configuration/config-problems.ts';
import type { WritebackConfig } from './configuration/define-config.ts';
import { settingsFrom } from './configuration/settings-from.ts';
import type { Settings } from './domain/settings.ts';

/** Both halves of what the app must be told. Throws one ConfigError that names everything that is wrong with either. */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
  writeback: WritebackConfig,
): { config: AppConfig; writeback: Settings } {
  const problems: string[] = [];
  const config = attempt(() => readConfig(environment), problems);
  const settings = attempt(() => settingsFrom(writeback), problems);
  if (config === undefined || settings === undefined) throw new ConfigError(problems);
  return { config, writeback: settings };
}

function attempt<T>(read: () => T, problems: string[]): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigError) problems.push(...error.problems);
    else if (error instanceof ConfigProblems) {
      problems.push(...error.problems.map((problem) => `writeback.config.ts: ${problem}`));
    } else throw error;
    return undefined;
  }
}
