import type { KeyObject } from 'node:crypto';
import { hostname } from 'node:os';
import { z } from 'zod';
import { publicKeyFrom } from './apply/seal-password.ts';
import { refusedExtra } from './guard/attribute-rules.ts';
import { newAccounts } from './plan/plan.ts';
import { readText, secretOf } from './secret-files.ts';

/** What may stand in a file instead. */
const secretNames = ['DIRECTORY_PASSWORD', 'SERVICEBUS'] as const;

/** Alerts count heartbeats by the minute (infra/modules/alerts.bicep): a slower relay would look silent. */
export const slowestBeatMs = 60_000;

const count = (fallback: number, least: number, most: number) =>
  z.coerce.number().int().min(least).max(most).default(fallback);
const text = z.string().min(1);
const flag = z.enum(['0', '1', 'false', 'true']).default('0');

const unit = z.string().regex(/^(OU|CN)=.+,DC=.+$/i, 'must be the DN of an OU');
const list = z
  .string()
  .default('')
  .transform((names) => names.split(',').flatMap((name) => name.trim() || []));

const environmentSchema = z.object({
  SERVICEBUS: text.optional(),
  SERVICEBUS__fullyQualifiedNamespace: text.optional(),
  SERVICEBUS__clientId: text.optional(),
  SERVICEBUS__transport: z.enum(['amqp', 'wss']).optional(),
  SERVICEBUS__endpoint: text.optional(),
  DIRECTORY_URL: z.string().regex(/^ldaps:\/\/[^/\s]+\/?$/i, 'must be ldaps://<name>[:port]'),
  DIRECTORY_CA_FILE: text.optional(),
  DIRECTORY_SERVER_NAME: text.optional(),
  DIRECTORY_BIND_NAME: text,
  DIRECTORY_PASSWORD: text,
  DIRECTORY_DESTINATION: unit,
  DIRECTORY_LEAVERS: unit.optional(),
  DIRECTORY_ACCEPTED_OWNERS: list.pipe(z.array(z.string().regex(/^S-1-(\d+-)+\d+$/, 'must be SIDs'))),
  DIRECTORY_EXTRA_ATTRIBUTES: list,
  DIRECTORY_TIMEOUT_MS: count(10_000, 500, 50_000),
  DIRECTORY_CONNECTIONS: count(4, 1, 32),
  RELAY_LANES: count(16, 1, 128),
  RELAY_LANE_IDLE_MS: count(1_000, 0, 30_000),
  RELAY_HEARTBEAT_MS: count(slowestBeatMs, 1_000, slowestBeatMs),
  RELAY_NAME: text.default(hostname()),
  RELAY_NEW_ACCOUNT: z.enum(newAccounts).default('random-password'),
  RELAY_PASSWORD_KEY_FILE: text.optional(),
  RELAY_UPN_SUFFIX: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i, 'must be a DNS name')
    .optional(),
  RELAY_STOP_ON_STDIN_END: flag,
  NODE_DEBUG: z
    .string()
    .default('')
    .refine((names) => !/ldapts|\*/i.test(names), 'prints passwords: unset it'),
});

export type RelayConfig = z.infer<typeof environmentSchema> & {
  directoryCa: string | undefined;
  /** What first passwords are sealed to. */
  passwordKey: KeyObject | undefined;
};

/** Every problem of the environment at once, by variable name and without values. */
export class ConfigProblems extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigProblems';
    this.problems = problems;
  }
}

type Environment = Record<string, string | undefined>;

/** The settings of the relay from its environment. Throws ConfigProblems. */
export function readConfig(environment: Environment): RelayConfig {
  const problems: string[] = [];
  const filled = { ...withoutEmpty(environment) };
  for (const name of secretNames) {
    const secret = secretOf(filled, name);
    // Wrong, it counts as set: its file is what is wrong, and one problem is enough.
    if ('problem' in secret) problems.push(secret.problem);
    filled[name] = 'problem' in secret ? 'unreadable' : secret.value;
  }
  const caFile = filled['DIRECTORY_CA_FILE'];
  const directoryCa = caFile === undefined ? undefined : readText(caFile);
  if (caFile !== undefined && directoryCa === undefined) problems.push('DIRECTORY_CA_FILE: cannot be read');
  const passwordKey = readPasswordKey(filled, problems);
  problems.push(...relations(filled));
  const parsed = environmentSchema.safeParse(filled);
  for (const { path, message } of parsed.error?.issues ?? [])
    problems.push(`${path.join('.')}: ${filled[String(path[0])] === undefined ? missing(message) : message}`);
  if (!parsed.success || problems.length > 0) throw new ConfigProblems(problems);
  return { ...parsed.data, directoryCa, passwordKey };
}

/** What the schema cannot see, because it is about several settings or about names of attributes. */
function relations(filled: Environment): string[] {
  const problems: string[] = [];
  const hasBus = filled['SERVICEBUS'] !== undefined;
  if (hasBus === (filled['SERVICEBUS__fullyQualifiedNamespace'] !== undefined))
    problems.push('SERVICEBUS: set either SERVICEBUS or SERVICEBUS__fullyQualifiedNamespace');
  const leavers = filled['DIRECTORY_LEAVERS']?.toLowerCase();
  if (leavers !== undefined && leavers === filled['DIRECTORY_DESTINATION']?.toLowerCase())
    problems.push('DIRECTORY_LEAVERS: must be another OU than DIRECTORY_DESTINATION');
  for (const name of (filled['DIRECTORY_EXTRA_ATTRIBUTES'] ?? '').split(',')) {
    const refused = name.trim() === '' ? undefined : refusedExtra(name.trim());
    if (refused === 'not a name')
      problems.push('DIRECTORY_EXTRA_ATTRIBUTES: must be LDAP names, comma-separated');
    // The name of an attribute is no secret, and without it nobody knows which one is meant.
    else if (refused !== undefined)
      problems.push(`DIRECTORY_EXTRA_ATTRIBUTES: ${name.trim()} is never written`);
  }
  return problems;
}

/** The key is needed where passwords are sealed, and a mistake anywhere else: it would promise what nobody does. */
function readPasswordKey(filled: Environment, problems: string[]): KeyObject | undefined {
  const name = 'RELAY_PASSWORD_KEY_FILE';
  const file = filled[name];
  const isSealed = filled['RELAY_NEW_ACCOUNT'] === 'sealed-password';
  if (file === undefined) {
    if (isSealed) problems.push(`${name}: is required with RELAY_NEW_ACCOUNT=sealed-password`);
    return undefined;
  }
  if (!isSealed) problems.push(`${name}: is for RELAY_NEW_ACCOUNT=sealed-password only`);
  const pem = readText(file);
  const key = pem === undefined ? 'cannot be read' : publicKeyFrom(pem);
  if (typeof key !== 'string') return key;
  problems.push(`${name}: ${key}`);
  return undefined;
}

/** The effective configuration for the log: names and sizes, secrets only as present or absent. */
export function redactedConfig(config: RelayConfig): Record<string, unknown> {
  const { directoryCa, passwordKey: _key, NODE_DEBUG: _debug, ...rest } = config;
  return {
    ...rest,
    ...(rest.SERVICEBUS === undefined ? {} : { SERVICEBUS: '(set)' }),
    DIRECTORY_PASSWORD: '(set)',
    DIRECTORY_CA_FILE: directoryCa === undefined ? 'authorities of Node' : rest.DIRECTORY_CA_FILE,
  };
}

function withoutEmpty(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

/** zod says "expected string, received undefined" of a missing variable. */
function missing(message: string): string {
  return message.startsWith('Invalid input') ? 'is required' : message;
}
