import { RestError } from '@azure/data-tables';
import { WritebackError } from '../../errors.ts';

/** Errors of the tables SDK become state-unavailable; status and code are kept, the URL (it may carry a signature) is not. */
export function stateError(error: unknown): WritebackError {
  if (error instanceof WritebackError) return error;
  const status = statusOf(error);
  const detail = status === undefined ? nameOf(error) : `status ${status}`;
  return new WritebackError('state-unavailable', { detail, cause: error });
}

/** HTTP status of a refused table request, or undefined where there was no answer. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof RestError ? error.statusCode : undefined;
}

function nameOf(error: unknown): string {
  if (error instanceof RestError) return error.code ?? error.name;
  return error instanceof Error ? error.name : typeof error;
}
