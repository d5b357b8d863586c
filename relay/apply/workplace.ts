import type { Notice, Result } from '../../shared/contracts/result.ts';
import type { AttributeRules } from '../guard/attribute-rules.ts';
import type { PlanFilter } from '../guard/guard-plan.ts';
import type { EntryIndex } from '../index/entry-index.ts';
import type { Principals } from '../index/principals.ts';
import type { NewAccount } from '../plan/plan.ts';
import type { Directory, DirectoryDescription, EntrySummary } from '../ports.ts';
import type { ListMemory } from './list-memory.ts';

/** A new random password: the bytes of unicodePwd and, where somebody may open it, the same sealed (base64). */
export type NewPassword = { bytes: Uint8Array; sealed?: string };

/** Everything that applying a command needs. `directory` lets no write through that the lane's fence does not allow. */
export type Workplace = {
  directory: Directory;
  description: DirectoryDescription;
  index: EntryIndex;
  principals: Principals;
  /** Groups whose complete list is arriving. */
  lists: ListMemory;
  rules: AttributeRules;
  filters: readonly PlanFilter[];
  newAccount: NewAccount;
  newPassword(): NewPassword;
  /** Where a userPrincipalName goes whose own suffix the forest does not know. */
  fallbackSuffix: string;
};

/** What was done so far: kept outside of the steps, because a command that fails half-way reports it too. */
export type Progress = {
  entry: EntrySummary | undefined;
  created: boolean;
  /** The entry came back from the recycle bin. */
  restored: boolean;
  changed: Set<string>;
  added: number;
  removed: number;
  missing: Result['missing'];
  omitted: Result['omitted'];
  memberOf: Result['memberOf'];
  reports: Result['reports'];
  holders: Result['holders'];
  notices: Set<Notice>;
  account: Result['account'];
  sealedPassword: string | undefined;
};

export function newProgress(): Progress {
  return {
    entry: undefined,
    created: false,
    restored: false,
    changed: new Set(),
    added: 0,
    removed: 0,
    missing: [],
    omitted: [],
    memberOf: [],
    reports: [],
    holders: [],
    notices: new Set(),
    account: undefined,
    sealedPassword: undefined,
  };
}
