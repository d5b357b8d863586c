import { isServiceBusError } from '@azure/service-bus';
import { WritebackError } from '../../errors.ts';

/** Errors of the Service Bus SDK become ours: by `code`, for its `retryable` calls a refused credential retryable. */
export function busError(error: unknown): WritebackError {
  if (error instanceof WritebackError) return error;
  const code = codeOf(error);
  if (code === 'UnauthorizedAccess') return new WritebackError('bus-refused', { cause: error });
  if (code === 'MessageSizeExceeded') return new WritebackError('message-too-large', { cause: error });
  return new WritebackError('bus-unavailable', { detail: code, cause: error });
}

/** After its retries the SDK can throw all their errors at once: the last one tells. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors.at(-1));
  if (isServiceBusError(error)) return error.code;
  return error instanceof Error ? error.name : typeof error;
}
