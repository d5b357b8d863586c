import type { ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import Long from 'long';
import { epochMs } from '../../shared/domain/time.ts';
import type { Backlog } from './lane.ts';

/** As much as is used of a receiver. */
export type Peeker = Pick<ServiceBusReceiver, 'peekMessages'>;

/**
 * Counts by peeking, which sees what is locked too, and takes nothing. Without a session, a queue with sessions shows the messages
 * of all of them (learn.microsoft.com, message-sessions: "Clients may still peek"). A peek may answer fewer messages than there are,
 * so it is asked again until none is left or the limit is reached.
 */
export async function peekBacklog(peeker: Peeker, limit: number): Promise<Backlog> {
  let count = 0;
  let first: ServiceBusReceivedMessage | undefined;
  let from = Long.ZERO;
  while (count < limit) {
    // Bodies stay where they are: nobody looks at them. The SDK knows the option, its types leave it out.
    const options = { fromSequenceNumber: from, omitMessageBody: true };
    const page = await peeker.peekMessages(limit - count, options);
    first ??= page[0];
    count += page.length;
    const last = page.at(-1)?.sequenceNumber;
    if (last === undefined) break;
    from = last.add(1);
  }
  const at = first?.enqueuedTimeUtc;
  return { count, oldestAt: at === undefined ? undefined : epochMs(at.getTime()) };
}
