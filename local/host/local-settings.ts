import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import * as z from 'zod';

const schema = z.object({
  IsEncrypted: z.literal(false).default(false),
  Values: z.record(z.string(), z.string()).default({}),
  Host: z.object({ LocalHttpPort: z.number().int().optional() }).default({}),
});

/**
 * Fills the environment from the app's local.settings.json, as `func start` does; what is set already wins. So after
 * `npm start -- --no-host`, `npm run host` (or a debugger on local/host/main.ts) is all that is missing. Does nothing where the
 * host's own settings are in the environment or there is no such file; throws where the file is not valid.
 */
export function fillFromLocalSettings(appDir: string, env: NodeJS.ProcessEnv): void {
  if (env['HOST_KEY'] !== undefined) return;
  const text = read(join(appDir, 'local.settings.json'));
  if (text === undefined) return;
  const { Values, Host } = schema.parse(JSON.parse(text));
  const port = Host.LocalHttpPort === undefined ? {} : { HOST_PORT: String(Host.LocalHttpPort) };
  for (const [name, value] of Object.entries({ ...port, ...Values })) env[name] ??= value;
  const authority = Values['NODE_EXTRA_CA_CERTS'];
  // Node.js has read that variable already when it started; it must be told again.
  if (authority !== undefined) {
    setDefaultCACertificates([...getCACertificates('default'), readFileSync(authority, 'utf8')]);
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
