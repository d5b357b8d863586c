import type { Result } from '../contracts/result.ts';
import type { Kind } from '../domain/object-id.ts';

/** Whose row a result belongs to: differences and slices are about groups. */
export function kindOf(result: Pick<Result, 'of'>): Kind {
  return result.of === 'user' ? 'user' : 'group';
}

/** Whether the command was about the object itself, not about its members. */
export function isStateResult(result: Pick<Result, 'of'>): boolean {
  return result.of === 'user' || result.of === 'group';
}

/** Whether the directory is now what the command said. */
export function isSuccess(result: Pick<Result, 'outcome'>): boolean {
  return result.outcome !== 'rejected' && result.outcome !== 'stale';
}
