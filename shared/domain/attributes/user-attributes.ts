import { cleanText } from '../clean-text.ts';
import type { CloudUser } from '../cloud-object.ts';
import type { AttributeValue } from '../settings.ts';
import { countryOf } from './country.ts';

/** Where the attributes of a user's entry come from unless the owner says otherwise (docs/expected-state.md, Attributes). */
export const userAttributes: Readonly<Record<string, (user: CloudUser) => AttributeValue>> = {
  displayName: (user) => user.displayName,
  givenName: (user) => user.givenName,
  sn: (user) => user.surname,
  title: (user) => user.jobTitle,
  department: (user) => user.department,
  company: (user) => user.companyName,
  division: (user) => user.division,
  employeeID: (user) => user.employeeId,
  employeeType: (user) => user.employeeType,
  physicalDeliveryOfficeName: (user) => user.officeLocation,
  streetAddress: (user) => user.streetAddress,
  l: (user) => user.city,
  st: (user) => user.state,
  postalCode: (user) => user.postalCode,
  co: (user) => countryOf(user.country)?.name ?? user.country,
  c: (user) => countryOf(user.country)?.alpha2,
  countryCode: countryCode,
  preferredLanguage: (user) => user.preferredLanguage,
  telephoneNumber: (user) => phones(user)[0],
  otherTelephone: (user) => phones(user).slice(1),
  mobile: (user) => user.mobilePhone,
  facsimileTelephoneNumber: (user) => user.faxNumber,
  mail: (user) => user.mail,
  otherMailbox: (user) => user.otherMails,
  ...Object.fromEntries(
    Array.from({ length: 15 }, (_, n) => `extensionAttribute${n + 1}`).map((name) => [
      name,
      (user: CloudUser) => user.extensionAttributes[name],
    ]),
  ),
};

/** The number of a country that is known; 0 for any other text. */
function countryCode({ country }: CloudUser): AttributeValue {
  return cleanText(country) === '' ? null : (countryOf(country)?.number ?? '0');
}

/** Those that say something: the first of them is the number, whatever stands before it. */
function phones(user: CloudUser): string[] {
  return user.businessPhones.filter((phone) => cleanText(phone) !== '');
}
