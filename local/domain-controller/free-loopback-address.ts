import { randomInt } from 'node:crypto';
import { areFree, listen } from '../listen.ts';

/** What a domain controller may listen on; Samba's LDAP ports are constants, so each needs an address of its own. */
const directoryPorts = [389, 636, 3268, 3269, 88];

/**
 * Bound by whoever holds an address, from choosing it until the process ends. The lock closes the gap between finding the
 * LDAP ports free and Samba binding them, in which another process could choose the same address.
 */
const lockPort = 20_636;

const attempts = 100;

/** A 127.0.0.N whose directory ports are free, held for this process until it ends. Needs the right to bind low ports. */
export async function freeLoopbackAddress(): Promise<string> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const address = `127.0.0.${randomInt(10, 255)}`;
    const lock = await listen(address, lockPort);
    if (lock === undefined) continue;
    if (await areFree(address, directoryPorts)) {
      lock.unref();
      return address;
    }
    lock.close();
  }
  throw new Error(`no loopback address with free directory ports after ${attempts} attempts`);
}
