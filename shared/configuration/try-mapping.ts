import type { CloudGroup, CloudUser } from '../domain/cloud-object.ts';
import { type DesiredGroup, desiredGroup } from '../domain/desired-group.ts';
import { type DesiredUser, desiredUser } from '../domain/desired-user.ts';
import type { ObjectId } from '../domain/object-id.ts';
import { groupScope, type Scope, type ScopeFacts, userScope } from '../domain/scope.ts';
import type { WritebackConfig } from './define-config.ts';
import { settingsFrom } from './settings-from.ts';

/**
 * For an owner's own tests: what a configuration makes of an object, without a tenant or a directory. Properties that are not named
 * are empty; `facts` stands for what only the tenant knows (in a chosen group: yes; on the deny list: no).
 */
const id = '00000000-0000-4000-8000-0123456789ab' as ObjectId;

/** Where a user stands, and the entry it would get if it were inside. Throws ConfigProblems, MappingError. */
export function tryUser(
  config: WritebackConfig,
  values: Partial<CloudUser>,
  facts: Partial<ScopeFacts> = {},
): { scope: Scope } & DesiredUser {
  const settings = settingsFrom(config);
  const user = { ...blankUser, ...values };
  const scope = userScope(user, settings, { inChosen: true, denied: false, ...facts });
  if (settings.users === false) throw new Error('users: false writes no user');
  const desired = desiredUser(user, settings.users);
  if (desired === undefined) throw new Error('no usable userPrincipalName: this user would be parked');
  return { scope, ...desired };
}

/** Where a group stands, and the entry it would get if it were inside. Throws ConfigProblems, MappingError. */
export function tryGroup(
  config: WritebackConfig,
  values: Partial<CloudGroup>,
  facts: Partial<ScopeFacts> = {},
): { scope: Scope } & DesiredGroup {
  const settings = settingsFrom(config);
  const group = { ...blankGroup, ...values };
  const scope = groupScope(group, settings, { inChosen: true, denied: false, ...facts });
  if (settings.groups === false) throw new Error('groups: false writes no group');
  return { scope, ...desiredGroup(group, settings.groups) };
}

/** A user, and a group, of whom Graph tells nothing but what is never null. */
export const blankUser: CloudUser = {
  id,
  userPrincipalName: 'someone@contoso.example',
  displayName: null,
  accountEnabled: true,
  userType: 'Member',
  onPremisesSyncEnabled: null,
  onPremisesSecurityIdentifier: null,
  givenName: null,
  surname: null,
  jobTitle: null,
  department: null,
  companyName: null,
  employeeId: null,
  officeLocation: null,
  streetAddress: null,
  city: null,
  state: null,
  postalCode: null,
  country: null,
  preferredLanguage: null,
  businessPhones: [],
  mobilePhone: null,
  mail: null,
  mailNickname: null,
  employeeType: null,
  division: null,
  faxNumber: null,
  otherMails: [],
  extensionAttributes: {},
};

export const blankGroup: CloudGroup = {
  id,
  displayName: '',
  description: null,
  mail: null,
  mailEnabled: false,
  mailNickname: null,
  securityEnabled: true,
  groupTypes: [],
  onPremisesSyncEnabled: null,
  onPremisesSecurityIdentifier: null,
  visibility: null,
  isAssignableToRole: null,
};
