import type { CloudGroup, CloudUser } from '../domain/cloud-object.ts';
import type { GroupKind } from '../domain/group-kind.ts';
import type { GroupNaming } from '../domain/names/common-name.ts';
import type { AttributeValue, GroupStay, LeaveCause, UserStay } from '../domain/settings.ts';

/** What `writeback.config.ts` may say. Everything is optional; docs/configuration.md shows each option with its default. */
export type WritebackConfig = {
  /** Users: what is written and how; `false` writes no user. Default: every member born in the cloud. */
  users?: UsersConfig | false;
  /** Groups: what is written and how; `false` writes no group. Default: every group born in the cloud. */
  groups?: GroupsConfig | false;
  /**
   * Any text. Change it when something changed that your functions use but that is not in their own text (a constant, an
   * imported table): everything is looked at again then. A change of options or of a function's text is seen by itself.
   */
  revision?: string;
};

export type ScopeConfig<T> = {
  /** Which ones are written, by their own properties. Default: all. */
  filter?: (object: T) => boolean;
  /** Ids of groups whose members are written, and nobody else. Default: no such restriction. */
  groups?: readonly string[];
  /** Whether members of groups in `groups` and `deny` count, too. Default: true. */
  nested?: boolean;
  /** Never these: ids of objects, or of groups whose members are meant. Default: none. */
  deny?: readonly string[];
};

/** One name, or ordered candidates: the relay issues the first that is free. Nothing usable falls back to the default of last resort. */
export type NameRule<T> = (object: T) => string | readonly string[];

/**
 * Where an AD attribute comes from. `false`: it is not ours, what AD has stays. A function: its value. A record: `from` (may be
 * left out where there is a default), `when` it is written, and what an `empty` source does.
 */
export type AttributeConfig<T> =
  | false
  | ((object: T) => AttributeValue)
  | {
      from?: (object: T) => AttributeValue;
      /** `creation`: with a new entry and never again. Default: always. */
      when?: 'always' | 'creation';
      /** `clear` the attribute in AD, or `keep` what it has. Default: clear. */
      empty?: 'clear' | 'keep';
    };

/** What becomes of an entry: it stays in some form, is deleted, or stays for a number of days and is deleted then. */
export type LeaveConfig<Stay> = Stay | 'delete' | { deleteAfterDays: number; until?: Stay };

export type UsersConfig = ScopeConfig<CloudUser> & {
  /** Whether guests (`userType` Guest) are written, too. Default: false. */
  guests?: boolean;
  names?: {
    /** The entry's name (RDN), 64 characters. Default: display name, `_`, last 12 digits of the id. */
    cn?: NameRule<CloudUser>;
    /** 20 characters. Issued once, it stays. Default: the plain `mailNickname`, numbered. */
    sAMAccountName?: NameRule<CloudUser>;
    /** Default: the cloud's, then its plain prefix at `fallbackSuffix`. */
    userPrincipalName?: NameRule<CloudUser>;
  };
  /** DNS name that a userPrincipalName gets where the forest does not know its suffix. Default: the relay's domain. */
  fallbackSuffix?: string;
  /** By LDAP name; what is not named here keeps its default. */
  attributes?: Readonly<Record<string, AttributeConfig<CloudUser>>>;
  /** Whether `manager` is written. Default: true. */
  manager?: boolean;
  /** Whether `thumbnailPhoto` is written; it costs a read per user. Default: false. */
  photo?: boolean;
  /** `keep`: an account that was disabled on-premises stays disabled until the cloud disables and enables it. Default: keep. */
  onPremisesDisable?: 'keep' | 'follow-cloud';
  /** By cause. Default: `disable` after a soft delete, `delete` after a hard delete, `disable` out of scope. */
  leaving?: Partial<Record<LeaveCause, LeaveConfig<UserStay>>>;
};

export type GroupsConfig = ScopeConfig<CloudGroup> & {
  /** Whether groups that roles can be assigned to are written. Default: false. */
  roleAssignable?: boolean;
  /** Whether owners' and administrators' choice per group counts (`writebackConfiguration`, Graph beta). Default: false. */
  writebackConfiguration?: boolean;
  /** Security or distribution; undefined leaves it to the default rule. Default: Microsoft 365 and distribution groups are distribution. */
  kind?: (group: CloudGroup) => GroupKind | undefined;
  /** How entries are named: `name-and-id`, `id` (`Group_<id>`, as Azure AD Connect) or `display-name` (numbered). Default: name-and-id. */
  naming?: GroupNaming;
  /** Instead of `naming`, or beside it. */
  names?: {
    /** The entry's name (RDN), 64 characters. Default: by `naming`. */
    cn?: NameRule<CloudGroup>;
    /** 64 characters. Issued once, it stays. Default: the plain display name, numbered. */
    sAMAccountName?: NameRule<CloudGroup>;
  };
  /** By LDAP name; what is not named here keeps its default. */
  attributes?: Readonly<Record<string, AttributeConfig<CloudGroup>>>;
  /** Whether members of groups with hidden membership are written to AD, where everybody can read them. Default: leave-empty. */
  hiddenMembership?: 'leave-empty' | 'write';
  /** By cause. Default: `convert` after a soft delete, `delete` after a hard delete, `convert` out of scope. */
  leaving?: Partial<Record<LeaveCause, LeaveConfig<GroupStay>>>;
};

/** For `export default defineConfig({ … })`: types and completion. What is wrong is found at build and at start, all at once. */
export function defineConfig(config: WritebackConfig): WritebackConfig {
  return config;
}
