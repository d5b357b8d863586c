import { join } from 'node:path';

/** Where one domain controller lives and how it is called. */
export type SambaSite = {
  folder: string;
  address: string;
  realm: string;
  workgroup: string;
  ldapChildren: number;
};

/**
 * Path of the configuration file in the folder of a domain controller.
 */
export const smbConfPath = (folder: string): string => join(folder, 'smb.conf');

/**
 * The whole smb.conf of a domain controller that keeps everything it writes inside its folder.
 *
 * Written whole because provisioning would inherit Debian's file, whose later lines win. Only LDAP and what it needs is
 * served: no file shares, no DNS, no NetBIOS. `interfaces` needs the `/8`, or Samba finds no interface and never listens.
 */
export function smbConf(site: SambaSite): string {
  const inFolder = (name: string): string => join(site.folder, name);
  return `[global]
  server role = active directory domain controller
  netbios name = DC
  realm = ${site.realm}
  workgroup = ${site.workgroup}
  server services = ldap
  interfaces = ${site.address}/8
  bind interfaces only = yes

  private dir = ${inFolder('private')}
  state directory = ${inFolder('state')}
  cache directory = ${inFolder('cache')}
  lock directory = ${inFolder('lock')}
  pid directory = ${inFolder('run')}
  binddns dir = ${inFolder('bind-dns')}
  ncalrpc dir = ${inFolder('ncalrpc')}
  winbindd socket directory = ${inFolder('winbindd')}
  ntp signd socket directory = ${inFolder('ntp-signd')}
  usershare path = ${inFolder('usershares')}
  log file = ${inFolder('samba.log')}
  logging = file
  log level = 1
  max log size = 10000
  posix:eadb = ${inFolder('eadb.tdb')}

  tls enabled = yes
  tls keyfile = ${inFolder('tls/key.pem')}
  tls certfile = ${inFolder('tls/cert.pem')}
  tls cafile = ${inFolder('tls/ca.pem')}
  ldap server require strong auth = yes

  dsdb:schema update allowed = yes
  ldb:nosync = true
  prefork children:ldap = ${site.ldapChildren}
  idmap_ldb:use rfc2307 = yes
  load printers = no
  panic action = /bin/true

[sysvol]
  path = ${inFolder('state/sysvol')}
  read only = no

[netlogon]
  path = ${inFolder(`state/sysvol/${site.realm.toLowerCase()}/scripts`)}
  read only = no
`;
}
