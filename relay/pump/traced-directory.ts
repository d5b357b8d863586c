import { WritebackError } from '../../shared/errors.ts';
import type { Span, Telemetry } from '../../shared/telemetry/telemetry.ts';
import type { Directory } from '../ports.ts';

type Write = 'add' | 'modify' | 'rename' | 'delete';

/**
 * The same directory, except that every write is a span under `parent`. An edit of members is one span, however many requests
 * it takes; reads have none (relay/measure/measure-ldap.ts counts each request).
 */
export function tracedDirectory(
  directory: Directory,
  telemetry: Pick<Telemetry, 'start'>,
  parent: string,
): Directory {
  const traced = async <T>(operation: Write, write: () => Promise<T>): Promise<T> => {
    const span = telemetry.start('ldap', { parent, attributes: { operation } });
    try {
      const value = await write();
      span.end();
      return value;
    } catch (thrown) {
      endFailed(span, thrown);
      throw thrown;
    }
  };
  return {
    ...directory,
    add: (entry) => traced('add', () => directory.add(entry)),
    replace: (guid, values) => traced('modify', () => directory.replace(guid, values)),
    move: (guid, to) => traced('rename', () => directory.move(guid, to)),
    restore: (guid, cn) => traced('modify', () => directory.restore(guid, cn)),
    remove: (guid) => traced('delete', () => directory.remove(guid)),
    editMembers: (group, edit, beforeWrite) =>
      traced('modify', () => directory.editMembers(group, edit, beforeWrite)),
  };
}

/** Ends a span with the code of what stopped it. */
export function endFailed(span: Span<'ldap'> | Span<'apply'>, thrown: unknown): void {
  span.end({ outcome: 'failed', attributes: { code: WritebackError.from(thrown).code } });
}
