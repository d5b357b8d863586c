import { z } from 'zod';
import { errorCodes } from '../errors.ts';
import { envelope, kindSchema, memberKeySchema, objectIdSchema, orderSchema } from './envelope.ts';

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

/** What a person should know of a command that succeeded: see docs/expected-state.md. */
export const notices = [
  'disabled-on-premises',
  'restored-from-recycle-bin',
  'sid-new',
  'name-let-go',
  'schema-lacks-attribute',
] as const;
export type Notice = (typeof notices)[number];

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
  /** Which suspension was asked for: `account disable, place leavers, names keep`. */
  asked: z.string().optional(),
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
  /** After `suspended`: users of ours that still have the entry as manager. */
  reports: z.array(objectIdSchema).default([]),
  /** With `name-awaited`: the objects of ours that hold the wanted name. */
  holders: z.array(z.object({ kind: kindSchema, id: objectIdSchema })).default([]),
  notices: z.array(z.enum(notices)).default([]),
  /** Users: whether the account is enabled after the command. */
  account: z.enum(['enabled', 'disabled', 'disabled-on-premises']).optional(),
  /** A first password, sealed to the key in the relay's configuration (base64). Never logged. */
  sealedPassword: z.string().max(8_000).optional(),
  /** The relay that did it. */
  relay: z.string(),
});
export type Result = z.infer<typeof resultSchema>;
export type Outcome = Result['outcome'];
