import type { DeltaPosition } from '../delta/delta-position.ts';
import type { PageItem } from '../delta/page.ts';
import { type MemberEntry, trackedBy } from '../delta/round.ts';
import type { Directory } from '../directory/directory.ts';
import { isLive } from '../directory/directory-object.ts';
import { presentInDelta } from './present.ts';

/** An item of a delta page as it goes over the wire (reference B.2). */
export function presentItem(directory: Directory, position: DeltaPosition, item: PageItem): unknown {
  const { id, object } = item;
  if (!isLive(object)) return { id, '@removed': { reason: object === undefined ? 'deleted' : 'changed' } };
  const tracked = trackedBy(position);
  const names = position.minimal && item.names ? item.names : tracked;
  return {
    ...presentInDelta(object, names),
    ...(names.has('manager') && managerOf(directory, id)),
    ...(item.entries.length > 0 && { 'members@delta': item.entries.map(presentEntry) }),
  };
}

function presentEntry({ member, type, added }: MemberEntry): unknown {
  const entry = { '@odata.type': `#microsoft.graph.${type}`, id: member };
  return added ? entry : { ...entry, '@removed': { reason: 'deleted' } };
}

function managerOf(directory: Directory, user: string): Record<string, unknown> {
  const manager = directory.object(directory.managerOf(user) ?? '');
  return isLive(manager)
    ? { 'manager@delta': [{ '@odata.type': '#microsoft.graph.user', id: manager.id }] }
    : {};
}
