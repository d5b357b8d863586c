import { z } from 'zod';
import { errorCodes } from '../errors.ts';
import { envelope, memberKeySchema, objectIdSchema, orderSchema } from './envelope.ts';

/** What became of a command. `stale`: an older epoch, nothing done. `rejected`: see `code`; the object is parked or behind. */
export const outcomes = [
  'created',
  'updated',
  'unchanged',
  'suspended',
  'deleted',
  'released',
  'stale',
  'rejected',
] as const;

const codeSchema = z.enum(errorCodes);

/** A message on `results`: what the relay did with one command. It names attributes, never their values. */
export const resultSchema = z.object({
  ...envelope,
  type: z.literal('result'),
  of: z.enum(['user', 'group', 'difference', 'slice']),
  id: objectIdSchema,
  order: orderSchema,
  cause: z.enum(['ring', 'round', 'full-round']),
  page: z.object({ round: z.string(), number: z.number().int().nonnegative(), last: z.boolean() }).optional(),
  /** The state that the command asked for; absent for membership commands. */
  state: z.enum(['present', 'suspended', 'absent', 'released']).optional(),
  outcome: z.enum(outcomes),
  code: codeSchema.optional(),
  /** A sentence that a person can act on, without attribute values. */
  reason: z.string().optional(),
  objectGuid: z.string().optional(),
  objectSid: z.string().optional(),
  /** Names of the attributes that were changed. */
  changed: z.array(z.string()).default([]),
  added: z.number().int().nonnegative().default(0),
  removed: z.number().int().nonnegative().default(0),
  /** Members that have no entry yet: left out, and completed when they get one. */
  missing: z.array(memberKeySchema).default([]),
  /** Members that AD or the relay's own rules refuse. */
  omitted: z.array(z.object({ key: memberKeySchema, code: codeSchema })).default([]),
  /** After `suspended`: the groups of ours that still list the entry. */
  memberOf: z.array(objectIdSchema).default([]),
  /** The relay that did it. */
  relay: z.string(),
});
export type Result = z.infer<typeof resultSchema>;
export type Outcome = Result['outcome'];
