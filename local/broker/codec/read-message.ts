import { rhea } from '../amqp/rhea.ts';
import type { Incoming } from '../engine/message.ts';
import { binaryOf, sectionCode, sectionsOf } from './sections.ts';

/** Format of a transfer that holds several messages, each in a Data section of an outer one. */
export const batchFormat = 0x80013700;

const dueAnnotation = 'x-opt-scheduled-enqueue-time';

/** The messages in one transfer. Throws RangeError where the bytes are no AMQP message. */
export function readTransfer(bytes: Buffer, format: number): Incoming[] {
  if (format !== batchFormat) return [readMessage(bytes)];
  return sectionsOf(bytes)
    .filter((section) => section.code === sectionCode.data)
    .map((section) => readMessage(binaryOf(bytes, section)));
}

/** What the broker must know of an encoded message; the payload is a copy of it. */
export function readMessage(bytes: Buffer): Incoming {
  let headEnd = 0;
  for (const section of sectionsOf(bytes)) if (section.code <= sectionCode.properties) headEnd = section.end;
  const head = rhea.message.decode(bytes.subarray(0, headEnd));
  const annotations = head['message_annotations'] as Record<string, unknown> | undefined;
  const messageId = head['message_id'];
  const sessionId = head['group_id'];
  return {
    messageId: messageId === undefined ? undefined : idText(messageId),
    sessionId: typeof sessionId === 'string' ? sessionId : undefined,
    timeToLiveMs: lifeOf(head),
    dueAt: epochOf(annotations?.[dueAnnotation]),
    // Copied, because the original is a slice of what the socket read.
    payload: Buffer.from(bytes),
  };
}

const idText = (id: unknown): string => (Buffer.isBuffer(id) ? id.toString('hex') : String(id));

function lifeOf(head: Record<string, unknown>): number | undefined {
  if (typeof head['ttl'] === 'number') return head['ttl'];
  const expiry = epochOf(head['absolute_expiry_time']);
  const created = epochOf(head['creation_time']);
  return expiry === undefined || created === undefined ? undefined : Math.max(expiry - created, 0);
}

/** Timestamps come as Date, or as a number where the sender wrote a long. */
function epochOf(value: unknown): number | undefined {
  if (value instanceof Date) return value.getTime();
  return typeof value === 'number' ? value : undefined;
}
