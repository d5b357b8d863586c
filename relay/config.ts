import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';

/** A setting that may stand in a file instead: `NAME_FILE` holds its path. A trailing line feed is not part of it. */
const secretFiles = ['DIRECTORY_PASSWORD', 'SERVICEBUS'] as const;

const count = (fallback: number, least: number, most: number) =>
  z.coerce.number().int().min(least).max(most).default(fallback);
const text = z.string().min(1);
const flag = z.enum(['0', '1', 'false', 'true']).default('0');

const environmentSchema = z
  .object({
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
    DIRECTORY_DESTINATION: z.string().regex(/^(OU|CN)=.+,DC=.+$/i, 'must be the DN of an OU'),
    DIRECTORY_ACCEPTED_OWNERS: z
      .string()
      .default('')
      .transform((list) => list.split(',').flatMap((sid) => sid.trim() || []))
      .pipe(z.array(z.string().regex(/^S-1-(\d+-)+\d+$/, 'must be SIDs'))),
    DIRECTORY_TIMEOUT_MS: count(10_000, 500, 50_000),
    DIRECTORY_CONNECTIONS: count(4, 1, 32),
    RELAY_LANES: count(16, 1, 128),
    RELAY_LANE_IDLE_MS: count(1_000, 0, 30_000),
    RELAY_NAME: text.default(hostname()),
    RELAY_STOP_ON_STDIN_END: flag,
    NODE_DEBUG: z
      .string()
      .default('')
      .refine((names) => !/ldapts|\*/i.test(names), 'prints passwords: unset it'),
  })
  .superRefine((settings, context) => {
    const named = settings.SERVICEBUS !== undefined;
    const byNamespace = settings.SERVICEBUS__fullyQualifiedNamespace !== undefined;
    if (named === byNamespace)
      context.addIssue({
        code: 'custom',
        path: ['SERVICEBUS'],
        message: 'set either SERVICEBUS or SERVICEBUS__fullyQualifiedNamespace',
      });
  });

export type RelayConfig = z.infer<typeof environmentSchema> & { directoryCa: string | undefined };

/** Every problem of the environment at once, by variable name and without values. */
export class ConfigProblems extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigProblems';
    this.problems = problems;
  }
}

/** The settings of the relay from its environment. Throws ConfigProblems. */
export function readConfig(environment: Record<string, string | undefined>): RelayConfig {
  const problems: string[] = [];
  const filled = { ...withoutEmpty(environment) };
  for (const name of secretFiles) {
    const path = filled[`${name}_FILE`];
    if (path === undefined) continue;
    if (filled[name] !== undefined) problems.push(`${name}: set it or ${name}_FILE, not both`);
    else filled[name] = readText(path)?.replace(/\r?\n$/, '') ?? fileProblem(problems, `${name}_FILE`);
  }
  const caFile = filled['DIRECTORY_CA_FILE'];
  const directoryCa = caFile === undefined ? undefined : readText(caFile);
  if (caFile !== undefined && directoryCa === undefined) fileProblem(problems, 'DIRECTORY_CA_FILE');
  const parsed = environmentSchema.safeParse(filled);
  for (const { path, message } of parsed.error?.issues ?? [])
    problems.push(`${path.join('.')}: ${filled[String(path[0])] === undefined ? missing(message) : message}`);
  if (!parsed.success || problems.length > 0) throw new ConfigProblems(problems);
  return { ...parsed.data, directoryCa };
}

/** The effective configuration for the log: names and sizes, secrets only as present or absent. */
export function redactedConfig(config: RelayConfig): Record<string, unknown> {
  const { directoryCa, NODE_DEBUG: _, ...rest } = config;
  return {
    ...rest,
    ...(rest.SERVICEBUS === undefined ? {} : { SERVICEBUS: '(set)' }),
    DIRECTORY_PASSWORD: '(set)',
    DIRECTORY_CA_FILE: directoryCa === undefined ? 'authorities of Node' : rest.DIRECTORY_CA_FILE,
  };
}

function withoutEmpty(environment: Record<string, string | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The secret counts as set: its file is what is wrong, and one problem is enough. */
function fileProblem(problems: string[], name: string): string {
  problems.push(`${name}: cannot be read`);
  return 'unreadable';
}

/** zod says "expected string, received undefined" of a missing variable. */
function missing(message: string): string {
  return message.startsWith('Invalid input') ? 'is required' : message;
}
