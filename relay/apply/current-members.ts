import { keyOfSid } from '../../shared/domain/member-key.ts';
import type { Guid, Principal } from '../ports.ts';
import type { Workplace } from './workplace.ts';

/**
 * The members of a group with the key of each: `u:`/`g:` for entries of ours, `s:<SID>` for other principals, and
 * `x:<objectGUID>` for what has no SID. An entry under the destination that memory does not know is read before it counts
 * as a stranger: another relay may have created it.
 */
export async function currentMembers(group: Guid, workplace: Workplace): Promise<Map<Guid, string>> {
  const { directory, index } = workplace;
  const members = await directory.members(group);
  for (const member of members.filter((each) => isPerhapsOurs(each, workplace))) {
    const entry = await directory.read(member.guid, []);
    if (entry !== undefined) index.put(entry);
  }
  return new Map(members.map((member) => [member.guid, index.keyOf(member.guid) ?? keyOfStranger(member)]));
}

/** A hint only: texts of DNs may differ where the names are the same, and then the key is found at the next reading. */
function isPerhapsOurs(member: Principal, { index, description }: Workplace): boolean {
  const isUnder = member.dn.toLowerCase().endsWith(`,${description.destination.toLowerCase()}`);
  return isUnder && index.byGuid(member.guid) === undefined;
}

function keyOfStranger({ guid, sid }: Principal): string {
  return sid.startsWith('S-1-5-21-') ? keyOfSid(sid) : `x:${guid}`;
}
