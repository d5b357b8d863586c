import type { Answers } from './answers.ts';
import { type AmqpError, type RheaContext, type RheaDelivery, type RheaLink, rhea } from './rhea.ts';

/** What a client said about a delivery: the AMQP outcome, its fields unread. */
export type Verdict = {
  readonly tag: Buffer;
  readonly outcome: string;
  readonly state: Readonly<Record<string, unknown>>;
  accept(): void;
  reject(error: AmqpError): void;
};

export type OutgoingHandlers = {
  /** There may be more credit than before. */
  readonly onCredit?: () => void;
  readonly onVerdict?: (verdict: Verdict) => void;
};

/** A link on which the client receives. Nothing is answered before `accept` or `refuse`: that is how an accept is held. */
export class OutgoingLink {
  readonly #link: RheaLink;
  readonly #answers: Answers;

  constructor(link: RheaLink, answers: Answers) {
    this.#link = link;
    this.#answers = answers;
  }

  get name(): string {
    return this.#link.name;
  }

  get address(): string | undefined {
    return this.#link.source?.address ?? undefined;
  }

  get targetAddress(): string | undefined {
    return this.#link.target?.address ?? undefined;
  }

  /** Link properties of the client. */
  get properties(): Readonly<Record<string, unknown>> {
    return this.#link.properties ?? {};
  }

  get filter(): Readonly<Record<string, unknown>> {
    return this.#link.source?.filter ?? {};
  }

  /** The client asked for messages that are settled when sent. */
  get isPresettled(): boolean {
    return this.#link.snd_settle_mode === 1;
  }

  /** The client has not ended the AMQP session meanwhile. */
  get isWanted(): boolean {
    return this.#link.session.is_remote_open();
  }

  /** Messages that may be sent now: credit not used by those still queued, and room for their settlement. */
  get credit(): number {
    const { outgoing } = this.#link.session;
    const queued = outgoing.next_delivery_id - outgoing.next_pending_delivery;
    return this.#link.is_open() ? Math.min(this.#link.credit - queued, outgoing.available()) : 0;
  }

  accept(answer: { filter?: object; properties?: object }, handlers: OutgoingHandlers): void {
    const link = this.#link;
    link.set_source({
      address: this.address,
      ...(answer.filter === undefined ? {} : { filter: answer.filter }),
    });
    link.set_target({ address: this.targetAddress });
    if (answer.properties !== undefined) link.local.attach['properties'] = answer.properties;
    if (this.isPresettled) link.local.attach['snd_settle_mode'] = 1;
    if (link.rcv_settle_mode === 1) link.local.attach['rcv_settle_mode'] = 1;
    Object.assign(link, { _get_drain: () => giveUpCredit(link) });
    link.on('sender_flow', () => this.#onFlow(handlers));
    for (const outcome of ['accepted', 'released', 'rejected', 'modified']) {
      link.on(outcome, (context) => this.#onVerdict(outcome, context, handlers));
    }
    link.attach();
  }

  /** Attach without a source, and detach with the error, in one segment: the SDK looks for the error within a millisecond. */
  refuse(error: AmqpError): void {
    this.#link.attach();
    this.#link.close(error);
  }

  close(error: AmqpError): void {
    this.#link.close(error);
  }

  send(bytes: Buffer, tag?: Buffer): void {
    this.#link.send(bytes, tag, 0);
  }

  /** Deliveries first, then what is left of a drained credit is given up. */
  #onFlow(handlers: OutgoingHandlers): void {
    handlers.onCredit?.();
    if (this.#link._draining === true) this.#link.set_drained(true);
  }

  #onVerdict(outcome: string, context: RheaContext, handlers: OutgoingHandlers): void {
    const { delivery } = context;
    if (delivery === undefined) return;
    const { tag } = delivery;
    const verdict: Verdict = {
      tag,
      outcome,
      state: delivery.remote_state ?? {},
      accept: () => this.#settle(delivery, rhea.message.accepted().described(), true),
      reject: (error) => this.#settle(delivery, rhea.message.rejected({ error }).described(), false),
    };
    if (handlers.onVerdict === undefined) verdict.accept();
    else handlers.onVerdict(verdict);
    handlers.onCredit?.();
  }

  #settle(
    delivery: RheaDelivery,
    state: ReturnType<ReturnType<typeof rhea.message.accepted>['described']>,
    plain: boolean,
  ): void {
    if (!delivery.remote_settled) {
      this.#answers.add({ session: this.#link.session, weSend: true, id: delivery.id, state, plain });
    }
    delivery.settled = true;
    // In mode "second" the client never says that it has settled; rhea would keep the delivery for ever.
    delivery.remote_settled = true;
    this.#link.connection._register();
  }
}

/**
 * Called by rhea when it writes a flow for a drain. Its own version says "drained" only where credit was left over; where the
 * last deliveries used it up, the SDK would wait for the word in vain and close the link.
 */
function giveUpCredit(link: RheaLink): boolean {
  if (link._draining !== true) return false;
  link.delivery_count += link.credit;
  link.credit = 0;
  return true;
}
