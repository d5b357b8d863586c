import type { ObjectId } from './object-id.ts';

/** What we read of a cloud user: Graph property names, `null` where Graph says null. */
export type CloudUser = {
  id: ObjectId;
  userPrincipalName: string;
  displayName: string | null;
  accountEnabled: boolean | null;
  userType: string | null;
  onPremisesSyncEnabled: boolean | null;
  onPremisesSecurityIdentifier: string | null;
  givenName: string | null;
  surname: string | null;
  jobTitle: string | null;
  department: string | null;
  companyName: string | null;
  employeeId: string | null;
  officeLocation: string | null;
  streetAddress: string | null;
  city: string | null;
  state: string | null;
  postalCode: string | null;
  country: string | null;
  preferredLanguage: string | null;
  businessPhones: string[];
  mobilePhone: string | null;
  mail: string | null;
  mailNickname: string | null;
  employeeType: string | null;
  /** employeeOrgData.division */
  division: string | null;
  faxNumber: string | null;
  otherMails: string[];
  /** onPremisesExtensionAttributes: `extensionAttribute1` to `15`; only those that have a value. */
  extensionAttributes: Record<string, string>;
  /** Who it reports to; null: nobody. A page names only its id. Absent where it was not read: what AD has stays. */
  manager?: Extract<CloudMember, { type: 'user' }> | { type: 'user'; id: ObjectId; known: false } | null;
  /** JPEG or PNG in base64; null: none. Absent where it was not read. */
  photo?: string | null;
};

/** What we read of a cloud group. `securityEnabled` is false on a soft-deleted security group; `groupTypes` still tells. */
export type CloudGroup = {
  id: ObjectId;
  displayName: string;
  description: string | null;
  mail: string | null;
  mailEnabled: boolean;
  mailNickname: string | null;
  securityEnabled: boolean;
  groupTypes: string[];
  onPremisesSyncEnabled: boolean | null;
  onPremisesSecurityIdentifier: string | null;
  /** `Public`, `Private` or `HiddenMembership`. */
  visibility: string | null;
  isAssignableToRole: boolean | null;
  /** Graph beta `writebackConfiguration`; absent where it was not read. */
  writeback?: { isEnabled: boolean | null; onPremisesGroupType: string | null };
};

/**
 * A direct member of a group. `other`: device, service principal, contact. From a difference only id and type are known;
 * `known` says whether the other properties were read.
 */
export type CloudMember =
  | { type: 'user'; id: ObjectId; known: true; synced: boolean; sid: string | null; guest: boolean }
  | {
      type: 'group';
      id: ObjectId;
      known: true;
      synced: boolean;
      sid: string | null;
      mailEnabled: boolean;
      groupTypes: string[];
      roleAssignable: boolean;
    }
  | { type: 'user' | 'group'; id: ObjectId; known: false }
  | { type: 'other'; id: ObjectId };
