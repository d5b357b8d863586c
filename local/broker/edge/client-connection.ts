import type { IncomingLink } from '../amqp/incoming-link.ts';
import type { OutgoingLink } from '../amqp/outgoing-link.ts';
import type { RheaContainer } from '../amqp/rhea.ts';
import { WireConnection, type WireSocket } from '../amqp/wire-connection.ts';
import type { Broker } from '../engine/broker.ts';
import type { Queue } from '../engine/queue.ts';
import type { SessionLock } from '../engine/session.ts';
import { putToken } from './cbs.ts';
import { Claims } from './claims.ts';
import { conditions } from './conditions.ts';
import { parseEntityPath } from './entity-path.ts';
import { manage } from './management.ts';
import { type AnswerPace, receiveFromQueue } from './receive-queue.ts';
import { receiveFromSession, type SessionReceiver, sessionFilter } from './receive-session.ts';
import { type Reply, type Request, RequestReply } from './request-reply.ts';
import { maxMessageBytes, sendToQueue } from './send-to-queue.ts';
import type { TokenSecrets } from './token-check.ts';

/** What every connection shares. `commit` makes the engine's facts durable. */
export type EdgeContext = {
  readonly broker: Broker;
  readonly container: RheaContainer;
  readonly secrets: TokenSecrets;
  readonly now: () => number;
  readonly commit: () => void;
  readonly problem: (what: string) => void;
  readonly pace: AnswerPace;
};

const cbsAddress = '$cbs';

/** One client: decides what each of its links is for. Links to entities need a claim (put-token) first, on every transport. */
export class ClientConnection {
  readonly #context: EdgeContext;
  readonly #claims: Claims;
  readonly #requests = new RequestReply();
  readonly #leave = new Map<OutgoingLink, (how: 'closed' | 'dropped') => void>();
  readonly #sessionReceivers = new Map<
    OutgoingLink,
    { readonly queue: Queue; readonly receiver: SessionReceiver }
  >();
  readonly #wire: WireConnection;

  constructor(socket: WireSocket, context: EdgeContext, ended: (connection: ClientConnection) => void) {
    this.#context = context;
    this.#claims = new Claims(context.secrets, context.now);
    this.#wire = new WireConnection(context.container, socket, {
      incoming: (link) => this.#incoming(link),
      outgoing: (link) => this.#outgoing(link),
      gone: (link, how) => this.#gone(link as OutgoingLink, how),
      ended: () => ended(this),
      beforeWrite: context.commit,
      problem: context.problem,
    });
  }

  /** Cuts the connection without a word. */
  drop(): void {
    this.#wire.drop();
  }

  #incoming(link: IncomingLink): void {
    const address = link.address ?? '';
    const queue = address === cbsAddress ? undefined : this.#admit(link, address);
    const { isManagement, isDeadLetter } = parseEntityPath(address);
    if (address === cbsAddress) this.#openRequests(link, (request) => putToken(this.#claims, request));
    else if (queue === undefined) return;
    else if (isManagement) this.#openRequests(link, this.#manager(queue, isDeadLetter));
    else sendToQueue(link, queue);
  }

  #outgoing(link: OutgoingLink): void {
    const address = link.address ?? '';
    const queue = address === cbsAddress ? undefined : this.#admit(link, address);
    if (address === cbsAddress || (queue !== undefined && parseEntityPath(address).isManagement)) {
      this.#requests.openReplies(link);
      this.#leave.set(link, () => this.#requests.gone(link));
    } else if (queue !== undefined) {
      this.#receive(link, queue, address);
    }
  }

  #receive(link: OutgoingLink, queue: Queue, address: string): void {
    const wantsSession = sessionFilter in link.filter;
    const { isDeadLetter } = parseEntityPath(address);
    const { pace } = this.#context;
    if (isDeadLetter) {
      const dead = { dispatch: queue.deadLetters, deadLetterSource: queue.settings.name };
      this.#leave.set(link, receiveFromQueue(link, dead, pace));
    } else if (queue.plain !== undefined && !wantsSession) {
      this.#leave.set(
        link,
        receiveFromQueue(link, { dispatch: queue.plain, deadLetterSource: undefined }, pace),
      );
    } else if (queue.sessions !== undefined && wantsSession) {
      const receiver = receiveFromSession(link, queue.sessions, pace);
      this.#sessionReceivers.set(link, { queue, receiver });
      this.#leave.set(link, receiver.leave);
    } else {
      link.refuse(wantsSession ? conditions.sessionsUnknown(address) : conditions.sessionNeeded(address));
    }
  }

  #openRequests(link: IncomingLink, answer: (request: Request) => Reply): void {
    this.#requests.openRequests(link, { maxMessageSize: maxMessageBytes, answer });
  }

  #manager(queue: Queue, isDeadLetter: boolean): (request: Request) => Reply {
    const lockOf = (sessionId: string, linkName: unknown): SessionLock | undefined =>
      this.#lockOf(queue, sessionId, linkName);
    return (request) => manage({ queue, isDeadLetter, lockOf }, request);
  }

  /** The queue an address names, if the client may touch it; otherwise the link is refused. */
  #admit(link: IncomingLink | OutgoingLink, address: string): Queue | undefined {
    const queue = this.#context.broker.queue(parseEntityPath(address).queue);
    if (!this.#claims.allow(address)) {
      link.refuse(conditions.unauthorized(address));
      return undefined;
    }
    if (queue === undefined) link.refuse(conditions.notFound(address));
    return queue;
  }

  /** Only the connection that holds a session can renew it or touch its state. */
  #lockOf(queue: Queue, sessionId: string, linkName: unknown): SessionLock | undefined {
    for (const [link, { queue: held, receiver }] of this.#sessionReceivers) {
      const lock = receiver.lock();
      if (held !== queue || lock?.session.id !== sessionId || !lock.held) continue;
      if (typeof linkName !== 'string' || link.name === linkName) return lock;
    }
    return undefined;
  }

  #gone(link: OutgoingLink, how: 'closed' | 'dropped'): void {
    this.#leave.get(link)?.(how);
    this.#leave.delete(link);
    this.#sessionReceivers.delete(link);
  }
}
