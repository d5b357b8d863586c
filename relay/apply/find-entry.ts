import { markOf } from '../../shared/domain/mark.ts';
import type { Kind, ObjectId } from '../../shared/domain/object-id.ts';
import { WritebackError } from '../../shared/errors.ts';
import { issuedAttributes } from '../guard/issued-attributes.ts';
import { theOne } from '../index/entry-index.ts';
import type { Entry } from '../ports.ts';
import type { Workplace } from './workplace.ts';

/**
 * The entry of a cloud object, read anew; `undefined` where it has none and the directory confirmed that. Throws
 * mark-foreign where only entries that are not ours carry the mark, and mark-ambiguous where several of ours do.
 */
export async function findEntry(
  object: { kind: Kind; id: ObjectId; objectGuid?: string | undefined },
  { directory, index }: Workplace,
  /** Attributes to read besides the issued ones: those that the command is about. */
  more: readonly string[] = [],
): Promise<Entry | undefined> {
  const mark = markOf(object.kind, object.id);
  for (let confirmed = false; ; ) {
    let entries = index.byMark(mark);
    if (entries.length === 0) {
      if (confirmed) return undefined;
      const found = await index.confirm(mark);
      confirmed = true;
      if (found.owned.length === 0 && found.foreign.length > 0)
        throw new WritebackError('mark-foreign', {
          detail: found.foreign.map((entry) => entry.guid).join(', '),
        });
      entries = found.owned;
    }
    const known = theOne(entries, object.objectGuid);
    if (known === undefined) return undefined;
    const entry = await directory.read(known.guid, [...issuedAttributes[object.kind], ...more]);
    if (entry !== undefined && entry.mark === mark && index.isOurs(entry)) return entry;
    index.forget(known.guid);
  }
}
