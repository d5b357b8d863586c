import { expectedCountry } from './expected-country.ts';
import { commonName, cut, groupAccountNames, principalNames, userAccountNames } from './expected-names.ts';
import type { Forest } from './forest.ts';
import type { TenantGroup, TenantUser } from './tenant-state.ts';

/**
 * What an entry must look like, from docs/expected-state.md and nothing else: this table is written out a second time on
 * purpose, so that a mistake in the product's own mapping cannot hide here.
 */
export type ExpectedEntry = {
  mark: string;
  cn: string;
  /** Any of these, if it is seen for the first time. */
  accountNames: string[];
  /** Any of these; a group has none. */
  principalNames: string[];
  /** By LDAP name, in no order; no values mean that the attribute must be absent. */
  attributes: [name: string, values: string[]][];
};

export function expectedUser(user: TenantUser, forest: Forest): ExpectedEntry {
  const { id, mailNickname } = user;
  const person = { id, mailNickname, userPrincipalName: ownPrincipalName(user) };
  return {
    mark: `User_${id}`,
    cn: commonName(user.displayName, id),
    accountNames: userAccountNames(person),
    principalNames: principalNames(person, { domain: forest.domain, suffixes: forest.upnSuffixes }),
    attributes: [
      ...textsOf(user),
      ...numbersOf(user),
      ...addressOf(user),
      ...extensionsOf(user).filter(([name]) => forest.schemaHas.has(name.toLowerCase())),
    ],
  };
}

export function expectedGroup(group: TenantGroup): ExpectedEntry {
  return {
    mark: `Group_${group.id}`,
    cn: commonName(group.displayName, group.id),
    accountNames: groupAccountNames(group),
    principalNames: [],
    attributes: [
      ['displayName', written(group.displayName, 256)],
      ['mail', written(group.mail, 256)],
      ['description', written(group.description, 448)],
    ],
  };
}

/** The name while it lived: Entra puts the id of a deleted user in front of it. */
export function ownPrincipalName({ id, userPrincipalName }: TenantUser): string {
  const prefix = id.replaceAll('-', '');
  const isPrefixed = userPrincipalName.toLowerCase().startsWith(prefix);
  return isPrefixed ? userPrincipalName.slice(prefix.length) : userPrincipalName;
}

/** Universal security and universal distribution, as signed 32-bit numbers. */
export const groupTypes = { security: '-2147483640', distribution: '8' };

const textsOf = (user: TenantUser): ExpectedEntry['attributes'] => [
  ['displayName', written(user.displayName, 256)],
  ['givenName', written(user.givenName, 64)],
  ['sn', written(user.surname, 64)],
  ['title', written(user.jobTitle, 128)],
  ['department', written(user.department, 64)],
  ['company', written(user.companyName, 64)],
  ['division', written(user.employeeOrgData?.division, 256)],
  ['employeeID', written(user.employeeId, 16)],
  ['employeeType', written(user.employeeType, 256)],
  ['physicalDeliveryOfficeName', written(user.officeLocation, 128)],
  ['preferredLanguage', written(user.preferredLanguage, Number.POSITIVE_INFINITY)],
];

function numbersOf(user: TenantUser): ExpectedEntry['attributes'] {
  const [first, ...others] = user.businessPhones ?? [];
  return [
    ['telephoneNumber', written(first, 64)],
    ['otherTelephone', several(others, 64)],
    ['mobile', written(user.mobilePhone, 64)],
    ['facsimileTelephoneNumber', written(user.faxNumber, 64)],
    ['mail', written(user.mail, 256)],
    ['otherMailbox', several(user.otherMails ?? [], Number.POSITIVE_INFINITY)],
  ];
}

function addressOf(user: TenantUser): ExpectedEntry['attributes'] {
  const { co, c, countryCode } = expectedCountry(written(user.country, Number.POSITIVE_INFINITY)[0]);
  return [
    ['streetAddress', written(user.streetAddress, 1024)],
    ['l', written(user.city, 128)],
    ['st', written(user.state, 128)],
    ['postalCode', written(user.postalCode, 40)],
    ['co', written(co, 128)],
    ['c', written(c, 3)],
    ['countryCode', [countryCode]],
  ];
}

const extensionsOf = (user: TenantUser): ExpectedEntry['attributes'] =>
  Array.from({ length: 15 }, (_, at) => {
    const name = `extensionAttribute${at + 1}`;
    return [name, written(user.onPremisesExtensionAttributes?.[name], 1024)];
  });

/** Values that differ in case only are one: the first. */
function several(texts: readonly string[], longest: number): string[] {
  const values = texts.flatMap((text) => written(text, longest));
  return [...new Map(values.toReversed().map((value) => [value.toLowerCase(), value])).values()];
}

/** A line break of an address, for one. */
const controls = /\p{Cc}/gu;

function written(value: string | null | undefined, longest: number): string[] {
  const text = cut((value ?? '').replaceAll(controls, ' ').trim(), longest).trimEnd();
  return text === '' ? [] : [text];
}
