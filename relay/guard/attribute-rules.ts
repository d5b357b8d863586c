import type { Kind } from '../../shared/domain/object-id.ts';
import { isDangerous } from './dangerous-attributes.ts';

/** What the schema allows of the values of an attribute (reference/ad-ldap.md A.7). `longest` in UTF-16 units. */
export type AttributeRule = { longest?: number; many?: boolean; form?: RegExp };

/** Every attribute that a command's `attributes` may name, by kind. The spelling is that of the schema. */
export type AttributeRules = Record<Kind, ReadonlyMap<string, AttributeRule>>;

const upTo = (longest: number, ...names: string[]): [string, AttributeRule][] =>
  names.map((name) => [name, { longest }]);
const manyUpTo = (longest: number, ...names: string[]): [string, AttributeRule][] =>
  names.map((name) => [name, { longest, many: true }]);
const counted = (stem: string, count: number, rule: AttributeRule): [string, AttributeRule][] =>
  Array.from({ length: count }, (_, index) => [`${stem}${index + 1}`, rule]);

/**
 * The harmless ones: what people are called, where and for whom they work, how to reach them. Whatever the cloud side sends, nothing
 * else is written: no delegation, SPNs, key credentials, sIDHistory, security descriptors, logon scripts or mail routing. Names, marks,
 * account control, password, manager, photo and members have paths of their own.
 */
const userRules: [string, AttributeRule][] = [
  ...upTo(6, 'initials'),
  ...upTo(
    64,
    'givenName',
    'sn',
    'middleName',
    'generationQualifier',
    'personalTitle',
    'department',
    'company',
  ),
  ...upTo(64, 'telephoneNumber', 'mobile', 'homePhone', 'pager', 'facsimileTelephoneNumber', 'ipPhone'),
  ...upTo(128, 'title', 'physicalDeliveryOfficeName', 'l', 'st', 'co'),
  ...upTo(256, 'displayName', 'division', 'employeeType', 'mail'),
  ...upTo(1_024, 'streetAddress', 'info', 'description'),
  ...upTo(16, 'employeeID'),
  ...upTo(40, 'postalCode'),
  ...upTo(512, 'employeeNumber'),
  ...upTo(2_048, 'wWWHomePage'),
  ...manyUpTo(64, 'otherTelephone', 'otherMobile', 'otherHomePhone'),
  ...manyUpTo(40, 'postOfficeBox'),
  ['c', { form: /^[A-Z]{2,3}$/ }],
  ['countryCode', { form: /^(0|[1-9]\d{0,4})$/ }],
  ['preferredLanguage', {}],
  ['otherMailbox', { many: true }],
  ...counted('extensionAttribute', 15, { longest: 1_024 }),
  ...counted('msDS-cloudExtensionAttribute', 20, {}),
];

const groupRules: [string, AttributeRule][] = [
  ...upTo(256, 'displayName', 'mail'),
  ...upTo(1_024, 'description', 'info'),
  ...upTo(64, 'telephoneNumber'),
  ...upTo(2_048, 'wWWHomePage'),
  ...counted('extensionAttribute', 15, { longest: 1_024 }),
];

/** The relay's own list and what its configuration adds to it (DIRECTORY_EXTRA_ATTRIBUTES, checked at start). */
export function attributeRules(extra: readonly string[]): AttributeRules {
  // What the schema allows of an extra attribute is not known here: the directory refuses what it does not take.
  const added = extra.map((name): [string, AttributeRule] => [name, { many: true }]);
  return { user: new Map([...added, ...userRules]), group: new Map([...added, ...groupRules]) };
}

/** Whether any forest we write to has the attribute: not one that the configuration added, nor one of 2012's cloud extensions. */
export function isInEverySchema(name: string, kind: Kind, rules: AttributeRules): boolean {
  const isOwn = (kind === 'user' ? userRules : groupRules).some(([known]) => known === name);
  return rules[kind].has(name) ? isOwn && !name.startsWith('msDS-') : true;
}

/** Why the configuration may not add this attribute; undefined where it may. */
export function refusedExtra(name: string): 'not a name' | 'never written' | undefined {
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(name)) return 'not a name';
  if (userRules.some(([known]) => known === name)) return undefined;
  return isDangerous(name) ? 'never written' : undefined;
}
