import { createServer } from 'node:https';
import { WebSocketServer } from 'ws';
import type { ClientList } from './client-list.ts';
import { openPort } from './open-port.ts';
import { WebSocketSocket } from './web-socket-socket.ts';

const path = '/$servicebus/websocket';
const subprotocol = 'AMQPWSB10';

/**
 * Listens for AMQP over WebSockets on 127.0.0.1, as the namespace does on port 443; port 0 chooses one. Key and certificate
 * are PEM. Resolves with the port.
 */
export async function listenWss(
  port: number,
  tls: { key: string; cert: string },
  clients: ClientList,
): Promise<number> {
  const server = createServer(tls);
  const opened = await openPort(server, port);
  const sockets = new WebSocketServer({
    server,
    path,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
  });
  sockets.on('connection', (socket) => clients.accept(new WebSocketSocket(socket)));
  return opened;
}
