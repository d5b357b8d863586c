import { z } from 'zod';
import { kindSchema, objectIdSchema } from '../contracts/envelope.ts';
import { type Doorbell, lookRings, type Ringing } from './rings-for.ts';

const demandSchema = z.object({
  kind: kindSchema,
  ids: z.array(z.string().trim().toLowerCase().pipe(objectIdSchema)).min(1).max(5_000),
});

/** Somebody wants these objects looked at: `{kind, ids}`. Answers how many ids were rung, or which fields are wrong. */
export async function ringOnDemand(
  outbox: Doorbell,
  ringing: Ringing,
  demand: unknown,
): Promise<{ rung: number } | { wrong: string[] }> {
  const outcome = demandSchema.safeParse(demand);
  if (!outcome.success)
    return { wrong: [...new Set(outcome.error.issues.map(({ path }) => String(path[0] ?? 'body')))] };
  const { kind, ids } = outcome.data;
  await outbox.send(lookRings(ringing, { kind, cause: 'admin', ids }));
  return { rung: new Set(ids).size };
}
