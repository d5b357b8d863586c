import { markOf } from '../../shared/domain/mark.ts';
import type { Kind, ObjectId } from '../../shared/domain/object-id.ts';
import { WritebackError } from '../../shared/errors.ts';
import { issuedAttributes } from '../guard/issued-attributes.ts';
import { theOne } from '../index/entry-index.ts';
import type { Entry, EntrySummary, Guid } from '../ports.ts';
import type { Workplace } from './workplace.ts';

/** `objectGuid`: the entry that the object had when the cloud last heard of it. */
type Bound = {
  kind: Kind;
  id: ObjectId;
  objectGuid?: string | undefined;
  /** An entry in neither place counts as none, instead of as moved away. */
  mayBeElsewhere?: boolean;
};

/**
 * The entry of a cloud object, read anew; `undefined` where it has none and the directory confirmed that. Throws
 * mark-foreign where only entries that are not ours carry the mark, mark-ambiguous where several of ours do, and entry-moved
 * where the one that the command names is in neither place any more.
 */
export async function findEntry(
  object: Bound,
  workplace: Workplace,
  /** Attributes to read besides the issued ones: those that the command is about. */
  more: readonly string[] = [],
): Promise<Entry | undefined> {
  const { directory, index } = workplace;
  const mark = markOf(object.kind, object.id);
  const attributes = [...issuedAttributes[object.kind], ...more];
  for (let foreign: EntrySummary[] | undefined; ; ) {
    let entries = index.byMark(mark);
    if (foreign === undefined && !isCertain(entries, object.objectGuid)) {
      const found = await index.confirm(mark);
      entries = found.owned;
      foreign = found.foreign;
    }
    const known = theOne(entries, object.objectGuid);
    if (known === undefined) {
      const bound = await boundEntry(object, workplace, attributes);
      if (bound === undefined && foreign !== undefined && foreign.length > 0)
        throw new WritebackError('mark-foreign', { detail: foreign.map(({ guid }) => guid).join(', ') });
      return bound;
    }
    const entry = await directory.read(known.guid, attributes);
    if (entry !== undefined && entry.mark === mark && index.isOurs(entry)) return entry;
    index.forget(known.guid);
  }
}

/** Whether memory alone may say which entry it is: none is confirmed, and so are several, of which one may be gone. */
const isCertain = (entries: readonly EntrySummary[], objectGuid: string | undefined): boolean =>
  entries.length === 1 || entries.some(({ guid }) => guid === objectGuid);

/**
 * The entry that the command names by GUID, where no search found it: the user may have changed his external id, which he has the right to
 * do. One that is gone, or that lost our mark, is none; one in neither place is not replaced by a twin.
 */
async function boundEntry(
  object: Bound,
  { directory, index }: Workplace,
  attributes: readonly string[],
): Promise<Entry | undefined> {
  if (object.objectGuid === undefined) return undefined;
  const guid = object.objectGuid as Guid;
  const mark = markOf(object.kind, object.id);
  const entry = await directory.read(guid, attributes);
  if (entry !== undefined) {
    if (entry.mark !== mark || !index.isOurs(entry)) return undefined;
    index.put(entry);
    return entry;
  }
  if (!object.mayBeElsewhere && (await directory.markElsewhere(guid)) === mark)
    throw new WritebackError('entry-moved', { detail: guid });
  return undefined;
}
