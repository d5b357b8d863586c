import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** A server that listens there and refuses everybody, or undefined where the port is taken. */
export async function listen(host: string, port: number): Promise<Server | undefined> {
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

/** Whether all of the ports of an address can be listened on right now. */
export async function areFree(host: string, ports: readonly number[]): Promise<boolean> {
  const servers = await Promise.all(ports.map((port) => listen(host, port)));
  await Promise.all(servers.map(closeServer));
  return servers.every((server) => server !== undefined);
}

async function closeServer(server: Server | undefined): Promise<void> {
  if (server === undefined) return;
  server.close();
  await once(server, 'close');
}
