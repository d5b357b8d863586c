import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Behaviour, behaviours, behavioursNamed } from './awkward/behaviours.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const needed = z.string().min(1);

/** A file's text, so that a missing file is reported with the other problems. */
const fileText = needed.transform((path, context) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    context.addIssue('names a file that cannot be read');
    return z.NEVER;
  }
});

const awkward = z.string().transform((text, context): ReadonlySet<Behaviour> => {
  const named = behavioursNamed(text);
  if (named !== undefined) return named;
  context.addIssue(`must be '', 'all' or a comma list of ${Object.keys(behaviours).join(', ')}`);
  return z.NEVER;
});

const schema = z.object({
  TENANT_PORT: port,
  TENANT_IDENTITY_PORT: port,
  TENANT_TLS_KEY_FILE: fileText,
  TENANT_TLS_CERT_FILE: fileText,
  TENANT_STATE_DIR: needed,
  TENANT_TOKEN_SECRET: needed,
  TENANT_IDENTITY_HEADER: needed,
  /** Roles in the tokens of the managed identity, comma-separated, for example Member.Read.Hidden. */
  TENANT_APPLICATION_ROLES: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((role) => role !== '' && role !== 'administrator')),
  TENANT_AWKWARD: z.string().default('').pipe(awkward),
  TENANT_SEED: z.coerce.number().int().default(1),
  TENANT_PAGE_SIZE: z.coerce.number().int().min(1).max(999).default(100),
});

export type TenantSettings = z.infer<typeof schema>;

/** Settings from the environment, or every problem by variable name, without values. */
export function settingsFrom(
  environment: Readonly<Record<string, string | undefined>>,
): { settings: TenantSettings } | { problems: string[] } {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return { settings: parsed.data };
  return { problems: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
}
