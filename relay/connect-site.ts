import { randomBytes } from 'node:crypto';
import { durationMs } from '../shared/domain/time.ts';
import type { Telemetry } from '../shared/telemetry/telemetry.ts';
import { newPasswords } from './apply/new-password.ts';
import type { RelayClock } from './clock.ts';
import type { RelayConfig } from './config.ts';
import { connectDirectory } from './directory/connect-directory.ts';
import type { ObserveRequest } from './directory/connection-pool.ts';
import { measureLdap } from './measure/measure-ldap.ts';
import type { Sid } from './ports.ts';
import type { Secrets } from './secrets.ts';
import { WorkSite } from './work-site.ts';

type Means = { secrets: Secrets; clock: RelayClock; telemetry: Pick<Telemetry, 'record'> };

/** The directory of the settings, which nothing has connected to yet. */
export function siteOf(config: RelayConfig, { secrets, clock, telemetry }: Means): WorkSite {
  return new WorkSite({
    connect: () => {
      const { password, directoryCa } = secrets.read();
      const settings = {
        url: config.DIRECTORY_URL,
        bindName: config.DIRECTORY_BIND_NAME,
        password,
        destination: config.DIRECTORY_DESTINATION,
        timeoutMs: durationMs(config.DIRECTORY_TIMEOUT_MS),
        connections: config.DIRECTORY_CONNECTIONS,
        ...(config.DIRECTORY_LEAVERS === undefined ? {} : { leavers: config.DIRECTORY_LEAVERS }),
        ...(directoryCa === undefined ? {} : { ca: directoryCa }),
        ...(config.DIRECTORY_SERVER_NAME === undefined ? {} : { serverName: config.DIRECTORY_SERVER_NAME }),
      };
      return connectDirectory(settings, noteRefusals(secrets, password, measureLdap(telemetry)));
    },
    acceptedOwners: config.DIRECTORY_ACCEPTED_OWNERS as Sid[],
    extraAttributes: config.DIRECTORY_EXTRA_ATTRIBUTES,
    newAccount: config.RELAY_NEW_ACCOUNT,
    newPassword: newPasswords(randomBytes, config.passwordKey),
    upnSuffix: config.RELAY_UPN_SUFFIX,
    clock,
  });
}

/** Which password was refused is known here only: the files may hold another one by the time anybody asks. */
export function noteRefusals(
  secrets: Pick<Secrets, 'noteRefused'>,
  password: string,
  observe: ObserveRequest,
): ObserveRequest {
  return (operation, tookMs, failure) => {
    if (failure?.code === 'credentials-refused') secrets.noteRefused(password);
    observe(operation, tookMs, failure);
  };
}
