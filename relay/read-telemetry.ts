import { type ReadTelemetry, readTelemetrySettings } from '../shared/telemetry/settings.ts';
import { secretOf } from './secret-files.ts';

const name = 'APPLICATIONINSIGHTS_CONNECTION_STRING';

/** Where telemetry goes; the connection string may stand in a file. Apart from the configuration, which must not fail for it. */
export function readTelemetry(environment: Readonly<Record<string, string | undefined>>): ReadTelemetry {
  const secret = secretOf(environment, name);
  if ('problem' in secret) return { settings: undefined, problems: [secret.problem] };
  return readTelemetrySettings({ ...environment, [name]: secret.value });
}
