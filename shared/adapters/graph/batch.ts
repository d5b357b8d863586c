import { z } from 'zod';
import type { DurationMs } from '../../domain/time.ts';
import { WritebackError } from '../../errors.ts';
import { errorCodeOf, type GraphAnswer, type GraphCall, retryAfterOf } from './graph-call.ts';
import { isPassing, type Patience, passingError, waitFor } from './patient-call.ts';

/** Reads many paths; every key asked for has an answer with a status below 500 that is not 429, 401 or 403. */
export type GraphBatch = <K extends string>(paths: ReadonlyMap<K, string>) => Promise<Map<K, GraphAnswer>>;

const chunkSize = 20;
const chunksAtOnce = 4;
const maxRounds = 4;
const maxWaitMs = 5_000;

const batchSchema = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.number().int(),
      headers: z.record(z.string(), z.unknown()).optional(),
      body: z.unknown().optional(),
    }),
  ),
});

/**
 * GETs by `$batch`, 20 a request (the limit of Graph, JSON batching page). A batch that is answered 200 can hold refused
 * parts, each with its own Retry-After: those are asked again, the others are kept. One path alone is a plain GET, which is
 * faster than a batch of one.
 */
export function createGraphBatch(call: GraphCall, patience: Patience): GraphBatch {
  return async (paths) => {
    if (paths.size <= 1) return await readSingly(call, paths);
    const answers = new Map<string, GraphAnswer>();
    let open = [...paths];
    for (let round = 1; open.length > 0; round++) {
      for (const [key, answer] of await readRound(call, open, patience)) answers.set(key, answer);
      open = open.filter(([key]) => isPassing(answers.get(key)?.status ?? 503));
      if (open.length > 0) await waitOrThrow(open, answers, round, patience);
    }
    return refuseForbidden(new Map([...paths.keys()].map((key) => [key, known(answers.get(key))])));
  };
}

async function readSingly<K extends string>(
  call: GraphCall,
  paths: ReadonlyMap<K, string>,
): Promise<Map<K, GraphAnswer>> {
  const answers = new Map<K, GraphAnswer>();
  for (const [key, path] of paths) answers.set(key, await call({ method: 'GET', path }));
  return answers;
}

async function readRound(
  call: GraphCall,
  paths: readonly (readonly [string, string])[],
  patience: Patience,
): Promise<[string, GraphAnswer][]> {
  const chunks: (readonly (readonly [string, string])[])[] = [];
  for (let at = 0; at < paths.length; at += chunkSize) chunks.push(paths.slice(at, at + chunkSize));
  const answers: [string, GraphAnswer][] = [];
  for (let at = 0; at < chunks.length; at += chunksAtOnce) {
    const group = chunks.slice(at, at + chunksAtOnce);
    answers.push(...(await Promise.all(group.map((chunk) => readChunk(call, chunk, patience)))).flat());
  }
  return answers;
}

async function readChunk(
  call: GraphCall,
  chunk: readonly (readonly [string, string])[],
  { clock }: Patience,
): Promise<[string, GraphAnswer][]> {
  const requests = chunk.map(([, path], at) => ({ id: String(at), method: 'GET', url: path }));
  const { status, body } = await call({ method: 'POST', path: '/$batch', body: { requests } });
  const batch = batchSchema.safeParse(body);
  if (status !== 200 || !batch.success) {
    throw new WritebackError('graph-invalid', { detail: `$batch answered ${status}` });
  }
  return batch.data.responses.flatMap((response): [string, GraphAnswer][] => {
    const key = chunk[Number(response.id)]?.[0];
    const retryAfterMs = retryAfterOf(headerOf(response.headers, 'retry-after'), clock);
    return key === undefined ? [] : [[key, { status: response.status, body: response.body, retryAfterMs }]];
  });
}

function headerOf(headers: Record<string, unknown> | undefined, name: string): string | undefined {
  const found = Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined;
}

/** Waits as long as the most patient of the refused parts asks; gives up where that is too long. */
async function waitOrThrow(
  open: readonly (readonly [string, string])[],
  answers: ReadonlyMap<string, GraphAnswer>,
  round: number,
  patience: Patience,
): Promise<void> {
  const refused = open.map(
    ([key]) => answers.get(key) ?? { status: 503, body: undefined, retryAfterMs: undefined },
  );
  const wait = (answer: GraphAnswer): DurationMs => waitFor(answer.retryAfterMs, round, patience.random);
  const slowest = refused.reduce((a, b) => (wait(b) > wait(a) ? b : a));
  const waitMs = wait(slowest);
  if (round >= maxRounds || waitMs > maxWaitMs) throw passingError(slowest);
  await patience.clock.sleep(waitMs);
}

function known(answer: GraphAnswer | undefined): GraphAnswer {
  if (answer === undefined)
    throw new WritebackError('graph-invalid', { detail: '$batch left out an answer' });
  return answer;
}

function refuseForbidden<K>(answers: Map<K, GraphAnswer>): Map<K, GraphAnswer> {
  for (const { status, body } of answers.values()) {
    if (status === 401 || status === 403) {
      throw new WritebackError('graph-refused', {
        detail: `status ${status} ${errorCodeOf(body) ?? ''}`.trim(),
      });
    }
  }
  return answers;
}
