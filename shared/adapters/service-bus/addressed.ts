import type { ServiceBusMessage } from '@azure/service-bus';
import { laneOf } from '../../domain/lane.ts';
import { orderText } from '../../domain/order.ts';
import type { Outgoing } from '../../ports.ts';

/** The one session of a doorbell queue: it makes one reader per kind. */
export const readerSession = 'reader';

/**
 * What Service Bus needs to know of a message: the one place where session, message id and schedule are derived.
 *
 * - `users`, `groups`: one session; the id is unique, for the same ring may rightly come again (no duplicate detection there).
 * - `writes`: session = lane of the object, so its commands stay in order. The id names type, order and object (a slice also its
 *   number): sending a step twice enqueues it once, and newer content never has an older id.
 * - `results`: the id names what the result is about and when it was committed.
 * - `refused`: unique.
 */
export function addressed(outgoing: Outgoing, uniqueId: () => string): ServiceBusMessage {
  const message: ServiceBusMessage = {
    body: outgoing.message,
    contentType: 'application/json',
    messageId: messageIdOf(outgoing, uniqueId),
    applicationProperties: propertiesOf(outgoing),
  };
  const sessionId = sessionOf(outgoing);
  if (sessionId !== undefined) message.sessionId = sessionId;
  if ('dueAt' in outgoing && outgoing.dueAt !== undefined) {
    message.scheduledEnqueueTimeUtc = new Date(outgoing.dueAt);
  }
  return message;
}

function sessionOf(outgoing: Outgoing): string | undefined {
  if (outgoing.to === 'users' || outgoing.to === 'groups') return readerSession;
  return outgoing.to === 'writes' ? laneOf(outgoing.message.id) : undefined;
}

function messageIdOf(outgoing: Outgoing, uniqueId: () => string): string {
  if (outgoing.to === 'writes') {
    const { type, order, id } = outgoing.message;
    const part = outgoing.message.type === 'slice' ? `-${outgoing.message.number}` : '';
    return `${type}-${orderText(order)}-${id}${part}`;
  }
  if (outgoing.to === 'results') {
    const { of, order, id, times } = outgoing.message;
    return `${of}-${orderText(order)}-${id}-${times.commit ?? times.ring}`;
  }
  return `${outgoing.message.type}-${uniqueId()}`;
}

/** For people who look at a queue: nothing of ours reads them. */
function propertiesOf({ message }: Outgoing): Record<string, string> {
  const properties: Record<string, string> = { type: message.type };
  if ('kind' in message) properties['kind'] = message.kind;
  if ('cause' in message) properties['cause'] = message.cause;
  if ('traceparent' in message && message.traceparent !== undefined)
    properties['traceparent'] = message.traceparent;
  return properties;
}
