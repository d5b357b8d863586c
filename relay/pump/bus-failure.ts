import { type ErrorCode, WritebackError } from '../../shared/errors.ts';

/** Codes of ServiceBusError: decided by code, because `retryable` is wrong for some (UnauthorizedAccess). */
const codes: Record<string, ErrorCode> = {
  SessionLockLost: 'lock-lost',
  MessageLockLost: 'lock-lost',
  MessageNotFound: 'lock-lost',
  SessionCannotBeLocked: 'lock-lost',
  UnauthorizedAccess: 'bus-refused',
  MessagingEntityNotFound: 'bus-refused',
  MessagingEntityDisabled: 'bus-refused',
  MessageSizeExceeded: 'message-too-large',
  AuthenticationError: 'bus-refused',
};

/** Anything that the Service Bus or identity SDK throws, as ours. The texts of the SDK stay behind. */
export function busFailure(thrown: unknown, operation: string): WritebackError {
  if (thrown instanceof WritebackError) return thrown;
  const first = thrown instanceof AggregateError ? (thrown.errors[0] as unknown) : thrown;
  const name = nameOf(first);
  return new WritebackError(codes[name] ?? 'bus-unavailable', {
    detail: `${operation}: ${name}`,
    cause: thrown,
  });
}

/** Whether an accept failed because no session has messages. Which of the codes appears is a matter of a millisecond. */
export function isNoneNow(thrown: unknown): boolean {
  const first = thrown instanceof AggregateError ? (thrown.errors[0] as unknown) : thrown;
  return ['ServiceTimeout', 'SessionCannotBeLocked', 'OperationTimeoutError'].includes(nameOf(first));
}

/** A rare hiccup of the SDK under concurrency (azure-sdk-for-js issues 9775 and 27010). */
export function isHiccup(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message.includes('failed to create receiver but without an error');
}

function nameOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  if ('code' in error && typeof error.code === 'string' && error.code !== 'GeneralError') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
