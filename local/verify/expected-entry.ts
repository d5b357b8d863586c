import type { TenantGroup, TenantUser } from './tenant-state.ts';

/**
 * What an entry must look like, from docs/expected-state.md and nothing else: this table is written out a second time on
 * purpose, so that a mistake in the product's own mapping cannot hide here.
 */
export type ExpectedEntry = {
  mark: string;
  cn: string;
  sAMAccountName: string;
  /** Users only. */
  userPrincipalName: string | undefined;
  /** By LDAP name; `undefined` means that the attribute must be absent. */
  attributes: [name: string, value: string | undefined][];
};

export function expectedUser(user: TenantUser): ExpectedEntry {
  return {
    mark: `User_${user.id}`,
    cn: commonName(user.displayName, user.id),
    sAMAccountName: `u-${digits(user.id).slice(0, 18)}`,
    userPrincipalName: user.userPrincipalName,
    attributes: [
      ['displayName', written(user.displayName, 256)],
      ['givenName', written(user.givenName, 64)],
      ['sn', written(user.surname, 64)],
      ['title', written(user.jobTitle, 128)],
      ['department', written(user.department, 64)],
      ['company', written(user.companyName, 64)],
      ['employeeID', written(user.employeeId, 16)],
      ['physicalDeliveryOfficeName', written(user.officeLocation, 128)],
      ['streetAddress', written(user.streetAddress, 1024)],
      ['l', written(user.city, 128)],
      ['st', written(user.state, 128)],
      ['postalCode', written(user.postalCode, 40)],
      ['co', written(user.country, 128)],
      ['preferredLanguage', written(user.preferredLanguage, Number.POSITIVE_INFINITY)],
      ['telephoneNumber', written(user.businessPhones[0], 64)],
      ['mobile', written(user.mobilePhone, 64)],
      ['mail', written(user.mail, 256)],
    ],
  };
}

export function expectedGroup(group: TenantGroup): ExpectedEntry {
  return {
    mark: `Group_${group.id}`,
    cn: commonName(group.displayName, group.id),
    sAMAccountName: `g-${digits(group.id).slice(0, 18)}`,
    userPrincipalName: undefined,
    attributes: [
      ['displayName', written(group.displayName, 256)],
      ['mail', written(group.mail, 256)],
      ['description', written(group.description, 448)],
    ],
  };
}

/** Universal security and universal distribution, as signed 32-bit numbers. */
export const groupTypes = { security: -2147483640, distribution: 8 };

/** NORMAL_ACCOUNT, with and without ACCOUNTDISABLE. */
export const accountControls = { enabled: 512, disabled: 514 };

const digits = (id: string) => id.replaceAll('-', '');

function commonName(displayName: string | null | undefined, id: string): string {
  const shown = (displayName ?? '').replaceAll(/\p{Cc}/gu, ' ').trim();
  return `${cut(shown, 51)}_${digits(id).slice(-12)}`;
}

function written(value: string | null | undefined, longest: number): string | undefined {
  const text = cut((value ?? '').trim(), longest).trimEnd();
  return text === '' ? undefined : text;
}

/** The first UTF-16 units, without half a surrogate pair at the end. */
function cut(text: string, longest: number): string {
  const short = text.slice(0, longest);
  return /[\uD800-\uDBFF]$/.test(short) ? short.slice(0, -1) : short;
}
