import type { IncomingLink, Transfer } from '../amqp/incoming-link.ts';
import type { OutgoingLink } from '../amqp/outgoing-link.ts';
import { rhea } from '../amqp/rhea.ts';

/** A request on `$cbs` or `$management`, decoded; `properties` are the application properties. */
export type Request = { readonly properties: Readonly<Record<string, unknown>>; readonly body: unknown };

/** The answer; `properties` are application properties. */
export type Reply = { readonly properties: Readonly<Record<string, unknown>>; readonly body?: unknown };

/** Request links and the reply links of one connection. A reply goes to the link whose name or target address was asked for. */
export class RequestReply {
  readonly #replyLinks = new Map<string, OutgoingLink>();

  openReplies(link: OutgoingLink): void {
    this.#replyLinks.set(link.name, link);
    if (link.targetAddress !== undefined) this.#replyLinks.set(link.targetAddress, link);
    link.accept({}, {});
  }

  openRequests(
    link: IncomingLink,
    options: { maxMessageSize: number; answer: (request: Request) => Reply },
  ): void {
    link.accept({
      maxMessageSize: options.maxMessageSize,
      credit: 100,
      onTransfer: (transfer) => this.#answer(transfer, options.answer),
    });
  }

  gone(link: OutgoingLink): void {
    for (const [name, other] of this.#replyLinks) if (other === link) this.#replyLinks.delete(name);
  }

  #answer(transfer: Transfer, answer: (request: Request) => Reply): void {
    const request = rhea.message.decode(transfer.bytes);
    transfer.accept();
    const reply = answer({
      properties: (request['application_properties'] ?? {}) as Record<string, unknown>,
      body: request['body'],
    });
    const replyTo = request['reply_to'];
    const link = typeof replyTo === 'string' ? this.#replyLinks.get(replyTo) : undefined;
    link?.send(
      rhea.message.encode({
        correlation_id: request['message_id'],
        application_properties: reply.properties,
        body: reply.body ?? null,
      }),
    );
  }
}
