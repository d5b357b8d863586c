import { z } from 'zod';
import { WritebackError } from '../../errors.ts';
import type { DimensionsOf } from '../../telemetry/metrics.ts';
import type { GraphCall } from './graph-call.ts';

export type GraphOutcome = DimensionsOf<'writeback.graph.requests'>['outcome'];
/** Is told what became of requests: how many ended that way. */
export type CountOutcome = (outcome: GraphOutcome, count: number) => void;

const batchSchema = z.object({ responses: z.array(z.object({ status: z.number() })) });

/** Counts every answer, repeated attempts too; a batch that was answered counts as what is in it. */
export function countedCall(call: GraphCall, count: CountOutcome): GraphCall {
  return async (request) => {
    try {
      const answer = await call(request);
      const batch = request.path === '/$batch' ? batchSchema.safeParse(answer.body) : undefined;
      const statuses = batch?.success ? batch.data.responses.map(({ status }) => status) : [answer.status];
      const byOutcome = Map.groupBy(statuses, outcomeOf);
      for (const [outcome, alike] of byOutcome) count(outcome, alike.length);
      return answer;
    } catch (error) {
      count(WritebackError.from(error).code === 'graph-refused' ? 'refused' : 'unavailable', 1);
      throw error;
    }
  };
}

function outcomeOf(status: number): GraphOutcome {
  if (status < 300) return 'ok';
  if (status === 401 || status === 403) return 'refused';
  if (status === 404) return 'not-found';
  if (status === 410) return 'resync';
  if (status === 429) return 'throttled';
  return status >= 500 ? 'unavailable' : 'other';
}
