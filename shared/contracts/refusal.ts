import { z } from 'zod';
import { envelope } from './envelope.ts';

/** A message on `refused`: something that could not be parsed, why, and where it came from. Never the values in it. */
export const refusalSchema = z.object({
  v: z.literal(1),
  type: z.literal('refusal'),
  queue: z.string(),
  messageId: z.string().optional(),
  /** Of the span that refused it; absent where that has none. */
  traceparent: envelope.traceparent.optional(),
  /** Which rule the message broke, by path, without the value. */
  reason: z.string(),
  at: z.number().int(),
  /** Size of the refused body in bytes, and the SHA-256 of it: enough to find it again, nothing to leak. */
  bytes: z.number().int().nonnegative(),
  sha256: z.string(),
});
export type Refusal = z.infer<typeof refusalSchema>;
