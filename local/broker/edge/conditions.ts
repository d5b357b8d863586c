import type { AmqpError } from '../amqp/rhea.ts';

/** AMQP error conditions as Service Bus gives them (core-amqp maps them to the SDK's error codes). */
export const conditions = {
  notFound: (entity: string): AmqpError => ({
    condition: 'amqp:not-found',
    description: `The messaging entity '${entity}' could not be found.`,
  }),
  unauthorized: (entity: string): AmqpError => ({
    condition: 'amqp:unauthorized-access',
    description: `Unauthorized access: a claim is required to perform the operation on '${entity}'.`,
  }),
  sessionNeeded: (entity: string): AmqpError => ({
    condition: 'amqp:not-allowed',
    description: `It is not possible for an entity that requires sessions to create a non-sessionful message receiver: '${entity}'.`,
  }),
  sessionsUnknown: (entity: string): AmqpError => ({
    condition: 'amqp:not-allowed',
    description: `A sessionful message receiver cannot be created on an entity that does not require sessions: '${entity}'.`,
  }),
  sessionIdMissing: (entity: string): AmqpError => ({
    condition: 'amqp:not-allowed',
    description: `The SessionId was not set on a message, and it cannot be sent to the entity '${entity}'.`,
  }),
  sessionTaken: (sessionId: string): AmqpError => ({
    condition: 'com.microsoft:session-cannot-be-locked',
    description: `The requested session '${sessionId}' cannot be accepted. It may be locked by another receiver.`,
  }),
  sessionLost: (): AmqpError => ({
    condition: 'com.microsoft:session-lock-lost',
    description: 'The session lock has expired on the session. Accept the session again.',
  }),
  messageLost: (): AmqpError => ({
    condition: 'com.microsoft:message-lock-lost',
    description:
      'The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.',
  }),
  timeout: (): AmqpError => ({
    condition: 'com.microsoft:timeout',
    description: 'The operation did not complete within the allotted timeout.',
  }),
  tooLarge: (limit: number): AmqpError => ({
    condition: 'amqp:link:message-size-exceeded',
    description: `The received message is larger than the limit of ${limit} bytes.`,
  }),
  undecodable: (): AmqpError => ({
    condition: 'amqp:decode-error',
    description: 'The message could not be decoded.',
  }),
  notImplemented: (what: string): AmqpError => ({
    condition: 'amqp:not-implemented',
    description: `The broker stand-in does not model '${what}'.`,
  }),
} as const;
