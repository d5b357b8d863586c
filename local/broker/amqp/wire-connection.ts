import { Answers } from './answers.ts';
import { IncomingLink } from './incoming-link.ts';
import { OutgoingLink } from './outgoing-link.ts';
import {
  type RheaConnection,
  type RheaContainer,
  type RheaContext,
  type RheaLink,
  type RheaSession,
  type RheaSocket,
  rhea,
} from './rhea.ts';

/** A byte stream with a client at its end; `cork` and `uncork` gather writes. */
export type WireSocket = RheaSocket & {
  cork(): void;
  uncork(): void;
  destroy(): void;
  once(event: 'close', listener: () => void): unknown;
  /** Known on plain sockets, which need prompt acknowledgement. */
  readonly bytesWritten?: number;
};

/** What the connection tells. A link is gone when the client closed it, ended its session, or closed the connection. */
export type WireHandlers = {
  incoming(link: IncomingLink): void;
  outgoing(link: OutgoingLink): void;
  /** `closed`: the client said so; `dropped`: the connection vanished. */
  gone(link: IncomingLink | OutgoingLink, how: 'closed' | 'dropped'): void;
  ended(): void;
  /** Runs before anything is written: makes durable what the answers promise. */
  beforeWrite(): void;
  problem(what: string): void;
};

/** An AMQP frame without content: a heartbeat. */
const emptyFrame = Buffer.from([0, 0, 0, 8, 2, 0, 0, 0]);
const rawFormat = 0xffffffff;
const maxFrameBytes = 65_536;

/** A new rhea container for one listener. */
export function makeContainer(): RheaContainer {
  const container = rhea.create_container({ id: 'broker' });
  // Without listeners rhea throws these into the socket's event.
  for (const event of ['error', 'connection_error', 'protocol_error', 'connection_close', 'disconnected']) {
    container.on(event, () => {});
  }
  return container;
}

/**
 * One AMQP connection. Three things are bent in rhea, each on the instance:
 * - a link of the client is not answered by itself: `open` does nothing until we attach (held accepts, refusals);
 * - transfers stay raw bytes: a format that rhea does not decode is put in place of 0;
 * - one turn of the event loop is one write: the journal first, then all frames under a cork, then the answers.
 */
export class WireConnection {
  readonly #connection: RheaConnection;
  readonly #socket: WireSocket;
  readonly #handlers: WireHandlers;
  readonly #answers = new Answers();
  readonly #links = new Map<RheaLink, IncomingLink | OutgoingLink>();
  #ended = false;
  #acknowledging = false;

  constructor(container: RheaContainer, socket: WireSocket, handlers: WireHandlers) {
    this.#socket = socket;
    this.#handlers = handlers;
    this.#connection = container.create_connection({
      max_frame_size: maxFrameBytes,
      reconnect: false,
      receiver_options: { autoaccept: false, autosettle: false, credit_window: 0 },
      sender_options: { autosettle: false, treat_modified_as_released: false },
    });
    this.#bendProcess();
    this.#listen();
    socket.once('close', () => this.#end('dropped'));
    this.#connection.accept(socket);
    socket.on('data', () => this.#acknowledge());
  }

  /** Cuts the connection without a word. */
  drop(): void {
    this.#socket.destroy();
  }

  /**
   * Input that nothing answers (a flow, say) gets an empty frame. The SDK leaves Nagle's algorithm on for plain TCP: without
   * data to carry it the kernel's acknowledgement comes 40 ms late, and holds the client's next frame back that long.
   */
  #acknowledge(): void {
    const before = this.#socket.bytesWritten;
    if (before === undefined || this.#acknowledging) return;
    this.#acknowledging = true;
    setImmediate(() => {
      this.#acknowledging = false;
      const silent = this.#socket.bytesWritten === before;
      if (silent && !this.#ended && this.#connection.is_open()) this.#socket.write(emptyFrame);
    });
  }

  #bendProcess(): void {
    const connection = this.#connection;
    const process = connection._process.bind(connection);
    connection._process = () => {
      if (this.#ended) return;
      this.#handlers.beforeWrite();
      this.#socket.cork();
      process();
      // Verdicts are dispatched in there, and their answers need the journal again.
      this.#handlers.beforeWrite();
      this.#answers.write();
      this.#socket.uncork();
    };
  }

  #listen(): void {
    const connection = this.#connection;
    const noise = (context: unknown): void => this.#handlers.problem(nameOf(context));
    for (const event of ['error', 'protocol_error']) connection.on(event, noise);
    connection.on('connection_error', () => this.#end('closed'));
    connection.on('connection_close', () => this.#end('closed'));
    connection.on('disconnected', () => this.#end('dropped'));
    connection.on('session_open', (context) => bendSession(context.session));
    connection.on('session_error', () => {});
    connection.on('session_close', (context) => this.#sessionClosed(context.session));
    connection.on('receiver_open', (context) => this.#opened(context, 'incoming'));
    connection.on('sender_open', (context) => this.#opened(context, 'outgoing'));
    for (const event of ['receiver_error', 'sender_error']) connection.on(event, () => {});
    for (const event of ['receiver_close', 'sender_close'])
      connection.on(event, (context) => this.#linkClosed(context));
  }

  #opened(context: RheaContext, way: 'incoming' | 'outgoing'): void {
    if (way === 'incoming') {
      const rheaLink = context.receiver as RheaLink;
      const link = new IncomingLink(rheaLink, this.#answers);
      this.#links.set(rheaLink, link);
      this.#handlers.incoming(link);
    } else {
      const rheaLink = context.sender as RheaLink;
      const link = new OutgoingLink(rheaLink, this.#answers);
      this.#links.set(rheaLink, link);
      this.#handlers.outgoing(link);
    }
  }

  #linkClosed(context: RheaContext): void {
    const rheaLink = context.sender ?? context.receiver;
    if (rheaLink !== undefined) this.#forget(rheaLink, 'closed');
  }

  #sessionClosed(session: RheaSession): void {
    for (const rheaLink of this.#links.keys())
      if (rheaLink.session === session) this.#forget(rheaLink, 'closed');
  }

  #forget(rheaLink: RheaLink, how: 'closed' | 'dropped'): void {
    const link = this.#links.get(rheaLink);
    if (link === undefined) return;
    this.#links.delete(rheaLink);
    this.#handlers.gone(link, how);
  }

  #end(how: 'closed' | 'dropped'): void {
    for (const rheaLink of [...this.#links.keys()]) this.#forget(rheaLink, how);
    // After a close by the client rhea still answers it; the socket's own close comes later.
    if (how === 'closed' || this.#ended) return;
    this.#ended = true;
    this.#handlers.beforeWrite();
    this.#handlers.ended();
  }
}

function bendSession(session: RheaSession): void {
  const hold = (link: RheaLink): RheaLink => Object.assign(link, { open: () => {} });
  const createSender = session.create_sender.bind(session);
  const createReceiver = session.create_receiver.bind(session);
  const onTransfer = session.on_transfer.bind(session);
  Object.assign(session, {
    create_sender: (name: string, options?: object) => hold(createSender(name, options)),
    create_receiver: (name: string, options?: object) => hold(createReceiver(name, options)),
    on_transfer: (frame: { performative: { message_format: number | null } }) => {
      if (frame.performative.message_format === 0) frame.performative.message_format = rawFormat;
      onTransfer(frame);
    },
  });
}

const nameOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
