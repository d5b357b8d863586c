import type { Result } from '../../shared/contracts/result.ts';
import type { PlanFilter } from '../guard/guard-plan.ts';
import type { EntryIndex } from '../index/entry-index.ts';
import type { Principals } from '../index/principals.ts';
import type { Directory, DirectoryDescription, EntrySummary } from '../ports.ts';
import type { ListMemory } from './list-memory.ts';

/** Everything that applying a command needs. `directory` lets no write through that the lane's fence does not allow. */
export type Workplace = {
  directory: Directory;
  description: DirectoryDescription;
  index: EntryIndex;
  principals: Principals;
  /** Groups whose complete list is arriving. */
  lists: ListMemory;
  filters: readonly PlanFilter[];
  /** A new random password, as the bytes of unicodePwd. */
  newPassword(): Uint8Array;
};

/** What was done so far: kept outside of the steps, because a command that fails half-way reports it too. */
export type Progress = {
  entry: EntrySummary | undefined;
  created: boolean;
  changed: Set<string>;
  added: number;
  removed: number;
  missing: Result['missing'];
  omitted: Result['omitted'];
  memberOf: Result['memberOf'];
};

export function newProgress(): Progress {
  return {
    entry: undefined,
    created: false,
    changed: new Set(),
    added: 0,
    removed: 0,
    missing: [],
    omitted: [],
    memberOf: [],
  };
}
