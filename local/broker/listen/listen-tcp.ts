import { createServer } from 'node:net';
import type { ClientList } from './client-list.ts';
import { openPort } from './open-port.ts';

/** Listens for plain AMQP (the emulator's transport) on 127.0.0.1; port 0 chooses one. Resolves with the port. */
export function listenTcp(port: number, clients: ClientList): Promise<number> {
  return openPort(
    createServer({ noDelay: true }, (socket) => clients.accept(socket)),
    port,
  );
}
