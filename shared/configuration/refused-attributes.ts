/** Attributes that no mapping may write, in lower case, each with what to do instead. */
const secrets = 'is never written: write-back handles no passwords or keys from the cloud';
const identity = 'is never written: the directory issues it';
const rights = 'is never written: it gives rights that the cloud must not give';
const reference = 'refers to another entry, which a mapping cannot name';

const refused: Readonly<Record<string, readonly string[]>> = {
  [secrets]: [
    'unicodePwd',
    'userPassword',
    'dBCSPwd',
    'ntPwdHistory',
    'lmPwdHistory',
    'supplementalCredentials',
    'msDS-KeyCredentialLink',
    'altSecurityIdentities',
    'userCertificate',
    'pwdLastSet',
    'unixUserPassword',
    'msDS-ManagedPassword',
  ],
  [identity]: [
    'objectGUID',
    'objectSid',
    'objectClass',
    'objectCategory',
    'distinguishedName',
    'memberOf',
    'directReports',
    'primaryGroupID',
    'sAMAccountType',
    'mS-DS-ConsistencyGuid',
    'whenCreated',
    'isDeleted',
  ],
  [rights]: [
    'servicePrincipalName',
    'sIDHistory',
    'nTSecurityDescriptor',
    'adminCount',
    'msDS-AllowedToDelegateTo',
    'msDS-AllowedToActOnBehalfOfOtherIdentity',
    'msDS-SupportedEncryptionTypes',
  ],
  [reference]: ['managedBy', 'secretary', 'assistant', 'showInAddressBook'],
  'is written from the membership of the cloud group: leave it out': ['member'],
  'is set by accountEnabled of the cloud user: leave it out': ['userAccountControl'],
  'says whether the account may sign in, which is for administrators on-premises: leave it out': [
    'accountExpires',
    'lockoutTime',
    'logonHours',
    'userWorkstations',
  ],
  'is set by the kind of the group: use groups.kind': ['groupType'],
  'holds our mark: leave it out': ['adminDescription', 'msDS-ExternalDirectoryObjectId'],
  'is a name, not an attribute: use the option names': ['sAMAccountName', 'userPrincipalName', 'cn', 'name'],
  'is not a text: use the option users.manager': ['manager'],
  'is not a text: use the option users.photo': ['thumbnailPhoto', 'jpegPhoto', 'thumbnailLogo', 'photo'],
};

const sentences = new Map(
  Object.entries(refused).flatMap(([sentence, names]) => names.map((name) => [name.toLowerCase(), sentence])),
);

/** Why a mapping may not name this attribute, or undefined where it may. LDAP names are compared without case. */
export function refusalOf(attribute: string): string | undefined {
  return sentences.get(attribute.toLowerCase());
}
