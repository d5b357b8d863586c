import type { Row, RowRecorded } from '../ports.ts';

type Parked = Pick<Partial<Row>, 'outcome' | 'code'>;

/** The object itself could not be written. */
export const isParkedItself = ({ outcome, code }: Parked): boolean =>
  !!code && (outcome === 'rejected' || outcome === 'dead-lettered');

/** The group is as it should be, but its list could not be. */
export const isParkedForItsList = (row: Parked): boolean =>
  !!row.code && row.outcome !== 'stale' && !isParkedItself(row);

/** What a row says of an object that is not parked, for people and for the next wait. */
export const notParked: Partial<RowRecorded> = { code: '', reason: '', ringAt: null, attempts: null };
