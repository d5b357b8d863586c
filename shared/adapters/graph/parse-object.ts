import { z } from 'zod';
import type { CloudGroup, CloudUser } from '../../domain/cloud-object.ts';
import { type ObjectId, objectIdFrom } from '../../domain/object-id.ts';
import { WritebackError } from '../../errors.ts';

/** Graph leaves a property out of a delta item where it was never set (delta query overview), so absent is null here. */
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? null);

const texts = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);

/** Only those that have a value; Graph names all fifteen. */
const extensionAttributes = z
  .record(z.string(), z.string().nullish())
  .nullish()
  .transform((record) => {
    const named = Object.entries(record ?? {}).filter(([name]) => /^extensionAttribute\d+$/.test(name));
    return Object.fromEntries(named.flatMap(([name, value]) => (value == null ? [] : [[name, value]])));
  });

export const idSchema = z.string().transform((value, context): ObjectId => {
  const id = objectIdFrom(value);
  if (id !== undefined) return id;
  context.addIssue({ code: 'custom', message: 'not an object id' });
  return z.NEVER;
});

const userSchema = z
  .object({
    id: idSchema,
    userPrincipalName: z.string(),
    accountEnabled: z.boolean().nullable(),
    displayName: text,
    userType: text,
    onPremisesSyncEnabled: flag,
    onPremisesSecurityIdentifier: text,
    givenName: text,
    surname: text,
    jobTitle: text,
    department: text,
    companyName: text,
    employeeId: text,
    officeLocation: text,
    streetAddress: text,
    city: text,
    state: text,
    postalCode: text,
    country: text,
    preferredLanguage: text,
    businessPhones: texts,
    mobilePhone: text,
    mail: text,
    mailNickname: text,
    employeeType: text,
    employeeOrgData: z.object({ division: text }).nullish(),
    faxNumber: text,
    otherMails: texts,
    onPremisesExtensionAttributes: extensionAttributes,
  })
  .transform(
    ({ employeeOrgData, onPremisesExtensionAttributes, ...user }): CloudUser => ({
      ...user,
      division: employeeOrgData?.division ?? null,
      extensionAttributes: onPremisesExtensionAttributes,
    }),
  );

const groupSchema = z.object({
  id: idSchema,
  displayName: z.string(),
  securityEnabled: z.boolean(),
  mailEnabled: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
  description: text,
  mail: text,
  mailNickname: text,
  groupTypes: texts,
  onPremisesSyncEnabled: flag,
  onPremisesSecurityIdentifier: text,
  visibility: text,
  isAssignableToRole: flag,
});

const writebackSchema = z.object({
  writebackConfiguration: z.object({ isEnabled: flag, onPremisesGroupType: text }).nullish(),
});

/** A user as Graph answered it, without manager and photo, which are read otherwise. Witnesses: userPrincipalName is never null, accountEnabled is always there. */
export function parseUser(body: unknown): CloudUser {
  requireWitnesses(body, ['userPrincipalName', 'accountEnabled'], ['userPrincipalName']);
  return parse(userSchema, body, 'a user');
}

/** A group as Graph answered it. Witnesses: displayName and securityEnabled are never null. */
export function parseGroup(body: unknown): CloudGroup {
  requireWitnesses(body, ['displayName', 'securityEnabled'], ['displayName', 'securityEnabled']);
  return parse(groupSchema, body, 'a group');
}

/** The same with `writebackConfiguration`, which only beta knows; null in it: nobody chose. */
export function parseGroupWithWriteback(body: unknown): CloudGroup {
  const { writebackConfiguration: chosen } = parse(writebackSchema, body, 'a group');
  const { isEnabled = null, onPremisesGroupType = null } = chosen ?? {};
  return { ...parseGroup(body), writeback: { isEnabled, onPremisesGroupType } };
}

/**
 * A half-loaded answer must not look like cleared values: the witnesses have to be there. Throws graph-incomplete, which is
 * asked again later.
 */
export function requireWitnesses(
  body: unknown,
  present: readonly string[],
  notNull: readonly string[],
): void {
  const object: Record<string, unknown> = typeof body === 'object' && body !== null ? { ...body } : {};
  const lacking = present.find((name) => !(name in object)) ?? notNull.find((name) => object[name] === null);
  if (lacking !== undefined) throw new WritebackError('graph-incomplete', { detail: lacking });
}

/** Checks an answer against a schema. Throws graph-invalid naming the path that broke it, never the value. */
export function parse<T>(schema: z.ZodType<T>, body: unknown, what: string): T {
  const outcome = schema.safeParse(body);
  if (outcome.success) return outcome.data;
  const paths = outcome.error.issues.map((issue) => issue.path.join('.')).slice(0, 3);
  throw new WritebackError('graph-invalid', { detail: `${what} at ${paths.join(', ') || 'the top'}` });
}
