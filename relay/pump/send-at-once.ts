import { createRequire } from 'node:module';

type Socket = { setNoDelay?: (on: boolean) => unknown };
type Connection = { init: (this: unknown, socket: Socket) => unknown };
type Rhea = { create_connection: (options: object) => Connection };

let isDone = false;

/**
 * Has the AMQP library of the Service Bus SDK send small frames at once. Over plain TCP and TLS it leaves Nagle's algorithm on,
 * which together with delayed acknowledgements costs 40 ms at every accept and at every first message of a session; the
 * option that the library has for it cannot be reached through the SDK. Over WebSockets `ws` does this by itself.
 */
export function sendAtOnce(): void {
  if (isDone) return;
  isDone = true;
  // The very module that the SDK uses, wherever the package manager has put it.
  const fromServiceBus = createRequire(import.meta.resolve('@azure/service-bus'));
  const fromRheaPromise = createRequire(fromServiceBus.resolve('rhea-promise'));
  const rhea = fromRheaPromise('rhea') as Rhea;
  const prototype = Object.getPrototypeOf(rhea.create_connection({})) as Connection;
  const { init } = prototype;
  prototype.init = function (socket) {
    socket.setNoDelay?.(true);
    return init.call(this, socket);
  };
}
