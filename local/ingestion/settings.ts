import { readFileSync } from 'node:fs';
import { z } from 'zod';

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

const schema = z.object({
  INGESTION_PORT: z.coerce.number().int().min(0).max(65_535),
  INGESTION_TLS_KEY_FILE: fileText,
  INGESTION_TLS_CERT_FILE: fileText,
  /** Everything that was received is appended here, one JSON text a line. */
  INGESTION_FILE: needed,
  /** The instrumentation key of the one resource there is. */
  INGESTION_KEY: z.guid(),
  /** HS256 secret of stack tokens. With it local authentication is off: who sends no token is refused. */
  INGESTION_TOKEN_SECRET: needed.optional(),
  /** Application ids with the role Monitoring Metrics Publisher, comma-separated; every application where absent. */
  INGESTION_PUBLISHERS: needed.transform((text) => text.split(',')).optional(),
});

export type IngestionSettings = z.infer<typeof schema>;

/** Settings from the environment, or every problem by variable name, without values. */
export function settingsFrom(
  environment: Readonly<Record<string, string | undefined>>,
): { settings: IngestionSettings } | { problems: string[] } {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return { settings: parsed.data };
  return { problems: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
}
