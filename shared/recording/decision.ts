import type { RowRecorded } from '../ports.ts';
import type { OwedRing } from './owed-rings.ts';
import type { RecorderSettings } from './recorder-deps.ts';

/** What results make of a row. */
export type Decision = {
  /** The recorder's columns as they should be, or `removed`. Absent: the row stays as it is. */
  change?: Partial<RowRecorded> | 'removed';
  rings: OwedRing[];
};

/** `epoch`: of the newest reader of that kind. */
export type Recording = { settings: RecorderSettings; now: number; epoch: number };
