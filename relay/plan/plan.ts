import type { Kind } from '../../shared/domain/object-id.ts';
import type { Entry, Guid } from '../ports.ts';

/** Marks, in the attribute that always carries one and in the one that newer schemas have. */
export const markAttribute = 'adminDescription';
export const externalIdAttribute = 'msDS-ExternalDirectoryObjectId';

/** ACCOUNTDISABLE, the one account-control bit that is ours after creation (MS-ADTS 2.2.16). */
export const accountDisabled = 0x2;
/** NORMAL_ACCOUNT. */
export const normalAccount = 0x200;
/** GROUP_TYPE_UNIVERSAL_GROUP with and without GROUP_TYPE_SECURITY_ENABLED (MS-ADTS 2.2.12), signed. */
export const universalSecurity = -2147483640;
export const universalDistribution = 8;

/** One step from what an entry is to what it should be. Plain data: a filter can look at it, a dry run can print it. */
export type Change =
  | { type: 'create'; kind: Kind; cn: string; attributes: Record<string, string> }
  | { type: 'replace'; attribute: string; value: string | null }
  | { type: 'rename'; cn: string }
  /** A random password that nobody knows. */
  | { type: 'password' }
  | { type: 'account-control'; from: number; to: number }
  | { type: 'group-type'; to: number }
  | { type: 'members'; add: readonly Guid[]; remove: readonly Guid[] }
  | { type: 'delete' };

/** What has to change about one object; `entry` is what it was read as, absent before it is created. */
export type Plan = { kind: Kind; mark: string; entry: Entry | undefined; changes: readonly Change[] };

/** The LDAP attributes that a change touches, as a result names them. */
export function attributesOf(change: Change): string[] {
  if (change.type === 'create') return ['cn', ...Object.keys(change.attributes)];
  if (change.type === 'replace') return [change.attribute];
  if (change.type === 'rename') return ['cn'];
  if (change.type === 'password') return ['unicodePwd'];
  if (change.type === 'account-control') return ['userAccountControl'];
  if (change.type === 'group-type') return ['groupType'];
  return change.type === 'members' ? ['member'] : [];
}
