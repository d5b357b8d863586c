import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { NotFit } from './exit-code.ts';

const packages =
  'samba-ad-dc samba-ad-provision samba-dsdb-modules samba-vfs-modules winbind ldb-tools ldap-utils krb5-user';

/** Throws NotFit where Samba (or, for a measurement, ldap-utils) is missing, or the LDAP ports cannot be bound. */
export async function checkMachine(wanted: { measure: boolean }): Promise<void> {
  const tools = ['samba', ...(wanted.measure ? ['ldapadd', 'ldapmodify'] : [])];
  const missing: string[] = [];
  for (const tool of tools) if (!(await isOnPath(tool))) missing.push(tool);
  if (missing.length > 0)
    throw new NotFit(
      `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing on this machine. As root:\n` +
        `  apt-get install --no-install-recommends ${packages}\n` +
        'Or let the relay write to a directory that you have: README, "Real parts in place of stand-ins".',
    );
  if (process.getuid?.() !== 0)
    throw new NotFit('Samba binds the LDAP ports 389 and 636: run this as root, for example in a container.');
}

async function isOnPath(tool: string): Promise<boolean> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  for (const folder of folders) {
    const found = await access(join(folder, tool), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
}
