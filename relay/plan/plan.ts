import type { Kind } from '../../shared/domain/object-id.ts';
import type { Entry, Guid, Place } from '../ports.ts';

/** Marks, in the attribute that always carries one and in the one that newer schemas have. */
export const markAttribute = 'adminDescription';
export const externalIdAttribute = 'msDS-ExternalDirectoryObjectId';
export const photoAttribute = 'thumbnailPhoto';

/** ACCOUNTDISABLE, the one account-control bit that is ours after creation (MS-ADTS 2.2.16). */
export const accountDisabled = 0x2;
/** PASSWD_NOTREQD: on a new account until it gets its first password, and never set by us. */
export const passwordNotRequired = 0x20;
/** NORMAL_ACCOUNT. */
const normalAccount = 0x200;
/** What the directory makes of an account that is created without a word about its control (546). */
export const bareAccount = normalAccount | accountDisabled | passwordNotRequired;
/** SMARTCARD_REQUIRED: set with the first password where the relay is told so, and never touched again. */
export const smartcardRequired = 0x40000;
/** GROUP_TYPE_UNIVERSAL_GROUP with and without GROUP_TYPE_SECURITY_ENABLED (MS-ADTS 2.2.12), signed. */
export const universalSecurity = -2147483640;
export const universalDistribution = 8;

/** How the account of a new user begins (RELAY_NEW_ACCOUNT): see docs/relay-settings.md. */
export const newAccounts = ['random-password', 'must-change', 'smart-card', 'sealed-password'] as const;
export type NewAccount = (typeof newAccounts)[number];

/** Where an entry is: its cn, and which of the two OUs. */
export type Whereabouts = { cn: string; place: Place };

/** One step from what an entry is to what it should be. Plain data: a filter can look at it, a dry run can print it. */
export type Change =
  | { type: 'create'; kind: Kind; cn: string; attributes: Record<string, string | readonly string[]> }
  /** No value clears. */
  | { type: 'replace'; attribute: string; values: readonly string[] }
  | { type: 'photo'; bytes: Uint8Array | null }
  | { type: 'manager'; to: Guid | null }
  | { type: 'move'; from: Whereabouts; to: Whereabouts }
  /** A random password; `once`: to be changed at the next logon. */
  | { type: 'password'; once: boolean }
  | { type: 'account-control'; from: number; to: number }
  | { type: 'group-type'; to: number }
  | { type: 'members'; add: readonly Guid[]; remove: readonly Guid[] }
  | { type: 'delete' };

/** What has to change about one object; `entry` is what it was read as, absent before it is created. */
export type Plan = { kind: Kind; mark: string; entry: Entry | undefined; changes: readonly Change[] };

/** The LDAP attributes that a change touches, as a result names them. */
export function attributesOf(change: Change): string[] {
  switch (change.type) {
    case 'create':
      return ['cn', ...Object.keys(change.attributes)];
    case 'replace':
      return [change.attribute];
    case 'photo':
      return [photoAttribute];
    case 'manager':
      return ['manager'];
    case 'move': {
      const { from, to } = change;
      return [
        ...(from.cn === to.cn ? [] : ['cn']),
        ...(from.place === to.place ? [] : ['distinguishedName']),
      ];
    }
    case 'password':
      return ['unicodePwd', ...(change.once ? ['pwdLastSet'] : [])];
    case 'account-control':
      return ['userAccountControl'];
    case 'group-type':
      return ['groupType'];
    case 'members':
      return ['member'];
    case 'delete':
      return [];
  }
}
