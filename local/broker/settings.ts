import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

const schema = z.object({
  BROKER_QUEUES_FILE: z.string().min(1),
  BROKER_AMQP_PORT: port,
  BROKER_WSS_PORT: port,
  BROKER_CONTROL_PORT: port,
  BROKER_STATE_DIR: z.string().min(1),
  BROKER_TLS_KEY_FILE: z.string().min(1),
  BROKER_TLS_CERT_FILE: z.string().min(1),
  BROKER_TOKEN_SECRET: z.string().min(1).optional(),
  BROKER_SAS_KEY: z.string().min(1).optional(),
  BROKER_LOCK_SECONDS: z.coerce.number().positive().optional(),
});

/** Settings of the process (local/README.md), by variable name. */
export type Settings = z.infer<typeof schema>;

/** All problems at once, each with the variable's name and without its value. */
export function readSettings(
  environment: NodeJS.ProcessEnv,
): { settings: Settings } | { problems: string[] } {
  // An empty variable counts as absent.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return { settings: result.data };
  return { problems: result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
}
