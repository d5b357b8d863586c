import { z } from 'zod';
import { envelope, kindSchema, objectIdSchema } from './envelope.ts';

/** A member whose memberships are wanted; `groups` are those that AD says it is in (candidates for removal). */
const memberSchema = z.object({
  kind: kindSchema,
  id: objectIdSchema,
  groups: z.array(objectIdSchema).max(2_000).default([]),
});

/**
 * What a ring asks for: `look` at these objects; at the `reports` of these managers (users); a delta `round`; the complete list of `members` of these groups; the
 * `memberships` of these members; at everybody whose `scope` differs from what their row says, because a chosen or denied group
 * changed as a whole; or to `continue` a full round, of which page `page` is done.
 */
const wantSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('look'),
    ids: z.array(objectIdSchema).min(1).max(500),
    /** A read found these ids in neither place then (epoch ms): only a second such read makes them leave. */
    missedAt: z.number().int().optional(),
    /** Another object waits for a name that these hold. */
    nameWanted: z.boolean().optional(),
    /** What is sent for these is sent even where nothing changed: an earlier read was to do so and could not. */
    forced: z.boolean().optional(),
  }),
  z.object({ type: z.literal('reports'), ids: z.array(objectIdSchema).min(1).max(100) }),
  z.object({ type: z.literal('round') }),
  z.object({ type: z.literal('scope') }),
  z.object({ type: z.literal('members'), ids: z.array(objectIdSchema).min(1).max(500) }),
  z.object({ type: z.literal('memberships'), members: z.array(memberSchema).min(1).max(100) }),
  z.object({ type: z.literal('continue'), round: z.string(), page: z.number().int().nonnegative() }),
]);

/** Why somebody rang, for people and for counting; the few that change what a reader does are named in reading/merge-rings.ts. */
export const ringCauses = [
  'notification',
  'lifecycle',
  'subscription',
  'sweep',
  'pace',
  'again',
  'parked',
  'behind',
  'completion',
  'departure',
  'dead-letter',
  'name',
  'scope',
  'leave',
  'configuration',
  'admin',
] as const;

/** A message on a doorbell (`users`, `groups`): a hint to look, never a value. */
export const ringSchema = z.object({
  ...envelope,
  type: z.literal('ring'),
  kind: kindSchema,
  cause: z.enum(ringCauses),
  /** How often this same question was asked before. */
  attempt: z.number().int().nonnegative().default(0),
  want: wantSchema,
});
export type Ring = z.infer<typeof ringSchema>;
export type Want = Ring['want'];
