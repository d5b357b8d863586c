import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { ClientList } from './client-list.ts';

/** An open listener; `port` is the one it got. */
export type Listener = { readonly port: number; close(): Promise<void> };

/** Listens for plain AMQP (the emulator's transport) on 127.0.0.1; port 0 chooses one. */
export async function listenTcp(port: number, clients: ClientList): Promise<Listener> {
  const server = createServer({ noDelay: true }, (socket) => {
    clients.accept(socket);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
