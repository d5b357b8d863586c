import * as z from 'zod';

const schema = z.object({
  HOST_PORT: z.coerce.number().int().min(0).max(65_535).default(7071),
  HOST_APP_DIR: z.string().min(1).default(process.cwd()),
  HOST_KEY: z.string().min(1),
  HOST_STATE_DIR: z.string().min(1).optional(),
  FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: z.coerce.number().int().positive().default(104_857_600),
});

/** Settings of the host itself; everything else in the environment belongs to the app. */
export type HostSettings = {
  /** 0: any free port. */
  port: number;
  appDir: string;
  /** The function key, which is the master key as well. */
  key: string;
  /** Where timers keep their schedule status; without it a restarted host does not know what it missed. */
  stateDir: string | undefined;
  maxBodyBytes: number;
};

/** Reads the settings, or answers every problem by variable name. */
export function readHostSettings(env: NodeJS.ProcessEnv): HostSettings | { problems: string[] } {
  const parsed = schema.safeParse(env);
  if (!parsed.success) {
    return { problems: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
  }
  return {
    port: parsed.data.HOST_PORT,
    appDir: parsed.data.HOST_APP_DIR,
    key: parsed.data.HOST_KEY,
    stateDir: parsed.data.HOST_STATE_DIR,
    maxBodyBytes: parsed.data.FUNCTIONS_REQUEST_BODY_SIZE_LIMIT,
  };
}
