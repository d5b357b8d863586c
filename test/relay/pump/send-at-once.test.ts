import { once } from 'node:events';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { expect, it } from 'vitest';
import { createBusClient } from '../../../relay/pump/bus-client.ts';

it('what the relay sends to Service Bus leaves at once, on every connection', async () => {
  const delayed: boolean[] = [];
  const { setNoDelay } = Socket.prototype;
  Socket.prototype.setNoDelay = function (noDelay) {
    delayed.push(noDelay !== true);
    return setNoDelay.call(this, noDelay);
  };
  const server = createServer((socket) => socket.destroy());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const connectionString = `Endpoint=sb://127.0.0.1:${port};SharedAccessKeyName=x;SharedAccessKey=y;UseDevelopmentEmulator=true`;
  for (let connections = 1; connections <= 2; connections++) {
    const client = await createBusClient({ connectionString, transport: 'amqp', endpoint: undefined });
    const arrived = once(server, 'connection');
    client
      .createSender('results')
      .createMessageBatch()
      .catch(() => undefined);
    await arrived;
    expect(delayed.length).toBeGreaterThanOrEqual(connections);
    await client.close().catch(() => undefined);
  }
  expect(delayed).not.toContain(true);
  Socket.prototype.setNoDelay = setNoDelay;
  server.close();
});
