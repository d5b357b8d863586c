import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const retryMs = 100;
const attempts = 50;

/**
 * Listens on 127.0.0.1 and says the port (0 chooses one). A restarted broker may find its port taken for a moment as the source
 * port of a client that tries to reconnect, so a fixed port is tried for five seconds.
 */
export async function openPort(server: Server, port: number): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!isTaken || port === 0 || attempt === attempts) throw error;
      await pause(retryMs);
    }
  }
}
