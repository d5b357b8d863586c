import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { DirectoryEntry } from '../verify/directory-state.ts';
import { type AdministratorAccess, createUnitAlike } from './delegate-alike.ts';
import { ldifOf } from './ldif.ts';

/** How long ldapadd and ldapmodify take for the same state. */
export type Yardstick = { seconds: number; entries: number };

const unit = 'OU=Yardstick';

/** Where the yardstick writes, and as whom: the relay's own account, because the server checks an administrator less. */
export type YardstickAccess = AdministratorAccess & {
  baseDn: string;
  destination: string;
  account: { dn: string; password: string };
};

/**
 * Writes the entries into another OU of the same domain controller with the tools of ldap-utils: four files, one connection each,
 * over LDAPS, with the account and the rights that the relay has. Only the four runs are timed. The folder with the files (they
 * hold passwords) is removed.
 */
export async function measureYardstick(
  directory: YardstickAccess,
  entries: readonly DirectoryEntry[],
): Promise<Yardstick> {
  const ou = `${unit},${directory.baseDn}`;
  const folder = await mkdtemp(join(tmpdir(), 'yardstick-'));
  try {
    const run = (tool: Tool, name: string, ldif: string) => runTool({ tool, name, ldif, folder, directory });
    await createUnitAlike(ou, directory.destination, directory);
    const ldif = ldifOf(entries, ou);
    const startedAt = performance.now();
    await run('ldapadd', 'users', ldif.users);
    await run('ldapmodify', 'passwords', ldif.passwords);
    await run('ldapadd', 'groups', ldif.groups);
    await run('ldapmodify', 'members', ldif.members);
    return { seconds: (performance.now() - startedAt) / 1_000, entries: entries.length };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Tool = 'ldapadd' | 'ldapmodify';
type Run = {
  tool: Tool;
  name: string;
  ldif: string;
  folder: string;
  directory: YardstickAccess;
};

async function runTool({ tool, name, ldif, folder, directory }: Run): Promise<void> {
  const ldifFile = join(folder, `${name}.ldif`);
  const passwordFile = join(folder, 'password');
  await writeFile(ldifFile, ldif, { mode: 0o600 });
  // The tools take the file as it is: a line end would belong to the password.
  await writeFile(passwordFile, directory.account.password, { mode: 0o600 });
  const args = ['-x', '-H', directory.url, '-D', directory.account.dn, '-y', passwordFile, '-f', ldifFile];
  const child = spawn(tool, args, {
    env: { PATH: process.env['PATH'], LDAPTLS_CACERT: directory.caFile, LDAPTLS_REQCERT: 'demand' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const [complaints, [code]] = await Promise.all([text(child.stderr), closed]);
  if (code !== 0) throw new Error(`${tool} (${name}) ended with ${String(code)}: ${complaints.slice(-500)}`);
}
