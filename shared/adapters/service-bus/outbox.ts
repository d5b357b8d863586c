import { randomUUID } from 'node:crypto';
import type {
  ServiceBusClient,
  ServiceBusMessage,
  ServiceBusMessageBatch,
  ServiceBusSender,
} from '@azure/service-bus';
import { WritebackError } from '../../errors.ts';
import type { Outbox, Outgoing } from '../../ports.ts';
import { addressed } from './addressed.ts';
import { busError } from './bus-error.ts';

type Queue = Outgoing['to'];

/** `close` ends the senders and the connection. */
export type BusOutbox = Outbox & { close(): Promise<void> };

/**
 * The port `Outbox` over Service Bus. Each queue has one sender, kept open: the first message of a process pays for the
 * connection. Batches of a queue are sent one after the other, so order holds within a session; queues do not wait for each
 * other. Messages of different sessions share a batch, which partitioned queues would refuse: ours are not partitioned.
 */
export function createOutbox(client: ServiceBusClient, uniqueId: () => string = randomUUID): BusOutbox {
  const senders = new Map<Queue, ServiceBusSender>();
  const senderOf = (queue: Queue): ServiceBusSender => {
    const sender = senders.get(queue) ?? client.createSender(queue);
    senders.set(queue, sender);
    return sender;
  };
  return {
    async send(messages) {
      const queues = Map.groupBy(messages, ({ to }) => to);
      const sent = [...queues].map(([queue, outgoing]) =>
        sendAll(
          senderOf(queue),
          outgoing.map((one) => addressed(one, uniqueId)),
        ),
      );
      const failed = (await Promise.allSettled(sent)).find((outcome) => outcome.status === 'rejected');
      if (failed !== undefined) throw busError(failed.reason);
    },
    close: () => client.close(),
  };
}

async function sendAll(sender: ServiceBusSender, messages: readonly ServiceBusMessage[]): Promise<void> {
  let batch = await sender.createMessageBatch();
  for (const message of messages) {
    if (batch.tryAddMessage(message)) continue;
    if (batch.count > 0) await sender.sendMessages(batch);
    batch = await startBatch(sender, message);
  }
  if (batch.count > 0) await sender.sendMessages(batch);
}

async function startBatch(
  sender: ServiceBusSender,
  first: ServiceBusMessage,
): Promise<ServiceBusMessageBatch> {
  const batch = await sender.createMessageBatch();
  if (batch.tryAddMessage(first)) return batch;
  throw new WritebackError('message-too-large', { detail: String(first.messageId) });
}
