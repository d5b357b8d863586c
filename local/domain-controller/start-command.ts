import { smbConfPath } from './smb-conf.ts';

/** What to spawn; nothing else is needed in the environment. */
export type StartCommand = { file: string; args: string[]; env: Record<string, string> };

/** 389, 636, 3268 and 3269 as /proc/net/tcp writes them. */
const ldapPorts = '(0185|027C|0CC4|0CC5)';

/**
 * The command that runs Samba in the foreground on a provisioned folder.
 *
 * Its process id leads a process group, so `kill(-pid)` ends it with its workers; killed alone, the workers notice within
 * some 50 ms. In that gap their sockets still listen, and a Samba started then would give up: so the command first waits (5 s
 * at most) until nobody listens on the LDAP ports of the address, and drops pid files of the dead. It reads stdin only to end
 * at end-of-file, which makes a pipe a kill switch.
 */
export function startCommand(folder: string, address: string): StartCommand {
  const listening = `${procAddress(address)}:${ldapPorts} 00000000:0000 0A`;
  const waitForPorts = `n=0; while grep -qE '${listening}' /proc/net/tcp && [ $n -lt 100 ]; do sleep 0.05; n=$((n+1)); done`;
  return {
    file: '/bin/sh',
    args: [
      '-c',
      `${waitForPorts}; rm -f '${folder}'/run/*.pid; exec samba -i --debug-stdout -s '${smbConfPath(folder)}'`,
    ],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' },
  };
}

/** An IPv4 address as /proc/net/tcp writes it: four bytes in host (little-endian) order, upper-case hex. */
function procAddress(address: string): string {
  const bytes = address.split('.').map(Number);
  return Buffer.from(bytes.reverse()).toString('hex').toUpperCase();
}
