import type { IncomingLink, Transfer } from '../amqp/incoming-link.ts';
import type { AmqpError } from '../amqp/rhea.ts';
import { readTransfer } from '../codec/read-message.ts';
import type { Incoming } from '../engine/message.ts';
import type { Queue } from '../engine/queue.ts';
import { conditions } from './conditions.ts';

/** Largest message (and batch) of the Standard tier, in bytes. */
export const maxMessageBytes = 262_144;

const sendCredit = 1000;

/** Opens a link on which a client sends to a queue. */
export function sendToQueue(link: IncomingLink, queue: Queue): void {
  link.accept({
    maxMessageSize: maxMessageBytes,
    credit: sendCredit,
    onTransfer: (transfer) => take(transfer, queue),
  });
}

/** All messages of a transfer or none. */
function take(transfer: Transfer, queue: Queue): void {
  const read = readBounded(transfer, queue);
  if ('refusal' in read) {
    transfer.reject(read.refusal);
    return;
  }
  for (const message of read.messages) queue.enqueue(message);
  transfer.accept();
}

function readBounded(
  { bytes, format }: Transfer,
  queue: Queue,
): { messages: Incoming[] } | { refusal: AmqpError } {
  if (bytes.length > maxMessageBytes) return { refusal: conditions.tooLarge(maxMessageBytes) };
  let messages: Incoming[];
  try {
    messages = readTransfer(bytes, format);
  } catch {
    return { refusal: conditions.undecodable() };
  }
  const { name, requiresSession } = queue.settings;
  if (requiresSession && messages.some((message) => message.sessionId === undefined)) {
    return { refusal: conditions.sessionIdMissing(name) };
  }
  return { messages };
}
