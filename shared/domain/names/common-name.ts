import { cleanText, cutText } from '../clean-text.ts';
import type { ObjectId } from '../object-id.ts';
import { lastTwelve, numbered } from './name-parts.ts';

/** How a group's entry is named: by display name and id, by id alone (as Azure AD Connect did), or by display name. */
export type GroupNaming = 'name-and-id' | 'id' | 'display-name';

/** What a cn may have: 64 UTF-16 units. */
export const maxCommonName = 64;

type Named = { id: ObjectId; displayName: string | null };

/** Up to 51 units of the display name, `_`, the last 12 hex digits of the id; at most 64 units in all. */
export function commonName(object: Named): string {
  return `${cutText(cleanText(object.displayName), 51)}_${lastTwelve(object)}`;
}

/** Candidates for the cn of a group's entry; none where there is no display name to go by. */
export const groupCommonNames: Record<GroupNaming, (group: Named) => string[]> = {
  'name-and-id': (group) => [commonName(group)],
  id: (group) => [`Group_${group.id}`],
  // Not behind them the name with the id: an entry keeps a name that is a candidate, so a change of naming would rename nothing.
  'display-name': (group) => numbered(cleanText(group.displayName), group, maxCommonName),
};
