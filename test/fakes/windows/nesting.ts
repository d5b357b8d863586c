import { refusal } from './refusal.ts';
import { isGroup, isUser, textOf, type WindowsEntry } from './windows-entry.ts';

type Scope = 'global' | 'domain local' | 'universal';

/** Which scopes a group may contain, by its own, within one domain (reference/ad-ldap.md B.3). Samba checks none of this. */
const allowed: Record<Scope, Scope[]> = {
  universal: ['global', 'universal'],
  global: ['global'],
  'domain local': ['global', 'universal', 'domain local'],
};

const violation: Record<string, string> = {
  'global<domain local': '00002144',
  'global<universal': '00002145',
  'universal<domain local': '00002146',
};

/** Refuses a member that the scope of the group forbids, that is the group itself, or that is nobody. */
export function checkNesting(group: WindowsEntry, member: WindowsEntry): void {
  if (member.guid === group.guid) throw refusal(53, '00002035');
  if (isGroup(member)) {
    const [outer, inner] = [scopeOf(group), scopeOf(member)];
    if (!allowed[outer].includes(inner)) throw refusal(53, violation[`${outer}<${inner}`] ?? '00002035');
    return;
  }
  if (!isUser(member) && !member.objectClass.includes('contact')) throw refusal(53, '00002035');
}

/** What surrounds a group: the groups that it lists, and those that list it. */
export type Neighbours = { members: WindowsEntry[]; groups: WindowsEntry[] };

/** Refuses a change of scope that would leave an illegal nesting behind, or that only goes by way of universal (B.2). */
export function checkConversion(before: WindowsEntry, after: WindowsEntry, around: () => Neighbours): void {
  const [from, to] = [scopeOf(before), scopeOf(after)];
  if (from === to) return;
  if (from !== 'universal' && to !== 'universal') throw refusal(53, '00002141', 'groupType');
  const { members, groups } = around();
  const isIllegal =
    members.some((member) => isGroup(member) && !allowed[to].includes(scopeOf(member))) ||
    groups.some((group) => !allowed[scopeOf(group)].includes(to));
  if (isIllegal) throw refusal(53, '00002143', 'groupType');
}

function scopeOf(group: WindowsEntry): Scope {
  const bits = Number(textOf(group, 'groupType'));
  if ((bits & 2) !== 0) return 'global';
  return (bits & 4) !== 0 ? 'domain local' : 'universal';
}
