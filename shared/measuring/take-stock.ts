import type { Kind } from '../domain/object-id.ts';
import { type ErrorCode, errorCodes } from '../errors.ts';
import type { State } from '../ports.ts';
import type { Log } from '../telemetry/log.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

type Deps = { state: Pick<State, 'parked'>; telemetry: Pick<Telemetry, 'record'>; log: Log };

/**
 * Counts the objects that are parked, by kind and code. A gauge that is not told any more would keep its last value in the eyes of
 * whoever looks: so every code says 0 once when the process is new, and a code that has vanished says 0 once after that.
 */
export function createStocktaker({ state, telemetry, log }: Deps): () => Promise<void> {
  let told = new Set(kinds.flatMap((kind) => errorCodes.map((code) => keyOf(kind, code))));
  return async () => {
    const counts = new Map([...told].map((key) => [key, 0]));
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
    told = new Set([...counts].filter(([, count]) => count > 0).map(([key]) => key));
    log.info('parked counted', { users: total.user, groups: total.group });
  };
}

const kinds: readonly Kind[] = ['user', 'group'];
const keyOf = (kind: Kind, code: ErrorCode): string => `${kind} ${code}`;

/** A code of another version of this app. */
const knownCode = (code: string): ErrorCode => errorCodes.find((known) => known === code) ?? 'defect';
