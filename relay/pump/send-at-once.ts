import type { ServiceBusClient } from '@azure/service-bus';

type Socket = { setNoDelay?: (on: boolean) => unknown };
type Connection = { init: (this: unknown, socket: Socket) => unknown };
type Inside = { _connectionContext?: { connection?: { _connection?: object } } };

const done = new WeakSet<Connection>();

/**
 * Has the AMQP library under a client send small frames at once. Over plain TCP and TLS it leaves Nagle's algorithm on, which
 * together with delayed acknowledgements costs 40 ms at every accept and at every first message of a session; the option that the
 * library has for it cannot be reached through the SDK. Over WebSockets `ws` does this by itself. The library is found inside
 * the client, because that works in a bundle too; where an update of the SDK hides it, a test fails, and a relay is only slower.
 */
export function sendAtOnce(client: ServiceBusClient): void {
  const inside = client as unknown as Inside;
  const connection = inside._connectionContext?.connection?._connection;
  if (connection === undefined) return;
  // The prototype, because the SDK makes a new connection where one was lost.
  const prototype = Object.getPrototypeOf(connection) as Connection;
  if (done.has(prototype)) return;
  done.add(prototype);
  const { init } = prototype;
  prototype.init = function (socket) {
    socket.setNoDelay?.(true);
    return init.call(this, socket);
  };
}
