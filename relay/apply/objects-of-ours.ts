import { markedObject } from '../../shared/domain/mark.ts';
import type { Kind, ObjectId } from '../../shared/domain/object-id.ts';
import type { Guid } from '../ports.ts';
import type { Workplace } from './workplace.ts';

/** The cloud objects of this kind that entries of ours stand for; all others are left out. */
export function objectsOfOurs(
  kind: Kind,
  guids: readonly Guid[],
  { index }: Pick<Workplace, 'index'>,
): ObjectId[] {
  return guids.flatMap((guid) => {
    const mark = index.byGuid(guid)?.mark;
    const object = mark === undefined ? undefined : markedObject(mark);
    return object?.kind === kind ? [object.id] : [];
  });
}
