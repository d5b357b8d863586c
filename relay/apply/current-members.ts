import { keyOfSid } from '../../shared/domain/member-key.ts';
import type { Guid, Member } from '../ports.ts';
import type { Workplace } from './workplace.ts';

/** Entries that memory does not know are read so many at a time. */
const readsAtOnce = 8;

/**
 * The members of a group with the key of each: `u:`/`g:` for entries of ours, `s:<SID>` for other principals, and
 * `x:<objectGUID>` for what has no SID. An entry under the destination that memory does not know is read before it counts
 * as a stranger: another relay may have created it.
 */
export async function currentMembers(group: Guid, workplace: Workplace): Promise<Map<Guid, string>> {
  const { directory, index } = workplace;
  const members = await directory.members(group);
  const unknown = members.filter((each) => isPerhapsOurs(each, workplace));
  for (let at = 0; at < unknown.length; at += readsAtOnce) {
    const some = unknown.slice(at, at + readsAtOnce);
    const entries = await Promise.all(some.map(({ guid }) => directory.read(guid, [])));
    for (const entry of entries) if (entry !== undefined) index.put(entry);
  }
  return new Map(members.map((member) => [member.guid, index.keyOf(member.guid) ?? keyOfStranger(member)]));
}

/** A hint only: texts of DNs may differ where the names are the same, and then the key is found at the next reading. */
function isPerhapsOurs(member: Member, { index, description }: Workplace): boolean {
  if (index.byGuid(member.guid) !== undefined) return false;
  const dn = member.dn.toLowerCase();
  const { destination, leavers } = description;
  return [destination, leavers].some(
    (place) => place !== undefined && dn.endsWith(`,${place.toLowerCase()}`),
  );
}

function keyOfStranger({ guid, sid }: Member): string {
  return sid.startsWith('S-1-5-21-') ? keyOfSid(sid) : `x:${guid}`;
}
