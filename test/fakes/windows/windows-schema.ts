import { refusal, tooLong } from './refusal.ts';
import { folded, type Value } from './windows-entry.ts';

/*
 * What the schema of a forest says of single attributes, as Windows enforces it (reference/ad-ldap.md A.7). Samba takes over-long account
 * names and cns, answers other codes, and lacks what came after Server 2012 R2.
 */

/** Which extensions of the schema a forest has. */
export type SchemaOptions = { hasExternalId: boolean; hasExchange: boolean };

type Rule = { longest: number; several?: true; integer?: true };

const unbounded = 1_000_000;
const text = (longest: number): Rule => ({ longest });
const texts = (longest: number): Rule => ({ longest, several: true });
const integer: Rule = { longest: 20, integer: true };
const link = text(4_096);

/** Attributes of a plain forest that can be written to. */
const plain: Record<string, Rule> = {
  objectClass: texts(100),
  sAMAccountName: text(256),
  userPrincipalName: text(1_024),
  displayName: text(256),
  givenName: text(64),
  sn: text(64),
  middleName: text(64),
  initials: text(6),
  title: text(128),
  department: text(64),
  company: text(64),
  division: text(256),
  employeeID: text(16),
  employeeNumber: text(512),
  employeeType: text(256),
  physicalDeliveryOfficeName: text(128),
  streetAddress: text(1_024),
  l: text(128),
  st: text(128),
  postalCode: text(40),
  postOfficeBox: texts(40),
  co: text(128),
  c: text(3),
  countryCode: integer,
  preferredLanguage: text(unbounded),
  telephoneNumber: text(64),
  otherTelephone: texts(64),
  otherMobile: texts(64),
  otherHomePhone: texts(64),
  mobile: text(64),
  homePhone: text(64),
  pager: text(64),
  ipPhone: text(64),
  facsimileTelephoneNumber: text(64),
  mail: text(256),
  otherMailbox: texts(unbounded),
  proxyAddresses: texts(1_123),
  // Several in the schema, one on users and groups.
  description: text(1_024),
  info: text(1_024),
  wWWHomePage: text(2_048),
  adminDescription: text(1_024),
  adminDisplayName: text(256),
  thumbnailPhoto: text(102_400),
  jpegPhoto: texts(unbounded),
  'mS-DS-ConsistencyGuid': text(unbounded),
  manager: link,
  managedBy: link,
  member: { ...link, several: true },
  userAccountControl: integer,
  groupType: integer,
  primaryGroupID: integer,
  pwdLastSet: integer,
  accountExpires: integer,
  lockoutTime: integer,
  adminCount: integer,
  unicodePwd: text(1_024),
  ...numbered('msDS-cloudExtensionAttribute', 20, text(unbounded)),
};

/** What setup of Exchange adds. */
const exchange: Record<string, Rule> = {
  ...numbered('extensionAttribute', 15, text(1_024)),
  mailNickname: text(64),
  targetAddress: text(1_123),
  legacyExchangeDN: text(unbounded),
  showInAddressBook: texts(unbounded),
  msExchRemoteRecipientType: integer,
  msExchRecipientTypeDetails: integer,
  msExchRecipientDisplayType: integer,
  msExchVersion: integer,
};

const externalId: Record<string, Rule> = { 'msDS-ExternalDirectoryObjectId': text(256) };

const systemOnly = new Set([
  'objectguid',
  'objectsid',
  'name',
  'whencreated',
  'distinguishedname',
  'instancetype',
]);
const computed = new Set(['memberof', 'directreports', 'samaccounttype']);

/** The attributes of a forest and what they may hold. */
export class WindowsSchema {
  /** LDAP names of all attributes, as the schema spells them. */
  readonly names: readonly string[];
  readonly #rules: Map<string, Rule>;

  constructor({ hasExternalId, hasExchange }: SchemaOptions) {
    const rules = { ...plain, ...(hasExternalId ? externalId : {}), ...(hasExchange ? exchange : {}) };
    this.names = Object.keys(rules);
    this.#rules = new Map(Object.entries(rules).map(([name, rule]) => [name.toLowerCase(), rule]));
  }

  /** Refuses what the schema does not allow of the values of one attribute: unknown, system-only, too many, too long, twice, empty. */
  check(attribute: string, values: readonly Value[]): void {
    const name = attribute.toLowerCase();
    if (computed.has(name)) throw refusal(53, '0000209A', attribute);
    if (systemOnly.has(name)) throw refusal(19, '000020B1', attribute);
    const rule = this.#rules.get(name);
    if (rule === undefined) throw refusal(16, '00000057', attribute);
    if (values.length > 1 && rule.several === undefined) throw refusal(19, '00002081', attribute);
    if (values.some((value) => value.length === 0)) throw refusal(21, '00002082', attribute);
    if (values.some((value) => value.length > rule.longest)) throw tooLong(attribute);
    if (rule.integer === true && !values.every((value) => /^-?\d+$/.test(value.toString())))
      throw refusal(21, '00000057', attribute);
    const distinct = new Set(values.map((value) => (Buffer.isBuffer(value) ? value : folded(value))));
    if (distinct.size < values.length) throw refusal(20, '00002083', attribute);
  }
}

const longestUserAccountName = 20;
const longestCn = 64;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is forbidden
const forbiddenInAccountName = /["/\\[\]:;|=,+*?<>\u0000-\u001f\u007f]|\.$/;

/** 20 characters for users where Samba takes 256, and none of the forbidden ones. */
export function checkAccountName(name: string, isUserEntry: boolean): void {
  if (isUserEntry && name.length > longestUserAccountName) throw tooLong('sAMAccountName');
  if (forbiddenInAccountName.test(name)) throw refusal(19, '00000523', 'sAMAccountName');
}

/** 64 UTF-16 units where Samba has no limit. */
export function checkCn(cn: string): void {
  if (cn.length > longestCn) throw tooLong('cn');
}

const groupTypes = new Set(['-2147483640', '-2147483646', '-2147483644', '8', '2', '4']);

/** Exactly one scope, with or without the security bit, as a signed number. */
export function checkGroupType(value: string | undefined): void {
  if (value === undefined || !groupTypes.has(value)) throw refusal(53, '00002141', 'groupType');
}

/** A password in quotes as UTF-16LE, of at least 7 characters from three of four classes; 53 where Samba answers 19. */
export function checkPassword(bytes: Value): void {
  const quoted = Buffer.from(bytes as Buffer).toString('utf16le');
  if (!/^".*"$/s.test(quoted)) throw refusal(53, '0000001F', 'unicodePwd');
  const password = quoted.slice(1, -1);
  const classes = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d]/u].filter((each) => each.test(password));
  if (password.length < 7 || classes.length < 3) throw refusal(53, '0000052D');
}

function numbered(prefix: string, count: number, rule: Rule): Record<string, Rule> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index + 1}`, rule]));
}
