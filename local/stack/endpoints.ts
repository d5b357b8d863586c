import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What `.local/endpoints.json` holds: where the parts of the running stack answer, with secrets. Mode 0600, never committed. */
export type Endpoints = {
  /** `url` ends with `/v1.0`; the token is an administrator's. */
  graph: { url: string; token: string; caFile: string };
  /** `url` ends with `/api`. */
  functions: { url: string; key: string };
  serviceBus: { connectionString: string };
  tables: { connectionString: string };
  directory: {
    url: string;
    caFile: string;
    baseDn: string;
    destination: string;
    adminDn: string;
    adminPassword: string;
    serviceDn: string;
  };
  /** The broker's control endpoint, which no real Service Bus has (local/README.md). */
  broker: { controlUrl: string };
  /** Process ids by name of the part; kept current when a part is started again. */
  processes: Record<string, number>;
};

/** `.local/endpoints.json` of this clone. */
export const endpointsFile = fileURLToPath(new URL('../../.local/endpoints.json', import.meta.url));

/** Writes the file in one step: a reader sees the old one or the new one. */
export async function writeEndpoints(file: string, endpoints: Endpoints): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, `${JSON.stringify(endpoints, null, 2)}\n`, { mode: 0o600 });
  await rename(fresh, file);
}
