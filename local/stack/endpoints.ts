import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a stack tells of itself in `.local/endpoints.json` when all of its parts are its own. With secrets: mode 0600, never committed. */
export type OwnEndpoints = {
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
    /** The OU that leavers are moved to where the configuration says so. */
    leavers: string;
    adminDn: string;
    adminPassword: string;
    serviceDn: string;
    servicePassword: string;
  };
  /** The broker's control endpoint, which no real Service Bus has (local/README.md). */
  broker: { controlUrl: string };
  /** Where the stand-in of Application Insights tells what it received; only with telemetry. */
  telemetry?: { receivedUrl: string };
  /** The temporary folder of everything that the stack writes. */
  folder: string;
  /** Process ids by name of the part; kept current when a part is started again. */
  processes: Record<string, number>;
};

/**
 * What the file holds: null for a part that is real, of which we have neither administrator nor control endpoint. Of Service Bus
 * and the tables a connection string is known if it was given.
 */
export type Endpoints = {
  [Part in keyof OwnEndpoints]: OwnEndpoints[Part] | (Part extends RealPart ? null : never);
};
type RealPart = 'graph' | 'serviceBus' | 'tables' | 'directory' | 'broker';

/** Whether nothing is missing: what seeds, plays, counts and compares needs it all. */
export const isOwn = (endpoints: Endpoints): endpoints is OwnEndpoints =>
  Object.values(endpoints).every((endpoint) => endpoint !== null);

/** `.local/endpoints.json` of this clone. */
export const endpointsFile = fileURLToPath(new URL('../../.local/endpoints.json', import.meta.url));

/** Writes the file in one step: a reader sees the old one or the new one. */
export async function writeEndpoints(file: string, endpoints: Endpoints): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, `${JSON.stringify(endpoints, null, 2)}\n`, { mode: 0o600 });
  await rename(fresh, file);
}
