import { z } from 'zod';
import { envelope, memberKeySchema, objectIdSchema, orderSchema } from './envelope.ts';

const guidSchema = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const candidates = z.array(z.string().min(1)).min(1).max(20);

/** `null` clears the attribute; an attribute that is not named is left alone. */
const attributesSchema = z.record(z.string(), z.string().min(1).nullable());

const base = {
  ...envelope,
  id: objectIdSchema,
  order: orderSchema,
  /** `full-round`: values came from the pages of a full round, and complete lists follow it. */
  cause: z.enum(['ring', 'round', 'full-round']),
  /** The page of a full round that this command belongs to; the result of its `last` command paces the round. */
  page: z.object({ round: z.string(), number: z.number().int().nonnegative(), last: z.boolean() }).optional(),
  /** The entry's objectGUID where it is known: the binding of cloud object to entry. */
  objectGuid: guidSchema.optional(),
};

/** Desired state without values: see docs/expected-state.md for what each means for each kind. */
const bareStates = z.enum(['suspended', 'absent', 'released']);

export const userPresentSchema = z.object({
  ...base,
  type: z.literal('user'),
  state: z.literal('present'),
  /** Ordered candidates; the relay issues the first that is free, and an issued name stays. */
  names: z.object({ cn: candidates, sAMAccountName: candidates, userPrincipalName: candidates }),
  attributes: attributesSchema,
  enabled: z.boolean(),
});
export const userBareSchema = z.object({ ...base, type: z.literal('user'), state: bareStates });
export const groupPresentSchema = z.object({
  ...base,
  type: z.literal('group'),
  state: z.literal('present'),
  names: z.object({ cn: candidates, sAMAccountName: candidates }),
  attributes: attributesSchema,
  /** Universal security, or universal distribution. */
  security: z.boolean(),
});
export const groupBareSchema = z.object({ ...base, type: z.literal('group'), state: bareStates });

/** What changed in a group's membership since the command before it. */
export const differenceSchema = z.object({
  ...base,
  type: z.literal('difference'),
  add: z.array(memberKeySchema).max(2_000),
  remove: z.array(memberKeySchema).max(2_000),
});

/** The whole truth about the members whose key k satisfies from ≤ k < to (`to` null: no upper end). */
export const sliceSchema = z.object({
  ...base,
  type: z.literal('slice'),
  from: z.string(),
  to: z.string().nullable(),
  members: z.array(memberKeySchema).max(2_000),
  number: z.number().int().nonnegative(),
  count: z.number().int().positive(),
});

/** A message on `writes`: what should be. Session id = lane of `id`; message id = `<kind>-<order>`. */
export const commandSchema = z.union([
  z.discriminatedUnion('state', [userPresentSchema, userBareSchema]),
  z.discriminatedUnion('state', [groupPresentSchema, groupBareSchema]),
  differenceSchema,
  sliceSchema,
]);
export type UserPresent = z.infer<typeof userPresentSchema>;
export type UserBare = z.infer<typeof userBareSchema>;
export type GroupPresent = z.infer<typeof groupPresentSchema>;
export type GroupBare = z.infer<typeof groupBareSchema>;
export type Difference = z.infer<typeof differenceSchema>;
export type Slice = z.infer<typeof sliceSchema>;
export type UserCommand = UserPresent | UserBare;
export type GroupCommand = GroupPresent | GroupBare;
export type StateCommand = UserCommand | GroupCommand;
export type MembershipCommand = Difference | Slice;
export type Command = StateCommand | MembershipCommand;
