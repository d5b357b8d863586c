import { type DurationMs, durationMs } from '../../domain/time.ts';
import { WritebackError } from '../../errors.ts';
import type { Clock } from '../../ports.ts';
import type { GraphAnswer, GraphCall, GraphRequest } from './graph-call.ts';

/** How long an adapter may wait before it hands the waiting to the pipeline (which rings anew and holds no lock). */
export type Patience = { clock: Clock; random: () => number };

const maxTries = 4;
const maxWaitMs = 5_000;
const firstWaitMs = 200;

/** Statuses that may heal by waiting. */
export const isPassing = (status: number): boolean => status === 429 || status >= 500;

/**
 * Repeats a call while Graph throttles or fails: at most 4 tries, at most 5 s between two. A longer Retry-After is not waited
 * for here. Throws graph-throttled or graph-unavailable with retryAfterMs.
 */
export function createPatientCall(call: GraphCall, patience: Patience): GraphCall {
  return async (request) => {
    for (let tried = 1; ; tried++) {
      const outcome = await attempt(call, request);
      if (!(outcome instanceof WritebackError)) return outcome;
      const waitMs = waitFor(outcome.retryAfterMs, tried, patience.random);
      if (tried >= maxTries || waitMs > maxWaitMs) throw outcome;
      await patience.clock.sleep(waitMs);
    }
  };
}

async function attempt(call: GraphCall, request: GraphRequest): Promise<GraphAnswer | WritebackError> {
  try {
    const answer = await call(request);
    return isPassing(answer.status) ? passingError(answer) : answer;
  } catch (error) {
    if (error instanceof WritebackError && error.disposition === 'retry') return error;
    throw error;
  }
}

/** The error of a status that may heal. */
export function passingError({
  status,
  retryAfterMs,
}: Pick<GraphAnswer, 'status' | 'retryAfterMs'>): WritebackError {
  return new WritebackError(status === 429 ? 'graph-throttled' : 'graph-unavailable', {
    detail: `status ${status}`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** Retry-After where Graph gave one, else exponential with jitter: 200, 400, 800 ms, each up to half as long again. */
export function waitFor(
  retryAfterMs: DurationMs | undefined,
  tried: number,
  random: () => number,
): DurationMs {
  if (retryAfterMs !== undefined) return retryAfterMs;
  return durationMs(Math.round(firstWaitMs * 2 ** (tried - 1) * (1 + random() / 2)));
}
