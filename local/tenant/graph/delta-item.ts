import type { DeltaPosition } from '../delta/delta-position.ts';
import type { PageItem } from '../delta/page.ts';
import { type MemberEntry, managerIn, trackedBy } from '../delta/round.ts';
import type { Directory } from '../directory/directory.ts';
import { isLive } from '../directory/directory-object.ts';
import { presentInDelta } from './present.ts';

/** An item of a delta page as it goes over the wire (reference B.2). */
export function presentItem(
  directory: Directory,
  position: DeltaPosition,
  item: PageItem,
  mayReadMembers: (group: string) => boolean,
): unknown {
  const { id, object } = item;
  if (!isLive(object)) return { id, '@removed': { reason: object === undefined ? 'deleted' : 'changed' } };
  const tracked = trackedBy(position);
  const names = position.minimal && item.names ? item.names : tracked;
  return {
    ...presentInDelta(object, names),
    ...(tracked.has('manager') && managerDelta(directory, position, item)),
    ...(item.entries.length > 0 && mayReadMembers(id) && { 'members@delta': item.entries.map(presentEntry) }),
  };
}

function presentEntry({ member, type, added }: MemberEntry): unknown {
  const entry = { '@odata.type': `#microsoft.graph.${type}`, id: member };
  return added ? entry : { ...entry, '@removed': { reason: 'deleted' } };
}

/**
 * The manager of a user: in a full round, and of an object that came or came back, the one it has; else only where the manager
 * changed, the one before with `@removed`. A soft-deleted manager is not named; when it goes or comes back, nothing is said.
 */
function managerDelta(directory: Directory, position: DeltaPosition, { id, names }: PageItem) {
  const { before, after } = managerIn(directory, position, id);
  if (names !== undefined && !names.has('manager')) return {};
  const entries = [
    ...(before !== undefined && before !== after
      ? [{ ...reference(directory, before), '@removed': { reason: 'deleted' } }]
      : []),
    ...(isLive(directory.object(after ?? '')) ? [reference(directory, after ?? '')] : []),
  ];
  return entries.length === 0 ? {} : { 'manager@delta': entries };
}

const reference = (directory: Directory, id: string) => ({
  '@odata.type': `#microsoft.graph.${directory.object(id)?.type ?? 'user'}`,
  id,
});
