import type { WireSocket } from '../amqp/wire-connection.ts';
import { ClientConnection, type EdgeContext } from '../edge/client-connection.ts';

/** All connected clients of both listeners, and the faults that tests switch on. */
export class ClientList {
  readonly #context: EdgeContext;
  readonly #clients = new Set<ClientConnection>();
  #refusing = false;
  #accepted = 0;

  constructor(context: EdgeContext) {
    this.#context = context;
  }

  /** Connections open now, and ever accepted. */
  get counts(): { open: number; accepted: number } {
    return { open: this.#clients.size, accepted: this.#accepted };
  }

  accept(socket: WireSocket): void {
    if (this.#refusing) {
      socket.destroy();
      return;
    }
    this.#accepted += 1;
    this.#clients.add(new ClientConnection(socket, this.#context, (client) => this.#clients.delete(client)));
  }

  /** New connections are cut at once while this is on. */
  refuse(refusing: boolean): void {
    this.#refusing = refusing;
  }

  /** Cuts every connection without a word. */
  drop(): void {
    for (const client of [...this.#clients]) client.drop();
  }
}
