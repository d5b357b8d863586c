import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** A .NET TimeSpan, `[d.]hh:mm:ss[.fffffff]`, as milliseconds. */
const timeSpan = z.string().transform((text, context) => {
  const match = /^(?:(\d+)\.)?(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?$/.exec(text);
  if (match === null) {
    context.addIssue({ code: 'custom', message: 'not a time span (hh:mm:ss)' });
    return z.NEVER;
  }
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  return Math.round(
    (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000,
  );
});

const serviceBus = z.object({
  clientRetryOptions: z.object({ tryTimeout: timeSpan.default(60_000) }).default({ tryTimeout: 60_000 }),
  prefetchCount: z.coerce.number().int().nonnegative().default(0),
  transportType: z
    .string()
    .transform((text) => text.toLowerCase())
    .pipe(z.enum(['amqptcp', 'amqpwebsockets']))
    .default('amqptcp'),
  autoCompleteMessages: z.stringbool().or(z.boolean()).default(true),
  maxAutoLockRenewalDuration: timeSpan.default(300_000),
  maxConcurrentCalls: z.coerce.number().int().positive().default(16),
  maxConcurrentSessions: z.coerce.number().int().positive().default(8),
  maxMessageBatchSize: z.coerce.number().int().positive().default(1000),
  sessionIdleTimeout: timeSpan.optional(),
});

/** The settings of `extensions.serviceBus` that the stand-in knows; spans in milliseconds, defaults of extension 5.x. */
export type ServiceBusOptions = z.infer<typeof serviceBus>;

const hostJson = z.object({
  version: z.literal('2.0'),
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().default('api') }).default({ routePrefix: 'api' }),
      serviceBus: serviceBus.prefault({}),
    })
    .prefault({}),
});

/** host.json with defaults filled in. */
export type HostJson = z.infer<typeof hostJson>;

/**
 * Reads host.json. A setting `AzureFunctionsJobHost__extensions__serviceBus__transportType` in the environment overrides
 * that value of the file, as in the real host. Throws with every problem named.
 */
export function readHostJson(appDir: string, env: NodeJS.ProcessEnv): HostJson {
  const parsed: unknown = JSON.parse(readFileSync(join(appDir, 'host.json'), 'utf8'));
  if (typeof parsed !== 'object' || parsed === null) throw new Error('host.json: not an object');
  override(parsed as Record<string, unknown>, env);
  const checked = hostJson.safeParse(parsed);
  if (!checked.success) throw new Error(`host.json: ${z.prettifyError(checked.error)}`);
  return checked.data;
}

const overridePrefix = 'AzureFunctionsJobHost__';

function override(target: Record<string, unknown>, env: NodeJS.ProcessEnv): void {
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(overridePrefix) || value === undefined) continue;
    const path = name.slice(overridePrefix.length).split('__');
    const last = path.pop();
    let node = target;
    for (const key of path) {
      const child = node[key];
      const next = typeof child === 'object' && child !== null ? (child as Record<string, unknown>) : {};
      node[key] = next;
      node = next;
    }
    if (last !== undefined) node[last] = value;
  }
}
