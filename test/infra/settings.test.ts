import { beforeAll, describe, expect, it } from 'vitest';
import { type App, loadFunctions } from './app.ts';
import { settingProblems } from './setting-problems.ts';
import { appSettings, environments, readSnapshot, type Snapshot } from './snapshot.ts';

let app: App;
beforeAll(async () => {
  app = await loadFunctions();
});

/** The dev snapshot with a mistake in its settings. */
function planted(mistake: (settings: Record<string, string>) => void): Snapshot {
  const snapshot = readSnapshot('dev');
  mistake(appSettings(snapshot));
  return snapshot;
}

describe('the settings of the Functions app', () => {
  it.each(environments)('%s sets what the code and the host read, and nothing else', (environment) => {
    expect(settingProblems(readSnapshot(environment), app)).toEqual([]);
  });

  // One is optional: the code has the same default, it is set to be seen.
  const needed = Object.keys(appSettings(readSnapshot('dev'))).filter(
    (name) => name !== 'TELEMETRY_SAMPLING_RATIO',
  );

  it.each(needed)('%s cannot be left out unnoticed', (name) => {
    const snapshot = planted((settings) => {
      delete settings[name];
    });
    expect(settingProblems(snapshot, app)).not.toEqual([]);
  });

  it.each([
    ['a setting that nobody reads', { SWEEP_CRON: '0 0 * * * *' }, 'SWEEP_CRON is set, and nobody reads it'],
    ['a schedule that is none', { SWEEP_SCHEDULE: 'every five minutes' }, 'SWEEP_SCHEDULE is no schedule'],
    ['a secret', { CLIENT_STATE: 'x'.repeat(40) }, 'CLIENT_STATE is a secret: the app makes its own'],
    ['a value that the code refuses', { PAGES_IN_FLIGHT: '99' }, 'PAGES_IN_FLIGHT must be between 1 and 20'],
    [
      'a connection string beside the identity',
      { STATE: 'UseDevelopmentStorage=true' },
      'STATE and STATE__tableServiceUri exclude each other',
    ],
  ])('finds %s', (_, settings, problem) => {
    expect(
      settingProblems(
        planted((given) => Object.assign(given, settings)),
        app,
      ),
    ).toContain(problem);
  });
});
