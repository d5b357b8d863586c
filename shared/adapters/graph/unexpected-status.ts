import { WritebackError } from '../../errors.ts';
import { errorCodeOf } from './graph-call.ts';

/** An answer that no rule of ours foresees. */
export function unexpectedStatus(status: number, body: unknown): WritebackError {
  return new WritebackError('graph-invalid', {
    detail: `status ${status} ${errorCodeOf(body) ?? ''}`.trim(),
  });
}
