import { refusal, tooLong } from './refusal.ts';
import { folded, type Value } from './windows-entry.ts';

/** Attributes of the fake's schema that text can be written to, with their longest value (reference/ad-ldap.md A.7). */
const longest: Record<string, number> = {
  objectclass: 100,
  samaccountname: 256,
  userprincipalname: 1024,
  displayname: 256,
  givenname: 64,
  sn: 64,
  title: 128,
  department: 64,
  company: 64,
  employeeid: 16,
  physicaldeliveryofficename: 128,
  streetaddress: 1024,
  l: 128,
  st: 128,
  postalcode: 40,
  co: 128,
  preferredlanguage: 1024,
  telephonenumber: 64,
  mobile: 64,
  mail: 256,
  description: 1024,
  proxyaddresses: 1123,
  admindescription: 1024,
  'msds-externaldirectoryobjectid': 256,
  useraccountcontrol: 11,
  grouptype: 11,
  pwdlastset: 20,
  admincount: 11,
  unicodepwd: 1024,
  member: 4096,
};

const multiValued = new Set(['objectclass', 'proxyaddresses', 'member']);
const systemOnly = new Set([
  'objectguid',
  'objectsid',
  'name',
  'whencreated',
  'distinguishedname',
  'instancetype',
]);
const computed = new Set(['memberof', 'samaccounttype']);

/** Refuses what the schema does not allow of the values of one attribute: unknown, system-only, too many, too long, twice, empty. */
export function checkValues(attribute: string, values: readonly Value[]): void {
  const name = attribute.toLowerCase();
  if (computed.has(name)) throw refusal(53, '0000209A', attribute);
  if (systemOnly.has(name)) throw refusal(19, '000020B1', attribute);
  const bound = longest[name];
  if (bound === undefined) throw refusal(16, '00000057', attribute);
  if (values.length > 1 && !multiValued.has(name)) throw refusal(19, '00002081', attribute);
  if (values.some((value) => value.length === 0)) throw refusal(21, '00002082', attribute);
  if (values.some((value) => value.length > bound)) throw tooLong(attribute);
  const distinct = new Set(values.map((value) => folded(value.toString())));
  if (distinct.size < values.length) throw refusal(20, '00002083', attribute);
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
  const text = Buffer.from(bytes as Buffer).toString('utf16le');
  if (!/^".*"$/s.test(text)) throw refusal(53, '0000001F', 'unicodePwd');
  const password = text.slice(1, -1);
  const classes = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d]/u].filter((each) => each.test(password));
  if (password.length < 7 || classes.length < 3) throw refusal(53, '0000052D');
}
