import type { Cursor, Round } from '../../ports.ts';

/**
 * Where a cursor stands. `new`: never read. `pages`: a full round reads its pages. `closing`: its pages are all read, what
 * follows them is under way (users: results; groups: lists) while incremental rounds go on. `following`: incremental only.
 */
export type Stage = { stage: 'new' | 'following' } | { stage: 'pages' | 'closing'; round: Round };

export function stageOf(cursor: Cursor): Stage {
  const { round, lastRoundStartedAt } = cursor;
  if (round?.type === 'full') {
    const allRead = lastRoundStartedAt !== undefined && lastRoundStartedAt >= round.startedAt;
    return { stage: allRead ? 'closing' : 'pages', round };
  }
  return { stage: cursor.link === undefined ? 'new' : 'following' };
}
