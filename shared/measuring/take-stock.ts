import type { Kind } from '../domain/object-id.ts';
import { type ErrorCode, errorCodes } from '../errors.ts';
import type { State } from '../ports.ts';
import type { Log } from '../telemetry/log.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

type Deps = { state: Pick<State, 'parked'>; telemetry: Pick<Telemetry, 'record'>; log: Log };

/**
 * Counts the objects that are parked, by kind and code, and tells every code each time. A gauge that is not told any more would keep
 * its last value in the eyes of whoever looks, and no process may live long enough to know what the one before it has told.
 */
export function createStocktaker({ state, telemetry, log }: Deps): () => Promise<void> {
  return async () => {
    const counts = new Map<string, number>(
      kinds.flatMap((kind) => errorCodes.map((code) => [keyOf(kind, code), 0] as const)),
    );
    const total = { user: 0, group: 0 };
    for (const { kind, code, count } of await state.parked()) {
      const key = keyOf(kind, knownCode(code));
      counts.set(key, (counts.get(key) ?? 0) + count);
      total[kind] += count;
    }
    for (const [key, count] of counts) {
      const [kind, code] = key.split(' ') as [Kind, ErrorCode];
      telemetry.record('writeback.parked', count, { kind, code });
    }
    log.info('parked counted', { users: total.user, groups: total.group });
  };
}

const kinds: readonly Kind[] = ['user', 'group'];
const keyOf = (kind: Kind, code: ErrorCode): string => `${kind} ${code}`;

/** A code of another version of this app. */
const knownCode = (code: string): ErrorCode => errorCodes.find((known) => known === code) ?? 'defect';
