import { z } from 'zod';
import { errorCodes } from '../errors.ts';
import { envelope, memberKeySchema, objectIdSchema, orderSchema } from './envelope.ts';

const guidSchema = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const candidates = z.array(z.string().min(1)).min(1).max(20);

/** `null` clears the attribute; a list replaces all values; an attribute that is not named is left alone. */
const valueSchema = z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(1_000)]);
const attributesSchema = z.record(z.string(), valueSchema.nullable());
/** Written when the entry is created, and never again. */
const initialSchema = z.record(z.string(), valueSchema).default({});

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

/** The entry that this object had before it was deleted: restored from the recycle bin where that is possible. */
const formerSchema = z.object({ objectGuid: guidSchema, objectSid: z.string() }).optional();

/** Desired state without values: see docs/expected-state.md for what each means for each kind. */
const bareStates = z.enum(['absent', 'released']);

export const userPresentSchema = z.object({
  ...base,
  type: z.literal('user'),
  state: z.literal('present'),
  /** Ordered candidates; the relay issues the first that is free, and an issued name stays. */
  names: z.object({ cn: candidates, sAMAccountName: candidates, userPrincipalName: candidates }),
  attributes: attributesSchema,
  initial: initialSchema,
  /** null: nobody. Absent: left alone. */
  manager: memberKeySchema.nullable().optional(),
  /** JPEG or PNG in base64, at most 100 KiB of bytes; null: none. Absent: left alone. */
  photo: z.string().max(140_000).nullable().optional(),
  enabled: z.boolean(),
  /** False: we enabled the account before and the cloud has not disabled it since; if it is disabled now, it stays so. */
  mayEnable: z.boolean().default(true),
  /** Another object waits for the UPN that this one holds: unless it is a candidate still, it goes, also where no candidate is free. */
  nameWanted: z.boolean().optional(),
  former: formerSchema,
});
/** A user that left: what becomes of the account, and whether its UPN is let go for another object. */
export const userSuspendedSchema = z.object({
  ...base,
  type: z.literal('user'),
  state: z.literal('suspended'),
  account: z.enum(['disable', 'keep']),
  place: z.enum(['stay', 'leavers']),
  names: z.enum(['keep', 'let-go']).default('keep'),
  /** As of a present user: false where an account that is disabled before this command was disabled on-premises. */
  mayEnable: z.boolean().default(true),
});
/**
 * A user that the cloud has disabled, and that cannot be mapped: its account is disabled, all else waits for a person. `code` and
 * `reason` say why, and are those of the result.
 */
export const userRefusedSchema = z.object({
  ...base,
  type: z.literal('user'),
  state: z.literal('refused'),
  code: z.enum(errorCodes),
  reason: z.string(),
});
export const userBareSchema = z.object({ ...base, type: z.literal('user'), state: bareStates });
export const groupPresentSchema = z.object({
  ...base,
  type: z.literal('group'),
  state: z.literal('present'),
  names: z.object({ cn: candidates, sAMAccountName: candidates }),
  attributes: attributesSchema,
  initial: initialSchema,
  former: formerSchema,
  /** Universal security, or universal distribution. */
  security: z.boolean(),
});
/** A group that left. `distribution`: a security group loses its rights. */
export const groupSuspendedSchema = z.object({
  ...base,
  type: z.literal('group'),
  state: z.literal('suspended'),
  kind: z.enum(['distribution', 'keep']),
  members: z.enum(['keep', 'empty']),
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
  z.discriminatedUnion('state', [userPresentSchema, userSuspendedSchema, userRefusedSchema, userBareSchema]),
  z.discriminatedUnion('state', [groupPresentSchema, groupSuspendedSchema, groupBareSchema]),
  differenceSchema,
  sliceSchema,
]);
export type UserPresent = z.infer<typeof userPresentSchema>;
export type UserSuspended = z.infer<typeof userSuspendedSchema>;
export type UserRefused = z.infer<typeof userRefusedSchema>;
export type UserBare = z.infer<typeof userBareSchema>;
export type GroupPresent = z.infer<typeof groupPresentSchema>;
export type GroupSuspended = z.infer<typeof groupSuspendedSchema>;
export type GroupBare = z.infer<typeof groupBareSchema>;
export type Difference = z.infer<typeof differenceSchema>;
export type Slice = z.infer<typeof sliceSchema>;
export type UserCommand = UserPresent | UserSuspended | UserRefused | UserBare;
export type GroupCommand = GroupPresent | GroupSuspended | GroupBare;
export type StateCommand = UserCommand | GroupCommand;
export type MembershipCommand = Difference | Slice;
export type Command = StateCommand | MembershipCommand;
