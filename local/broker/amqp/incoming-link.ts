import type { Answers } from './answers.ts';
import { type AmqpError, type RheaDelivery, type RheaLink, rhea } from './rhea.ts';

/** One transfer from the client: its raw bytes and message format; exactly one of the two answers must be given. */
export type Transfer = {
  readonly bytes: Buffer;
  readonly format: number;
  accept(): void;
  reject(error: AmqpError): void;
};

/** A link on which the client sends. Nothing is answered before `accept` or `refuse`. */
export class IncomingLink {
  readonly #link: RheaLink;
  readonly #answers: Answers;

  constructor(link: RheaLink, answers: Answers) {
    this.#link = link;
    this.#answers = answers;
  }

  get address(): string | undefined {
    return this.#link.target?.address ?? undefined;
  }

  accept(options: {
    maxMessageSize: number;
    credit: number;
    onTransfer: (transfer: Transfer) => void;
  }): void {
    const link = this.#link;
    link.set_target({ address: this.address });
    link.set_source({ address: link.source?.address ?? undefined });
    link.local.attach['max_message_size'] = options.maxMessageSize;
    link.on('message', (context) =>
      options.onTransfer(this.#transfer(context.delivery, context.message, context.format)),
    );
    link.set_credit_window(options.credit);
    link.flow(options.credit);
    link.attach();
  }

  refuse(error: AmqpError): void {
    this.#link.attach();
    this.#link.close(error);
  }

  close(error: AmqpError): void {
    this.#link.close(error);
  }

  #transfer(
    delivery: RheaDelivery | undefined,
    bytes: Buffer | undefined,
    format: number | undefined,
  ): Transfer {
    if (delivery === undefined || bytes === undefined)
      throw new Error('rhea gave a message without a delivery');
    return {
      bytes,
      format: format ?? 0,
      accept: () => this.#settle(delivery, rhea.message.accepted().described(), true),
      reject: (error) => this.#settle(delivery, rhea.message.rejected({ error }).described(), false),
    };
  }

  #settle(
    delivery: RheaDelivery,
    state: ReturnType<ReturnType<typeof rhea.message.accepted>['described']>,
    plain: boolean,
  ): void {
    delivery.settled = true;
    if (!delivery.remote_settled) {
      this.#answers.add({ session: this.#link.session, weSend: false, id: delivery.id, state, plain });
    }
    this.#link.connection._register();
  }
}
