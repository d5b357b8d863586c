import type { CloudGroup, CloudUser } from './cloud-object.ts';
import type { ObjectId } from './object-id.ts';

/** Text for one AD attribute; several values where the attribute takes several. Empty, null and undefined mean: none. */
export type AttributeValue = string | readonly string[] | null | undefined;

/** One row of a mapping: where an AD attribute comes from, when it is written, what happens when the source is empty. */
export type AttributeRule<T> = {
  from: (object: T) => AttributeValue;
  /** `creation`: written with a new entry and never again. */
  when: 'always' | 'creation';
  empty: 'clear' | 'keep';
};

/** Which objects are written, beside the rules that have no option (born in the cloud, not synced). */
export type ScopeRules<T> = {
  filter: ((object: T) => boolean) | undefined;
  /** Only members of these groups; none named: everybody. */
  groups: readonly ObjectId[];
  /** Whether members of groups in those groups count. */
  nested: boolean;
  /** Never these: ids of objects, or of groups whose members (by `nested`) are meant. */
  deny: readonly ObjectId[];
};

/** What stays of a user that leaves. `leavers`: disabled, in the leavers' OU. */
export type UserStay = 'disable' | 'leavers' | 'keep';
export type GroupStay = 'convert' | 'keep' | 'empty';
export type LeavePolicy<Stay extends UserStay | GroupStay> =
  | Stay
  | 'delete'
  | { deleteAfterDays: number; until: Stay };

/** Why an object left. A purge after a soft delete is a hard delete. */
export type LeaveCause = 'softDelete' | 'hardDelete' | 'outOfScope';

export type UserSettings = {
  scope: ScopeRules<CloudUser> & { guests: boolean };
  /** Ordered candidates; the relay issues the first that is free. */
  names: {
    cn: (user: CloudUser) => readonly string[];
    sAMAccountName: (user: CloudUser) => readonly string[];
    userPrincipalName: (user: CloudUser) => readonly string[];
  };
  /** Where a UPN whose suffix the forest does not know gets another; undefined: the DNS name of the relay's domain. */
  fallbackSuffix: string | undefined;
  attributes: Readonly<Record<string, AttributeRule<CloudUser>>>;
  manager: boolean;
  photo: boolean;
  /** `keep`: an account disabled on-premises stays disabled until the cloud disables and enables it. */
  onPremisesDisable: 'keep' | 'follow-cloud';
  leaving: Record<LeaveCause, LeavePolicy<UserStay>>;
};

export type GroupSettings = {
  scope: ScopeRules<CloudGroup> & { roleAssignable: boolean; writebackConfiguration: boolean };
  kind: (group: CloudGroup) => 'security' | 'distribution';
  names: {
    cn: (group: CloudGroup) => readonly string[];
    sAMAccountName: (group: CloudGroup) => readonly string[];
  };
  attributes: Readonly<Record<string, AttributeRule<CloudGroup>>>;
  hiddenMembership: 'leave-empty' | 'write';
  leaving: Record<LeaveCause, LeavePolicy<GroupStay>>;
};

/** The whole configuration of what is written and how, defaults filled in. `false`: that kind is not written at all. */
export type Settings = {
  users: UserSettings | false;
  groups: GroupSettings | false;
  /** Changes with anything that decides what an entry should be; a changed one begins a full round. */
  hash: string;
};
