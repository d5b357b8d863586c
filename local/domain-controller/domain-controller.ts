import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runSambaScript } from './run-samba-script.ts';
import { smbConf, smbConfPath } from './smb-conf.ts';
import { type StartCommand, startCommand } from './start-command.ts';

/*
 * What a provisioned domain has beyond Samba's own:
 *
 *   destination, leavers    two OUs side by side, both with the writer's rights, so that entries may be moved between them
 *   upnSuffixes             as asked for, on CN=Partitions
 *   schema                  msDS-ExternalDirectoryObjectId (2016) and extensionAttribute1 to 15 (Exchange), on users and groups
 *   deleted entries         the service account may list CN=Deleted Objects and bring tombstones back under the two OUs
 *
 * The recycle bin is off: Samba 4.17 can switch it on, but then lists deleted members in `member` for ever and cannot restore what is in
 * it (docs/differences/directory.md).
 */

/** A provisioned Samba domain controller: where it answers, what is in it, and how it is started. */
export type DomainController = {
  folder: string;
  /** The loopback address whose LDAP ports are its own. */
  address: string;
  /** `ldaps://<address>:636`. */
  url: string;
  /** DNS name of the domain, lower case. */
  domain: string;
  realm: string;
  baseDn: string;
  /** The OU that the relay writes to. */
  destination: string;
  /** The OU that leavers are moved to, beside the destination (DIRECTORY_LEAVERS of the relay). */
  leavers: string;
  /** Suffixes of the forest besides its own domain, as `options.upnSuffixes` asked for. */
  upnSuffixes: readonly string[];
  /** The OU of entries born on-premises; groups are in `OU=Groups` below it. */
  onPremisesOu: string;
  onPremisesGroupsOu: string;
  adminDn: string;
  adminPassword: string;
  serviceDn: string;
  /** The userPrincipalName of the service account. */
  serviceName: string;
  servicePassword: string;
  command: StartCommand;
};

export type ProvisionOptions = {
  /** An existing folder with a short path (under 80 characters); everything is written into it. */
  folder: string;
  address: string;
  certificatePem: string;
  keyPem: string;
  authorityPem: string;
  /** Written to CN=Partitions: the tenant's domain, so that the cloud's userPrincipalNames are known in the forest. */
  upnSuffixes: readonly string[];
  /** Worker processes that answer LDAP; connections spread over them. Default 4. */
  ldapChildren?: number;
};

const realm = 'WB.EXAMPLE';
const domain = 'wb.example';
const workgroup = 'WB';
const baseDn = 'DC=wb,DC=example';
const serviceSam = 'svc-writeback';
const longestFolder = 80;

/** Makes a new domain in the folder, with its OUs, service account and schema, ready to be started with `command`. */
export async function provision(options: ProvisionOptions): Promise<DomainController> {
  if (options.folder.length >= longestFolder) {
    throw new Error(`the folder of a domain controller must have a path under ${longestFolder} characters`);
  }
  const dc = describe(options);
  await writeFiles(options);
  await runSambaScript('provision.py', {
    smbConf: smbConfPath(options.folder),
    realm,
    workgroup,
    baseDn,
    address: options.address,
    adminPassword: dc.adminPassword,
    upnSuffixes: options.upnSuffixes,
    units: [dc.destination, dc.leavers, dc.onPremisesOu, dc.onPremisesGroupsOu],
    written: [dc.destination, dc.leavers],
    serviceDn: dc.serviceDn,
    serviceSam,
    serviceName: dc.serviceName,
    servicePassword: dc.servicePassword,
  });
  return dc;
}

function describe({ folder, address, upnSuffixes }: ProvisionOptions): DomainController {
  const onPremisesOu = `OU=On-Premises,${baseDn}`;
  return {
    folder,
    address,
    url: `ldaps://${address}:636`,
    domain,
    realm,
    baseDn,
    destination: `OU=Cloud,${baseDn}`,
    leavers: `OU=Leavers,${baseDn}`,
    upnSuffixes,
    onPremisesOu,
    onPremisesGroupsOu: `OU=Groups,${onPremisesOu}`,
    adminDn: `CN=Administrator,CN=Users,${baseDn}`,
    adminPassword: randomPassword(),
    serviceDn: `CN=${serviceSam},CN=Users,${baseDn}`,
    serviceName: `${serviceSam}@${domain}`,
    servicePassword: randomPassword(),
    command: startCommand(folder, address),
  };
}

/** Random, with all four character classes that the password policy asks for. */
const randomPassword = (): string => `Aa1-${randomBytes(18).toString('base64url')}`;

async function writeFiles(options: ProvisionOptions): Promise<void> {
  const { folder } = options;
  for (const name of ['tls', 'run', 'lock', 'cache', 'state', 'winbindd', 'ntp-signd', 'usershares']) {
    await mkdir(join(folder, name), { recursive: true, mode: name === 'ntp-signd' ? 0o750 : 0o755 });
  }
  await writeFile(join(folder, 'tls', 'cert.pem'), options.certificatePem);
  await writeFile(join(folder, 'tls', 'ca.pem'), options.authorityPem);
  // Samba refuses TLS altogether where others may read the key.
  await writeFile(join(folder, 'tls', 'key.pem'), options.keyPem, { mode: 0o600 });
  const { address, ldapChildren = 4 } = options;
  await writeFile(smbConfPath(folder), smbConf({ folder, address, realm, workgroup, ldapChildren }));
}
