import type { Kind, ObjectId } from '../domain/object-id.ts';
import type { EpochMs } from '../domain/time.ts';
import type { Row, RowRecorded } from '../ports.ts';

/** An object that is parked from now on (or for another reason than before), or no longer is. */
export type ParkingNews = { kind: Kind; id: ObjectId } & (
  | { parked: true; code: string; reason: string; attempts: number; ringAt: number }
  | { parked: false }
);

/** What a change of its row means for an object; undefined where it stays parked for the same reason, or stays not parked. */
export function parkingNews(
  { kind, id }: { kind: Kind; id: ObjectId },
  before: Row | undefined,
  change: Partial<RowRecorded> | 'removed',
): ParkingNews | undefined {
  const after: Partial<RowRecorded> = change === 'removed' ? {} : { ...before, ...change };
  if (!isParked(after))
    return before !== undefined && isParked(before) ? { kind, id, parked: false } : undefined;
  if (before !== undefined && isParked(before) && before.code === after.code) return undefined;
  const { code, reason = '', attempts, ringAt } = after;
  return { kind, id, parked: true, code, reason, attempts: attempts ?? 0, ringAt };
}

type Parked = Partial<RowRecorded> & { code: string; ringAt: EpochMs };

/** A row with a code and a next ring; a group whose list came through has no code any more. */
function isParked(row: Partial<RowRecorded>): row is Parked {
  return typeof row.ringAt === 'number' && !!row.code;
}
