import type { TableEntity } from '@azure/data-tables';
import { z } from 'zod';
import type { Kind } from '../../domain/object-id.ts';
import { type EpochMs, epochMs } from '../../domain/time.ts';
import { WritebackError } from '../../errors.ts';
import type { Cursor, Round } from '../../ports.ts';
import { type Columns, longText, longTextFrom, numberFrom, textFrom, wholeNumber } from './columns.ts';

export const cursorRow = 'cursor';

const timeSchema = z.number().transform(epochMs);
const roundSchema = z.object({
  id: z.string(),
  type: z.enum(['full', 'incremental']),
  startedAt: timeSchema,
  pagesSent: z.number(),
  pagesDone: z.number(),
  caughtUpAt: timeSchema.optional(),
});
const times = ['lastRoundStartedAt', 'lastRoundEndedAt', 'lastFullRoundEndedAt'] as const;

/** A cursor as an entity of `cursors`: partition = kind, one row. Absent fields have no column. */
export function entityOfCursor(cursor: Omit<Cursor, 'tag'>): TableEntity<Columns> {
  const columns: Columns = longText('link', cursor.link);
  for (const name of times) {
    const time = cursor[name];
    if (time !== undefined) columns[name] = wholeNumber(time);
  }
  if (cursor.mapping !== undefined) columns['mapping'] = cursor.mapping;
  if (cursor.round !== undefined) columns['round'] = JSON.stringify(cursor.round);
  return {
    partitionKey: cursor.kind,
    rowKey: cursorRow,
    epoch: wholeNumber(cursor.epoch),
    owner: cursor.owner,
    listing: cursor.listing,
    ...columns,
  };
}

/** The inverse. `tag` is the ETag of the read. */
export function cursorFromEntity(kind: Kind, columns: Columns, tag: string): Cursor {
  return {
    kind,
    epoch: numberFrom(columns['epoch']) ?? 0,
    owner: textFrom(columns['owner']) ?? '',
    link: longTextFrom('link', columns),
    round: roundFrom(columns['round']),
    lastRoundStartedAt: timeFrom(columns['lastRoundStartedAt']),
    lastRoundEndedAt: timeFrom(columns['lastRoundEndedAt']),
    lastFullRoundEndedAt: timeFrom(columns['lastFullRoundEndedAt']),
    mapping: textFrom(columns['mapping']),
    listing: columns['listing'] === true,
    tag,
  };
}

function timeFrom(value: unknown): EpochMs | undefined {
  const number = numberFrom(value);
  return number === undefined ? undefined : epochMs(number);
}

function roundFrom(value: unknown): Round | undefined {
  if (typeof value !== 'string') return undefined;
  const round = roundSchema.safeParse(JSON.parse(value));
  if (round.success) return round.data;
  throw new WritebackError('state-unavailable', { detail: 'the round of a cursor cannot be read' });
}
