import { parseSchedule } from '../../local/host/ncrontab.ts';
import { type AppConfig, ConfigError, readConfig, settingNames } from '../../shared/config.ts';
import { readTelemetrySettings } from '../../shared/telemetry/settings.ts';
import { type App, connectionsOf, settingsOfHost } from './app.ts';
import { appSettings, type Snapshot } from './snapshot.ts';

/**
 * What the Functions host reads by itself, and nobody else. F.4 of the protocol facts; the flag keeps diagnostic events out of tables,
 * for which the identity has no right on that account.
 */
const hostNames = [
  'AzureWebJobsStorage__blobServiceUri',
  'AzureWebJobsStorage__credential',
  'AzureWebJobsStorage__clientId',
  'AzureWebJobsFeatureFlags',
  'APPLICATIONINSIGHTS_CONNECTION_STRING',
  'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
];

/** Every setting that somebody reads is set, with a value that its reader takes, and none is set in vain. */
export function settingProblems(snapshot: Snapshot, app: App): string[] {
  const settings = appSettings(snapshot);
  const ofTriggers = [
    ...settingsOfHost(app),
    ...connectionsOf(app).flatMap((name) => [
      `${name}__fullyQualifiedNamespace`,
      `${name}__credential`,
      `${name}__clientId`,
    ]),
  ];
  const needed = [...hostNames, ...ofTriggers];
  const known = new Set([...needed, ...settingNames]);
  return [
    ...needed.filter((name) => !settings[name]).map((name) => `${name} is not set, and the host reads it`),
    ...Object.keys(settings).flatMap((name) =>
      known.has(name) ? [] : `${name} is set, and nobody reads it`,
    ),
    ...settingsOfHost(app).flatMap((name) => scheduleProblems(name, settings[name])),
    ...configProblems(deployed(settings)),
  ];
}

function scheduleProblems(name: string, schedule: string | undefined): string[] {
  if (schedule === undefined) return [];
  try {
    parseSchedule(schedule);
    return [];
  } catch {
    return [`${name} is no schedule`];
  }
}

/** The product itself judges the settings. Its identity is user-assigned, so every connection has to name it. */
function configProblems(settings: Record<string, string>): string[] {
  let config: AppConfig;
  try {
    config = readConfig(settings);
  } catch (error) {
    if (error instanceof ConfigError) return [...error.problems];
    throw error;
  }
  const { bus, tables, graph, clientState } = config;
  const telemetry = readTelemetrySettings(settings);
  return [
    ...telemetry.problems,
    ...('clientId' in bus && bus.clientId ? [] : ['Service Bus is not used with the identity']),
    ...('clientId' in tables && tables.clientId ? [] : ['the tables are not used with the identity']),
    ...(graph.clientId ? [] : ['Graph is not used with the identity']),
    ...(telemetry.settings?.entra?.clientId ? [] : ['telemetry is not sent with the identity']),
    ...(clientState === undefined ? [] : ['CLIENT_STATE is a secret: the app makes its own']),
  ];
}

/** What an expression could become, by its end. */
const plausible: readonly (readonly [RegExp, string])[] = [
  [/\.primaryEndpoints\.blob$/, 'https://host.blob.core.windows.net/'],
  [/\.primaryEndpoints\.table$/, 'https://state.table.core.windows.net/'],
  [/\.clientId$/, '22222222-2222-2222-2222-222222222222'],
  [/\.serviceBusEndpoint, '\/\/'\)\[1\], ':'\)\[0\]$/, 'ns.servicebus.windows.net'],
  [/\.ConnectionString$/, 'InstrumentationKey=33333333-3333-3333-3333-333333333333'],
  [/\.defaultHostName$/, 'app.azurewebsites.net'],
];

/** The settings as a deployment would leave them: every expression is replaced. Throws where one has no known end. */
function deployed(settings: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, evaluated(value)]));
}

function evaluated(value: string): string {
  const expression = /^\[(.*)\]$/s.exec(value)?.[1];
  if (expression === undefined) return value;
  const [, format, argument] = /^format\('([^']*)', (.*)\)$/s.exec(expression) ?? [];
  if (format !== undefined && argument !== undefined)
    return format.replace('{0}', evaluated(`[${argument}]`));
  const known = plausible.find(([end]) => end.test(expression))?.[1];
  if (known === undefined) throw new Error(`nobody knows what becomes of ${expression}`);
  return known;
}
