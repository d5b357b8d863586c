/** What AD takes of an attribute: characters per value, one value or several, and the value that stands for none. */
export type AttributeLimit = { max: number; several: boolean; none: string | null };

const unbounded = Number.POSITIVE_INFINITY;
const one = (max: number, none: string | null = null): AttributeLimit => ({ max, several: false, none });
const several = (max: number): AttributeLimit => ({ max, several: true, none: null });

const extensionAttributes = Array.from({ length: 15 }, (_, n) => [`extensionAttribute${n + 1}`, one(1_024)]);
const cloudExtensionAttributes = Array.from({ length: 20 }, (_, n) => [
  `msDS-cloudExtensionAttribute${n + 1}`,
  one(unbounded),
]);

/**
 * Attributes that a mapping may write and whose bounds we know, by LDAP name (schema of Windows Server 2016; `ad-ldap.md` A.7).
 * `description` is several-valued in the schema, but single on users and groups.
 */
const limits: Readonly<Record<string, AttributeLimit>> = {
  displayName: one(256),
  givenName: one(64),
  sn: one(64),
  middleName: one(64),
  generationQualifier: one(64),
  personalTitle: one(64),
  initials: one(6),
  title: one(128),
  department: one(64),
  company: one(64),
  division: one(256),
  physicalDeliveryOfficeName: one(128),
  streetAddress: one(1_024),
  l: one(128),
  st: one(128),
  postalCode: one(40),
  postOfficeBox: several(40),
  co: one(128),
  c: one(3),
  countryCode: one(5, '0'),
  telephoneNumber: one(64),
  otherTelephone: several(64),
  otherMobile: several(64),
  otherHomePhone: several(64),
  mobile: one(64),
  homePhone: one(64),
  pager: one(64),
  facsimileTelephoneNumber: one(64),
  ipPhone: one(64),
  mail: one(256),
  otherMailbox: several(unbounded),
  proxyAddresses: several(1_123),
  employeeID: one(16),
  employeeNumber: one(512),
  employeeType: one(256),
  preferredLanguage: one(unbounded),
  info: one(1_024),
  description: one(1_024),
  wWWHomePage: one(2_048),
  adminDisplayName: one(256),
  extensionName: several(255),
  ...(Object.fromEntries(extensionAttributes) as Record<string, AttributeLimit>),
  ...(Object.fromEntries(cloudExtensionAttributes) as Record<string, AttributeLimit>),
};

const byFoldedName = new Map(Object.keys(limits).map((name) => [name.toLowerCase(), name]));

/** Of an attribute that we do not know: the usual upper bound of longer texts in the schema, and of what extends it. */
const unknown = several(1_024);

/** What AD takes of this attribute; of one that we do not know, what it is likely to take. */
export function limitOf(attribute: string): AttributeLimit {
  return limits[attribute] ?? unknown;
}

/** The spelling of a known attribute, whatever the case of the text; undefined where we do not know it. */
export function knownAttribute(text: string): string | undefined {
  return byFoldedName.get(text.toLowerCase());
}
