import { WritebackError } from '../../errors.ts';
import type { GraphBatch } from './batch.ts';
import type { GraphAnswer } from './graph-call.ts';
import { type Patience, waitFor } from './patient-call.ts';
import { unexpectedStatus } from './unexpected-status.ts';

export type Reading = { batch: GraphBatch; patience: Patience };

const maxReads = 3;

/**
 * What is there of these paths (404: nothing). An answer that is half-loaded is asked for again a little later, it alone: one
 * object does not hold up the others. Throws graph-incomplete where that does not help.
 */
export async function readWhole<K extends string, T>(
  { batch, patience }: Reading,
  paths: ReadonlyMap<K, string>,
  parse: (body: unknown, key: K) => T,
): Promise<Map<K, T>> {
  const read = new Map<K, T>();
  let open = paths;
  for (let tried = 1; ; tried++) {
    const incomplete = new Map<K, string>();
    for (const [key, answer] of await batch(open)) {
      const body = bodyOf(answer);
      if (body === undefined) continue;
      try {
        read.set(key, parse(body, key));
      } catch (error) {
        const isIncomplete = error instanceof WritebackError && error.code === 'graph-incomplete';
        if (!isIncomplete || tried >= maxReads) throw error;
        incomplete.set(key, open.get(key) ?? '');
      }
    }
    if (incomplete.size === 0) return read;
    open = incomplete;
    await patience.clock.sleep(waitFor(undefined, tried, patience.random));
  }
}

function bodyOf({ status, body }: GraphAnswer): unknown {
  if (status === 404) return undefined;
  if (status === 200) return body ?? null;
  throw unexpectedStatus(status, body);
}
