import type { Kind } from '../domain/object-id.ts';
import type { Cursor, State } from '../ports.ts';
import { stageOf } from '../reading/rounds/stage.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

/**
 * Measures delta rounds by what their readers commit: a page moves the link, or ends the round. The rounds themselves need not know.
 * While a full round is closing, pages are those of incremental rounds, which go on (reading/rounds/stage.ts).
 */
export function measuredState(state: State, telemetry: Pick<Telemetry, 'record'>): State {
  const seen = new Map<Kind, Cursor>();
  return {
    ...state,
    async cursor(kind) {
      const cursor = await state.cursor(kind);
      if (cursor !== undefined) seen.set(kind, cursor);
      return cursor;
    },
    async saveCursor(cursor) {
      const saved = await state.saveCursor(cursor);
      if (saved === 'conflict') return saved;
      const before = seen.get(cursor.kind);
      const after = { ...cursor, tag: saved.tag };
      seen.set(cursor.kind, after);
      if (before !== undefined && before.tag === cursor.tag) measure(before, after, telemetry);
      return saved;
    },
  };
}

function measure(before: Cursor, after: Cursor, telemetry: Pick<Telemetry, 'record'>): void {
  const { kind } = after;
  const isFull = stageOf(before).stage === 'pages';
  const hasEnded = after.lastRoundEndedAt !== before.lastRoundEndedAt;
  const hasMoved = after.link !== undefined && after.link !== before.link;
  if (hasMoved || hasEnded) {
    telemetry.record('writeback.round.pages', 1, { kind, type: isFull ? 'full' : 'incremental' });
  }
  if (hasEnded && !isFull) {
    const seconds = secondsBetween(after.lastRoundStartedAt, after.lastRoundEndedAt);
    telemetry.record('writeback.round.duration', seconds, { kind, type: 'incremental' });
  }
  if (after.lastFullRoundEndedAt !== before.lastFullRoundEndedAt) {
    const seconds = secondsBetween(before.round?.startedAt, after.lastFullRoundEndedAt);
    telemetry.record('writeback.round.duration', seconds, { kind, type: 'full' });
  }
}

function secondsBetween(from: number | undefined, to: number | undefined): number {
  return from === undefined || to === undefined ? 0 : Math.max(0, (to - from) / 1_000);
}
