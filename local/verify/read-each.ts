import { z } from 'zod';
import type { GraphCaller } from '../graph-caller.ts';
import { CannotVerify } from './endpoints.ts';

const batchSize = 20;
const batchAttempts = 20;
const batchSchema = z.object({
  responses: z.array(z.object({ id: z.string(), status: z.number(), body: z.unknown() })),
});

/** Reads one path per key, 20 in one request; what is not there any more (404) has no body. A throttled one is asked again. */
export async function readEach(
  graph: GraphCaller,
  paths: ReadonlyMap<string, string>,
): Promise<Map<string, unknown>> {
  const bodies = new Map<string, unknown>();
  const keys = [...paths.keys()];
  for (let at = 0, tries = 0; at < keys.length; ) {
    const wanted = keys.slice(at, at + batchSize).filter((key) => !bodies.has(key));
    for (const { id, status, body } of await batch(graph, wanted, paths)) {
      if (status === 200) bodies.set(id, body);
      if (status === 404) bodies.set(id, undefined);
    }
    if (wanted.every((key) => bodies.has(key))) at += batchSize;
    else if (++tries > batchAttempts) throw new CannotVerify('Graph refuses to answer a batch of reads');
  }
  return bodies;
}

async function batch(graph: GraphCaller, keys: readonly string[], paths: ReadonlyMap<string, string>) {
  const requests = keys.map((id) => ({ id, method: 'GET', url: paths.get(id) }));
  const answer = await graph.call('POST', '/$batch', { requests });
  if (answer.status !== 200) throw new CannotVerify(`Graph answered ${answer.status} to a batch of reads`);
  return batchSchema.parse(answer.body).responses;
}
