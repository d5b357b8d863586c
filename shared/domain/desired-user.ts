import { cleanText } from './clean-text.ts';
import type { CloudUser } from './cloud-object.ts';
import { accountName, commonName } from './entry-name.ts';

/** What an entry should be, values only: ordered candidates for names, attributes by LDAP name (`null` clears). */
export type DesiredUser = {
  names: { cn: string[]; sAMAccountName: string[]; userPrincipalName: string[] };
  attributes: Record<string, string | null>;
  enabled: boolean;
};

/** LDAP name, where its value comes from, and how many UTF-16 units AD allows (docs/expected-state.md). */
const attributes: readonly (readonly [
  name: string,
  from: (user: CloudUser) => string | null | undefined,
  max?: number,
])[] = [
  ['displayName', (user) => user.displayName, 256],
  ['givenName', (user) => user.givenName, 64],
  ['sn', (user) => user.surname, 64],
  ['title', (user) => user.jobTitle, 128],
  ['department', (user) => user.department, 64],
  ['company', (user) => user.companyName, 64],
  ['employeeID', (user) => user.employeeId, 16],
  ['physicalDeliveryOfficeName', (user) => user.officeLocation, 128],
  ['streetAddress', (user) => user.streetAddress, 1024],
  ['l', (user) => user.city, 128],
  ['st', (user) => user.state, 128],
  ['postalCode', (user) => user.postalCode, 40],
  ['co', (user) => user.country, 128],
  ['preferredLanguage', (user) => user.preferredLanguage],
  ['telephoneNumber', (user) => user.businessPhones[0], 64],
  ['mobile', (user) => user.mobilePhone, 64],
  ['mail', (user) => user.mail, 256],
];

/** The entry that a live user in scope should have, or undefined where the user has no userPrincipalName to write. */
export function desiredUser(user: CloudUser): DesiredUser | undefined {
  if (user.userPrincipalName === '') return undefined;
  return {
    names: {
      cn: [commonName(user.displayName, user.id)],
      sAMAccountName: [accountName('user', user.id)],
      userPrincipalName: [user.userPrincipalName],
    },
    attributes: Object.fromEntries(
      attributes.map(([name, from, max]) => [name, cleanText(from(user), max) || null]),
    ),
    enabled: user.accountEnabled === true,
  };
}
