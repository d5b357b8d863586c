import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import type { RpcData } from './functions-core.ts';

/** The body as the host passes it on: text, which the library parses where it is JSON. */
export function bodyText(message: ServiceBusReceivedMessage): string {
  const body: unknown = message.body;
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString('utf8');
  return JSON.stringify(body ?? null);
}

/**
 * Trigger metadata of one message. The library makes the first letter of each key small (`messageId`, `deliveryCount`).
 * `DeliveryCount` counts from 1 as the .NET client does; the JS SDK shows the raw AMQP header, which counts from 0.
 */
export function metadataOfOne(message: ServiceBusReceivedMessage): Record<string, RpcData> {
  return Object.fromEntries(
    Object.entries(factsOf(message))
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, { json: JSON.stringify(value) }]),
  );
}

/** Trigger metadata of a batch: for each fact an array in the order of the messages (`messageIdArray`, `sessionIdArray`). */
export function metadataOfMany(messages: readonly ServiceBusReceivedMessage[]): Record<string, RpcData> {
  const metadata: Record<string, RpcData> = {};
  const facts = messages.map(factsOf);
  for (const name of Object.keys(facts[0] ?? {}) as (keyof Facts)[]) {
    metadata[`${name}Array`] = { json: JSON.stringify(facts.map((fact) => fact[name] ?? null)) };
  }
  return metadata;
}

/** The W3C trace parent that a message carries (`Diagnostic-Id` is the name the SDK writes), if it is one. */
export function traceParentOf(message: ServiceBusReceivedMessage): string | undefined {
  const properties = message.applicationProperties;
  const value = properties?.['traceparent'] ?? properties?.['Diagnostic-Id'];
  return typeof value === 'string' && /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(value)
    ? value
    : undefined;
}

type Facts = ReturnType<typeof factsOf>;

const factsOf = (message: ServiceBusReceivedMessage) => ({
  MessageId: message.messageId,
  SessionId: message.sessionId,
  DeliveryCount: (message.deliveryCount ?? 0) + 1,
  SequenceNumber: message.sequenceNumber?.toNumber(),
  EnqueuedSequenceNumber: message.enqueuedSequenceNumber,
  LockToken: message.lockToken,
  EnqueuedTimeUtc: message.enqueuedTimeUtc?.toISOString(),
  ExpiresAtUtc: message.expiresAtUtc?.toISOString(),
  ContentType: message.contentType,
  CorrelationId: message.correlationId,
  Subject: message.subject,
  To: message.to,
  ReplyTo: message.replyTo,
  ReplyToSessionId: message.replyToSessionId,
  PartitionKey: message.partitionKey,
  DeadLetterSource: message.deadLetterSource,
  ApplicationProperties: message.applicationProperties ?? {},
});
