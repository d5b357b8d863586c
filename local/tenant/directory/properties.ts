import type { ObjectType } from './directory-object.ts';

/** Shape of a property's value; every one may also be null, but lists. */
export type Shape = 'text' | 'flag' | 'list' | 'record' | 'time';

/** `shown`: comes without `$select` (reference/cloud-protocols.md D). `computed`: cannot be written. `beta`: v1.0 lacks it. */
export type Property = { shape: Shape; shown: boolean; computed?: boolean; beta?: boolean };
type Table = Readonly<Record<string, Property>>;

const all = (names: string, shape: Shape, shown: boolean, computed = false): Table =>
  Object.fromEntries(names.split(' ').map((name) => [name, { shape, shown, ...(computed && { computed }) }]));

const synced: (shown: boolean) => Table = (shown) => ({
  ...all('onPremisesSyncEnabled', 'flag', shown),
  ...all('onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesDomainName', 'text', shown),
  ...all('onPremisesLastSyncDateTime', 'time', shown),
  ...all('onPremisesProvisioningErrors', 'list', false),
});

const users: Table = {
  ...all('id', 'text', true, true),
  ...all('businessPhones', 'list', true),
  ...all('displayName givenName jobTitle mail mobilePhone officeLocation', 'text', true),
  ...all('preferredLanguage surname userPrincipalName', 'text', true),
  ...all('accountEnabled', 'flag', false),
  ...all(
    'userType externalUserState creationType mailNickname employeeId employeeType department',
    'text',
    false,
  ),
  ...all('companyName streetAddress city state postalCode country usageLocation ageGroup', 'text', false),
  ...all('faxNumber consentProvidedForMinor legalAgeGroupClassification passwordPolicies', 'text', false),
  ...all('proxyAddresses otherMails imAddresses identities assignedLicenses', 'list', false),
  ...all('onPremisesImmutableId onPremisesDistinguishedName onPremisesUserPrincipalName', 'text', false),
  ...all('onPremisesExtensionAttributes employeeOrgData', 'record', false),
  ...all('employeeHireDate employeeLeaveDateTime', 'time', false),
  ...all('isResourceAccount isManagementRestricted showInAddressList', 'flag', false),
  ...all('createdDateTime deletedDateTime', 'time', false, true),
  ...all('securityIdentifier', 'text', false, true),
  ...synced(false),
};

const groups: Table = {
  ...all('id', 'text', true, true),
  ...all('displayName description mail mailNickname visibility membershipRule', 'text', true),
  ...all('membershipRuleProcessingState theme preferredLanguage classification', 'text', true),
  ...all('onPremisesNetBiosName', 'text', true),
  ...all('mailEnabled securityEnabled isAssignableToRole', 'flag', true),
  ...all('groupTypes proxyAddresses', 'list', true),
  ...all('createdDateTime renewedDateTime expirationDateTime deletedDateTime', 'time', true, true),
  ...all('securityIdentifier', 'text', true, true),
  ...all('isManagementRestricted', 'flag', false),
  ...all('onPremisesExtensionAttributes', 'record', false),
  writebackConfiguration: { shape: 'record', shown: false, beta: true },
  ...all('resourceBehaviorOptions resourceProvisioningOptions creationOptions', 'list', false),
  ...synced(true),
};

const others: Table = {
  ...all('id', 'text', true, true),
  ...all('displayName appId deviceId mail operatingSystem servicePrincipalType', 'text', true),
  ...all('accountEnabled', 'flag', true),
  ...all('deletedDateTime', 'time', true, true),
};

const tables: Readonly<Record<ObjectType, Table>> = {
  user: users,
  group: groups,
  device: others,
  servicePrincipal: others,
  orgContact: others,
};

/** The properties that a type of object has. */
export const propertiesOf = (type: ObjectType): Table => tables[type];

/** The names that come when `$select` is absent. */
export const shownByDefault = (type: ObjectType): readonly string[] => defaults[type];

const defaults = Object.fromEntries(
  Object.entries(tables).map(([type, table]) => [
    type,
    Object.keys(table).filter((name) => table[name]?.shown === true),
  ]),
) as Record<ObjectType, string[]>;

/** The parts of records, which alone a client may name, and in which Graph answers them. */
export const partsOf: Readonly<Record<string, readonly string[]>> = {
  onPremisesExtensionAttributes: Array.from({ length: 15 }, (_, at) => `extensionAttribute${at + 1}`),
  employeeOrgData: ['division', 'costCenter'],
  writebackConfiguration: ['isEnabled', 'onPremisesGroupType'],
};
