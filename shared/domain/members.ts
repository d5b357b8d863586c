import type { CloudMember } from './cloud-object.ts';
import { keyOfSid, keyOfWritten, type MemberKey } from './member-key.ts';
import { groupScope } from './scope.ts';

/** Why a direct member in the cloud is no member in AD. */
export type LeftOut = 'guest' | 'mail-enabled' | 'no-sid' | 'other-type';

/** A member as a command names it, or why it is left out. */
export type MemberVerdict = { key: MemberKey } | { leftOut: LeftOut };

export type KnownMember = Extract<CloudMember, { known: true }>;

/** What a group in AD should list for a member whose properties were read (docs/expected-state.md, Members). */
export function memberVerdict(member: KnownMember): MemberVerdict {
  if (member.synced) return member.sid === null ? { leftOut: 'no-sid' } : { key: keyOfSid(member.sid) };
  if (member.type === 'user') {
    return member.guest ? { leftOut: 'guest' } : { key: keyOfWritten('user', member.id) };
  }
  const scope = groupScope({ ...member, onPremisesSyncEnabled: member.synced });
  return scope === 'inside' ? { key: keyOfWritten('group', member.id) } : { leftOut: 'mail-enabled' };
}
