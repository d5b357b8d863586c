/**
 * What every read selects. Without `$select` Graph leaves most of these out, and an attribute that is not read would look
 * cleared. Changing a list changes what delta rounds track: the cursors must start anew (delta query page).
 */
export const selections = {
  user: [
    'id',
    'userPrincipalName',
    'displayName',
    'accountEnabled',
    'userType',
    'onPremisesSyncEnabled',
    'onPremisesSecurityIdentifier',
    'givenName',
    'surname',
    'jobTitle',
    'department',
    'companyName',
    'employeeId',
    'officeLocation',
    'streetAddress',
    'city',
    'state',
    'postalCode',
    'country',
    'preferredLanguage',
    'businessPhones',
    'mobilePhone',
    'mail',
    'mailNickname',
  ],
  group: [
    'id',
    'displayName',
    'description',
    'mail',
    'mailEnabled',
    'mailNickname',
    'securityEnabled',
    'groupTypes',
    'onPremisesSyncEnabled',
    'onPremisesSecurityIdentifier',
  ],
  /** Of a member, whatever it is: properties of users and of groups, each present where it applies. */
  member: [
    'id',
    'userType',
    'onPremisesSyncEnabled',
    'onPremisesSecurityIdentifier',
    'mailEnabled',
    'groupTypes',
  ],
} as const;

export const selectOf = (properties: readonly string[]): string => `$select=${properties.join(',')}`;
