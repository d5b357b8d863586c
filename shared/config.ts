import { z } from 'zod';
import { type DurationMs, durationMs } from './domain/time.ts';
import type { ReaderSettings } from './reading/reader-deps.ts';
import { telemetrySettingNames } from './telemetry/settings.ts';

/** How to reach the namespace: by connection string, or by name with this process's identity. */
export type BusSettings = { transport: 'amqp' | 'wss' } & (
  | { connectionString: string }
  | { fullyQualifiedNamespace: string; clientId: string | undefined }
);

/** Where the tables are: a storage connection string, or the table endpoint with this process's identity. */
export type TablesSettings =
  | { connectionString: string }
  | { tableServiceUri: string; clientId: string | undefined };

/** What the Functions app needs to know. Secrets in it: `bus`, `tables` (connection strings), both URLs (their query), `clientState`. */
export type AppConfig = {
  bus: BusSettings;
  tables: TablesSettings;
  graph: { baseUrl: string; clientId: string | undefined };
  notificationUrl: string;
  lifecycleUrl: string;
  /** Undefined: the app makes its own (receiving/client-state.ts). */
  clientState: string | undefined;
  /** How far ahead subscriptions are made to expire. */
  subscriptionLifetimeMs: DurationMs;
  reader: ReaderSettings;
};

/** Every problem of the settings at once, by variable name, without values. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`settings are missing or wrong:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const maxLifetimeMinutes = 41_000;

const optional = z.string().optional();
const url = z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' });
const httpsUrl = z.url({
  protocol: /^https$/,
  error: 'must be an https URL (the Graph client sends no token over http)',
});
/** A number of milliseconds, or of whatever the name says; zero is allowed for spans. */
const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be between ${min} and ${max}`);
const span = whole(0, 30 * 86_400_000).transform(durationMs);
const spans = z
  .string()
  .regex(/^\d+(,\s*\d+)*$/, 'must be whole numbers of milliseconds with commas between them')
  .transform((text) => text.split(',').map((one) => durationMs(Number(one))));

/** The schedules are read by the host alone (`%NAME%`); they are named here so that a missing one is reported with the rest. */
const settingsSchema = z.object({
  SERVICEBUS: optional,
  SERVICEBUS__fullyQualifiedNamespace: optional,
  SERVICEBUS__clientId: optional,
  SERVICEBUS__transport: z.enum(['amqp', 'wss'], 'must be amqp or wss').optional(),
  STATE: optional,
  STATE__tableServiceUri: url.optional(),
  STATE__clientId: optional,
  GRAPH_BASE_URL: httpsUrl.default('https://graph.microsoft.com/v1.0'),
  GRAPH_CLIENT_ID: optional,
  NOTIFICATION_URL: url.optional(),
  LIFECYCLE_URL: url.optional(),
  CLIENT_STATE: z
    .string()
    .min(32, 'must have 32 to 128 characters')
    .max(128, 'must have 32 to 128 characters')
    .optional(),
  SWEEP_SCHEDULE: z.string(),
  SUBSCRIPTION_SCHEDULE: z.string(),
  STOCK_SCHEDULE: z.string(),
  SUBSCRIPTION_MINUTES: whole(45, maxLifetimeMinutes).default(maxLifetimeMinutes),
  SECOND_LOOK_MS: span.default(durationMs(60_000)),
  LOOK_AGAIN_MS: spans.default([2_000, 15_000, 60_000, 300_000].map(durationMs)),
  REPEAT_MEMBERS_MS: span.default(durationMs(900_000)),
  PARK_MS: spans.default([60_000, 300_000, 3_600_000, 21_600_000, 86_400_000].map(durationMs)),
  READER_BUDGET_MS: whole(1_000, 240_000).transform(durationMs).default(durationMs(120_000)),
  PAGES_IN_FLIGHT: whole(1, 20).default(3),
});
type Settings = z.infer<typeof settingsSchema>;
const ownNames: readonly string[] = Object.keys(settingsSchema.shape);
/** Everything that the app reads. Those of telemetry are read for themselves: a mistake in them must not stop the app. */
export const settingNames: readonly string[] = [...ownNames, ...telemetrySettingNames];

/** Reads the settings from the environment; an empty one counts as absent. Throws ConfigError. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): AppConfig {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => ownNames.includes(name) && value?.trim()),
  );
  const outcome = settingsSchema.safeParse(given);
  const problems = [
    ...(outcome.error?.issues.map((issue) => problemOf(issue, given)) ?? []),
    ...oneOf(given, 'SERVICEBUS', 'SERVICEBUS__fullyQualifiedNamespace'),
    ...oneOf(given, 'STATE', 'STATE__tableServiceUri'),
  ];
  const urls = publicUrls(given, environment['WEBSITE_HOSTNAME']);
  if ('problems' in urls) problems.push(...urls.problems);
  if (!outcome.success || problems.length > 0 || 'problems' in urls) throw new ConfigError(problems);
  return configOf(outcome.data, urls);
}

function problemOf(issue: z.core.$ZodIssue, given: Record<string, string | undefined>): string {
  const name = String(issue.path[0]);
  return given[name] === undefined ? `${name} is missing` : `${name} ${issue.message}`;
}

function oneOf(given: Record<string, string | undefined>, a: string, b: string): string[] {
  const isGiven = [a, b].filter((name) => given[name] !== undefined);
  if (isGiven.length === 1) return [];
  return [isGiven.length === 0 ? `${a} or ${b} is missing` : `${a} and ${b} exclude each other`];
}

type PublicUrls = Pick<AppConfig, 'notificationUrl' | 'lifecycleUrl'>;

/** Azure says under which name it publishes the app; `func start` says so too, but nobody reaches that one from outside. */
function publicUrls(
  given: Record<string, string | undefined>,
  hostname = '',
): PublicUrls | { problems: string[] } {
  const base =
    hostname === '' || /^localhost\b/i.test(hostname) ? undefined : `https://${hostname}/api/graph`;
  const notificationUrl = given['NOTIFICATION_URL'] ?? (base && `${base}/notifications`);
  const lifecycleUrl = given['LIFECYCLE_URL'] ?? (base && `${base}/lifecycle`);
  if (notificationUrl !== undefined && lifecycleUrl !== undefined) return { notificationUrl, lifecycleUrl };
  const missing = Object.entries({ NOTIFICATION_URL: notificationUrl, LIFECYCLE_URL: lifecycleUrl });
  return {
    problems: missing.flatMap(([name, value]) =>
      value === undefined ? [`${name} is missing (only in Azure it follows from the name of the app)`] : [],
    ),
  };
}

function configOf(settings: Settings, urls: PublicUrls): AppConfig {
  return {
    bus: busOf(settings),
    tables: tablesOf(settings),
    graph: { baseUrl: settings.GRAPH_BASE_URL, clientId: settings.GRAPH_CLIENT_ID },
    ...urls,
    clientState: settings.CLIENT_STATE,
    subscriptionLifetimeMs: durationMs(settings.SUBSCRIPTION_MINUTES * 60_000),
    reader: {
      secondLookMs: settings.SECOND_LOOK_MS,
      lookAgainMs: settings.LOOK_AGAIN_MS,
      repeatMembersMs: settings.REPEAT_MEMBERS_MS,
      parkMs: settings.PARK_MS,
      budgetMs: settings.READER_BUDGET_MS,
      pagesInFlight: settings.PAGES_IN_FLIGHT,
    },
  };
}

function busOf(settings: Settings): BusSettings {
  const { SERVICEBUS, SERVICEBUS__fullyQualifiedNamespace: fullyQualifiedNamespace } = settings;
  if (SERVICEBUS !== undefined) {
    return { connectionString: SERVICEBUS, transport: settings.SERVICEBUS__transport ?? 'amqp' };
  }
  return {
    fullyQualifiedNamespace: fullyQualifiedNamespace ?? '',
    clientId: settings.SERVICEBUS__clientId,
    transport: settings.SERVICEBUS__transport ?? 'wss',
  };
}

function tablesOf({ STATE, STATE__tableServiceUri, STATE__clientId }: Settings): TablesSettings {
  if (STATE !== undefined) return { connectionString: STATE };
  return { tableServiceUri: STATE__tableServiceUri ?? '', clientId: STATE__clientId };
}

const redacted = '(set)';

/** The configuration as it may be logged: secrets are replaced, URLs lose their query. */
export function redactedConfig(config: AppConfig): Record<string, unknown> {
  return {
    ...config,
    bus: 'connectionString' in config.bus ? { ...config.bus, connectionString: redacted } : config.bus,
    tables: 'connectionString' in config.tables ? { connectionString: redacted } : config.tables,
    notificationUrl: withoutQuery(config.notificationUrl),
    lifecycleUrl: withoutQuery(config.lifecycleUrl),
    clientState: config.clientState === undefined ? 'our own' : redacted,
  };
}

function withoutQuery(text: string): string {
  const { origin, pathname } = new URL(text);
  return `${origin}${pathname}`;
}
