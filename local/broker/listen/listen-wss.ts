import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { ClientList } from './client-list.ts';
import type { Listener } from './listen-tcp.ts';
import { WebSocketSocket } from './web-socket-socket.ts';

const path = '/$servicebus/websocket';
const subprotocol = 'AMQPWSB10';

/** Listens for AMQP over WebSockets on 127.0.0.1, as the namespace does on port 443. Key and certificate are PEM. */
export async function listenWss(
  port: number,
  tls: { key: string; cert: string },
  clients: ClientList,
): Promise<Listener> {
  const server = createServer(tls);
  const sockets = new WebSocketServer({
    server,
    path,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
  });
  sockets.on('connection', (socket) => clients.accept(new WebSocketSocket(socket)));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
