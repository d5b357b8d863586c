import { EventEmitter } from 'node:events';
import type { WebSocket } from 'ws';
import type { WireSocket } from '../amqp/wire-connection.ts';

/** A WebSocket as the byte stream the AMQP layer expects: what is written under a cork leaves as one message. */
export class WebSocketSocket extends EventEmitter implements WireSocket {
  readonly #socket: WebSocket;
  #corked: Buffer[] | undefined;

  constructor(socket: WebSocket) {
    super();
    this.#socket = socket;
    socket.binaryType = 'nodebuffer';
    socket.on('message', (bytes) => this.emit('data', bytes));
    socket.on('error', (error) => this.emit('error', error));
    socket.on('close', () => {
      this.emit('end');
      this.emit('close');
    });
  }

  write(bytes: Buffer): void {
    if (this.#corked === undefined) this.#send(bytes);
    else this.#corked.push(bytes);
  }

  cork(): void {
    this.#corked ??= [];
  }

  uncork(): void {
    const parts = this.#corked ?? [];
    this.#corked = undefined;
    if (parts.length > 0) this.#send(Buffer.concat(parts));
  }

  end(): void {
    this.uncork();
    this.#socket.close();
  }

  destroy(): void {
    this.#socket.terminate();
  }

  get_id_string(): string {
    return 'websocket';
  }

  #send(bytes: Buffer): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(bytes, { binary: true });
  }
}
