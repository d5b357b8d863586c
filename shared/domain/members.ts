import type { CloudMember } from './cloud-object.ts';
import { keyOfSid, keyOfWritten, type MemberKey } from './member-key.ts';
import type { Settings } from './settings.ts';

/** Why a direct member in the cloud is no member in AD. `not-written`: its kind is switched off. */
export type LeftOut = 'guest' | 'role-assignable' | 'not-written' | 'no-sid' | 'other-type';

/** A member as a command names it, or why it is left out. */
export type MemberVerdict = { key: MemberKey } | { leftOut: LeftOut };

export type KnownMember = Extract<CloudMember, { known: true }>;

/**
 * What a group in AD should list for a member whose properties were read (docs/expected-state.md, Members). Where scope is
 * restricted (`isRestricted`) a written one may still be out of scope: its row tells.
 */
export function memberVerdict(member: KnownMember, settings: Settings): MemberVerdict {
  if (member.synced) return member.sid === null ? { leftOut: 'no-sid' } : { key: keyOfSid(member.sid) };
  const leftOut = member.type === 'user' ? userLeftOut(member, settings) : groupLeftOut(member, settings);
  return leftOut === undefined ? { key: keyOfWritten(member.type, member.id) } : { leftOut };
}

function userLeftOut(
  member: Extract<KnownMember, { type: 'user' }>,
  { users }: Settings,
): LeftOut | undefined {
  if (users === false) return 'not-written';
  return member.guest && !users.scope.guests ? 'guest' : undefined;
}

function groupLeftOut(
  member: Extract<KnownMember, { type: 'group' }>,
  { groups }: Settings,
): LeftOut | undefined {
  if (groups === false) return 'not-written';
  return member.roleAssignable && !groups.scope.roleAssignable ? 'role-assignable' : undefined;
}
