import { z } from 'zod';
import { type DurationMs, durationMs } from '../../domain/time.ts';
import { WritebackError } from '../../errors.ts';
import {
  errorCodeOf,
  type GraphAnswer,
  type GraphCall,
  type GraphRequest,
  retryAfterOf,
} from './graph-call.ts';
import { isPassing, type Patience, passingError, waitFor } from './patient-call.ts';

/**
 * A path to GET, or a question that has to be POSTed. `binary`: its answer is no JSON (base64 in a batch). `optional`: the caller
 * does without, so whatever it ends with is its answer; only throttling is still waited for.
 */
export type BatchPart = string | (GraphRequest & { binary?: true; optional?: true });

/** Asks much at once; every key has an answer, unless optional with a status below 500 that is not 429, 401 or 403. */
export type GraphBatch = <K extends string>(parts: ReadonlyMap<K, BatchPart>) => Promise<Map<K, GraphAnswer>>;

type Open = readonly (readonly [string, BatchPart])[];

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
 * Reads by `$batch`, 20 a request (the limit of Graph, JSON batching page). A batch that is answered 200 can hold refused
 * parts, each with its own Retry-After: those are asked again, the others are kept. One part alone is a plain request, which
 * is faster than a batch of one.
 */
export function createGraphBatch(call: GraphCall, patience: Patience): GraphBatch {
  return async (parts) => {
    if (parts.size <= 1 && ![...parts.values()].some(isBinary)) return await readSingly(call, parts);
    const answers = new Map<string, GraphAnswer>();
    let open: Open = [...parts];
    for (let round = 1; open.length > 0; round++) {
      for (const [key, answer] of await readRound(call, open, patience)) answers.set(key, answer);
      open = open.filter(([key]) => isPassing(answerTo(key, answers).status));
      if (open.length > 0) open = await waitOrGiveUp(open, answers, round, patience);
    }
    refuseForbidden(parts, answers);
    return new Map([...parts.keys()].map((key) => [key, answerTo(key, answers)]));
  };
}

const requestOf = (part: BatchPart): GraphRequest =>
  typeof part === 'string' ? { method: 'GET', path: part } : part;

const isBinary = (part: BatchPart): boolean => typeof part !== 'string' && part.binary === true;
const isOptional = (part: BatchPart): boolean => typeof part !== 'string' && part.optional === true;

/** A part that Graph left out is asked again like one that failed. */
const answerTo = (key: string, answers: ReadonlyMap<string, GraphAnswer>): GraphAnswer =>
  answers.get(key) ?? { status: 503, body: undefined, retryAfterMs: undefined };

async function readSingly<K extends string>(
  call: GraphCall,
  parts: ReadonlyMap<K, BatchPart>,
): Promise<Map<K, GraphAnswer>> {
  const answers = new Map<K, GraphAnswer>();
  for (const [key, part] of parts) answers.set(key, await call(requestOf(part)));
  return answers;
}

async function readRound(call: GraphCall, parts: Open, patience: Patience): Promise<[string, GraphAnswer][]> {
  const chunks: Open[] = [];
  for (let at = 0; at < parts.length; at += chunkSize) chunks.push(parts.slice(at, at + chunkSize));
  const answers: [string, GraphAnswer][] = [];
  for (let at = 0; at < chunks.length; at += chunksAtOnce) {
    const group = chunks.slice(at, at + chunksAtOnce);
    answers.push(...(await Promise.all(group.map((chunk) => readChunk(call, chunk, patience)))).flat());
  }
  return answers;
}

async function readChunk(
  call: GraphCall,
  chunk: Open,
  { clock }: Patience,
): Promise<[string, GraphAnswer][]> {
  const requests = chunk.map(([, part], at) => innerOf(String(at), requestOf(part)));
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

function innerOf(id: string, { method, path, body }: GraphRequest) {
  const inner = { id, method, url: path };
  return body === undefined ? inner : { ...inner, headers: { 'Content-Type': 'application/json' }, body };
}

function headerOf(headers: Record<string, unknown> | undefined, name: string): string | undefined {
  const found = Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined;
}

/**
 * Waits as long as the most patient of the refused parts asks, and answers what to ask again. Gives up where that is too long:
 * throws, unless the caller can do without what is open.
 */
async function waitOrGiveUp(
  open: Open,
  answers: ReadonlyMap<string, GraphAnswer>,
  round: number,
  patience: Patience,
): Promise<Open> {
  const waits = open.map(([key, part]) => {
    const answer = answerTo(key, answers);
    const waitMs = waitFor(answer.retryAfterMs, round, patience.random);
    return { answer, waitMs, isDispensable: isOptional(part) && answer.status !== 429 };
  });
  const waitMs = longestOf(waits)?.waitMs ?? durationMs(0);
  if (round < maxRounds && waitMs <= maxWaitMs) {
    await patience.clock.sleep(waitMs);
    return open;
  }
  const slowest = longestOf(waits.filter(({ isDispensable }) => !isDispensable));
  if (slowest !== undefined) throw passingError(slowest.answer);
  return [];
}

const longestOf = <T extends { waitMs: DurationMs }>(waits: readonly T[]): T | undefined =>
  waits.toSorted((a, b) => b.waitMs - a.waitMs)[0];

function refuseForbidden(
  parts: ReadonlyMap<string, BatchPart>,
  answers: ReadonlyMap<string, GraphAnswer>,
): void {
  for (const [key, part] of parts) {
    const { status, body } = answerTo(key, answers);
    if (!isOptional(part) && (status === 401 || status === 403)) {
      throw new WritebackError('graph-refused', {
        detail: `status ${status} ${errorCodeOf(body) ?? ''}`.trim(),
      });
    }
  }
}
