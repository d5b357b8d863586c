import { keyOfSid } from '../../shared/domain/member-key.ts';
import type { EntrySummary, Guid, Member } from '../ports.ts';
import type { Workplace } from './workplace.ts';

/** Entries are read so many at a time. */
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
  for await (const [, entry] of readEach(unknown, workplace)) if (entry !== undefined) index.put(entry);
  return new Map(members.map((member) => [member.guid, index.keyOf(member.guid) ?? keyOfStranger(member)]));
}

/**
 * The keys of those that memory takes for ours, read anew: another relay may have released an entry, or somebody moved it away. A list
 * means it by its SID then, and the slice that speaks about its old key must not remove it.
 */
export async function rekeyed(guids: readonly Guid[], workplace: Workplace): Promise<Map<Guid, string>> {
  const { index } = workplace;
  const known = guids.flatMap((guid) => index.byGuid(guid) ?? []);
  const keys = new Map<Guid, string>();
  for await (const [before, entry] of readEach(known, workplace)) {
    if (entry === undefined) index.forget(before.guid);
    else index.put(entry);
    keys.set(before.guid, index.keyOf(before.guid) ?? keyOfStranger(before));
  }
  return keys;
}

/** Each with the entry that it is now, if it is in one of our places. */
async function* readEach<T extends { guid: Guid }>(
  all: readonly T[],
  { directory }: Workplace,
): AsyncGenerator<[T, EntrySummary | undefined]> {
  const read = async (each: T): Promise<[T, EntrySummary | undefined]> => [
    each,
    await directory.read(each.guid, []),
  ];
  for (let at = 0; at < all.length; at += readsAtOnce)
    yield* await Promise.all(all.slice(at, at + readsAtOnce).map(read));
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

function keyOfStranger({ guid, sid }: Pick<Member, 'guid' | 'sid'>): string {
  return sid.startsWith('S-1-5-21-') ? keyOfSid(sid) : `x:${guid}`;
}
