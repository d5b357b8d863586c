import type { WireSocket } from '../amqp/wire-connection.ts';
import type { Faults } from '../control/faults.ts';
import { ClientConnection, type EdgeContext } from '../edge/client-connection.ts';

/** All connected clients of both listeners. */
export class ClientList {
  readonly #context: EdgeContext;
  readonly #clients = new Set<ClientConnection>();
  readonly #faults: Faults;
  #accepted = 0;

  constructor(context: EdgeContext, faults: Faults) {
    this.#context = context;
    this.#faults = faults;
  }

  /** Connections open now, and ever accepted. */
  get counts(): { open: number; accepted: number } {
    return { open: this.#clients.size, accepted: this.#accepted };
  }

  accept(socket: WireSocket): void {
    if (this.#faults.isRefusing) {
      socket.destroy();
      return;
    }
    this.#accepted += 1;
    this.#clients.add(new ClientConnection(socket, this.#context, (client) => this.#clients.delete(client)));
  }

  /** Cuts every connection without a word. */
  drop(): void {
    for (const client of [...this.#clients]) client.drop();
  }
}
