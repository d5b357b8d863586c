import { markedObject } from '../../shared/domain/mark.ts';
import { WritebackError } from '../../shared/errors.ts';
import { type Change, externalIdAttribute, markAttribute, type Plan, photoAttribute } from '../plan/plan.ts';
import type { AttributeRule, AttributeRules } from './attribute-rules.ts';
import { guardName } from './guard-names.ts';
import { issuedAttributes } from './issued-attributes.ts';

/** Throws value-not-allowed with the name of the attribute. */
export function notAllowed(attribute: string): never {
  throw new WritebackError('value-not-allowed', { detail: attribute });
}

/** Values of a text attribute: on the list and within its limits, or issued by the relay and then of the right form. */
export function guardTexts(
  plan: Plan,
  rules: AttributeRules,
  { attribute, values }: { attribute: string; values: readonly string[] },
): void {
  const rule = rules[plan.kind].get(attribute);
  if (rule !== undefined) guardByRule(attribute, values, rule);
  else if (issuedAttributes[plan.kind].has(attribute)) guardIssued(plan, attribute, values);
  else throw new WritebackError('attribute-not-allowed', { detail: attribute });
}

function guardIssued(plan: Plan, attribute: string, values: readonly string[]): void {
  const [value, another] = values;
  if (another !== undefined) notAllowed(attribute);
  if (attribute === markAttribute || attribute === externalIdAttribute) {
    const mayStand = value === undefined || (value === plan.mark && markedObject(value) !== undefined);
    if (!mayStand) notAllowed(attribute);
  } else if (attribute === 'sAMAccountName') {
    guardName(plan.kind, attribute, value ?? '');
  } else if (value !== undefined) {
    guardName(plan.kind, 'userPrincipalName', value);
  }
}

function guardByRule(
  attribute: string,
  values: readonly string[],
  { longest, many, form }: AttributeRule,
): void {
  if (values.length > 1 && many !== true) notAllowed(attribute);
  for (const value of values) {
    const isTooLong = longest !== undefined && value.length > longest;
    // An empty text cannot be stored, and white space alone or a NUL cannot be told apart from it by everybody.
    const isBlank = value.trim() === '' || value.includes('\u0000');
    if (isTooLong || isBlank || (form !== undefined && !form.test(value))) notAllowed(attribute);
  }
}

/** thumbnailPhoto holds 100 KiB (reference/ad-ldap.md A.7). */
const mostPhotoBytes = 102_400;
const jpeg = [0xff, 0xd8, 0xff];
const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** A JPEG or PNG that AD can hold: what shows the photo on a desktop must not be fed anything else. */
export function guardPhoto({ bytes }: Change & { type: 'photo' }): void {
  if (bytes === null) return;
  const startsWith = (magic: readonly number[]) => magic.every((byte, at) => bytes[at] === byte);
  if (bytes.byteLength > mostPhotoBytes || !(startsWith(jpeg) || startsWith(png))) notAllowed(photoAttribute);
}
