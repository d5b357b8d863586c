import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import Long from 'long';
import { describe, expect, it } from 'vitest';
import { type Peeker, peekBacklog } from '../../../relay/pump/peek-backlog.ts';

const enqueuedAt = 1_795_000_000_000;

/** A queue of messages 1 to `count`, of which a peek answers no more than `most` at a time. */
function queueOf(count: number, most: number): Peeker & { asked: object[] } {
  const asked: object[] = [];
  return {
    asked,
    peekMessages: async (wanted, options = {}) => {
      asked.push({ wanted, ...options });
      const from = Math.max(1, (options.fromSequenceNumber ?? Long.ONE).toNumber());
      const length = Math.max(0, Math.min(wanted, most, count - from + 1));
      return Array.from({ length }, (_, index) => ({
        sequenceNumber: Long.fromNumber(from + index),
        enqueuedTimeUtc: new Date(enqueuedAt + from + index),
      })) as unknown as ServiceBusReceivedMessage[];
    },
  };
}

describe('a look at the backlog', () => {
  it('sees nothing in an empty queue', async () => {
    expect(await peekBacklog(queueOf(0, 250), 250)).toEqual({ count: 0, oldestAt: undefined });
  });

  it('counts all of it, however few come at a time', async () => {
    expect(await peekBacklog(queueOf(100, 7), 250)).toEqual({ count: 100, oldestAt: enqueuedAt + 1 });
  });

  it('stops at the limit', async () => {
    const queue = queueOf(10_000, 100);
    expect((await peekBacklog(queue, 250)).count).toBe(250);
    expect(queue.asked.map((each) => ('wanted' in each ? each.wanted : 0))).toEqual([250, 150, 50]);
  });

  it('asks for no bodies', async () => {
    const queue = queueOf(1, 100);
    await peekBacklog(queue, 250);
    expect(queue.asked).toMatchObject([{ omitMessageBody: true }, { omitMessageBody: true }]);
  });
});
