import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

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
    if (await allFree(address)) {
      lock.unref();
      return address;
    }
    lock.close();
  }
  throw new Error(`no loopback address with free directory ports after ${attempts} attempts`);
}

async function allFree(address: string): Promise<boolean> {
  const servers = await Promise.all(directoryPorts.map((port) => listen(address, port)));
  await Promise.all(servers.map(closeServer));
  return servers.every((server) => server !== undefined);
}

/** A listening server, or undefined where the port is taken. */
async function listen(host: string, port: number): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy());
  server.listen({ host, port, exclusive: true });
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

async function closeServer(server: Server | undefined): Promise<void> {
  if (server === undefined) return;
  server.close();
  await once(server, 'close');
}
