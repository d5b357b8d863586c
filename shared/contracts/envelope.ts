import { z } from 'zod';
import { type MemberKey, parseMemberKey } from '../domain/member-key.ts';
import { type ObjectId, objectIdFrom } from '../domain/object-id.ts';

/** The version that every message carries. A reader that meets another one halts: it must not guess. */
export const contractVersion = 1;

export const objectIdSchema = z
  .string()
  .refine((text) => objectIdFrom(text) === text, 'not an object id in lower case')
  .transform((text) => text as ObjectId);

export const memberKeySchema = z
  .string()
  .refine((text) => parseMemberKey(text) !== undefined, 'not a member key')
  .transform((text) => text as MemberKey);

export const kindSchema = z.enum(['user', 'group']);

export const orderSchema = z.object({
  epoch: z.number().int().nonnegative(),
  sequence: z.number().int().nonnegative(),
});

/**
 * The four times of a change, epoch ms: `event` as the cloud reports it (absent where nothing reported it), `ring` when a
 * doorbell was rung, `command` when the desired state was sent, `commit` when the directory answered.
 */
export const timesSchema = z.object({
  event: z.number().int().optional(),
  ring: z.number().int(),
  command: z.number().int().optional(),
  commit: z.number().int().optional(),
});

/** What every message has: contract version, W3C trace context, times. */
export const envelope = {
  v: z.literal(contractVersion),
  traceparent: z.string().regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/),
  times: timesSchema,
};
