import { type Culture, cultures, type Spelling } from './names.ts';
import { type OddPerson, oddPeople } from './odd-people.ts';
import { companyName, type Department, departments, type Office, offices } from './organisation.ts';
import type { Chance } from './random.ts';

/** What a person is to the directory: born in the cloud, mastered in AD, or invited from elsewhere. */
export type Origin = 'cloud' | 'synced' | 'guest';

/** A person in the words of Microsoft Graph (v1.0 user), plus where the account comes from. */
export type Person = {
  origin: Origin;
  id: string;
  userPrincipalName: string;
  mailNickname: string | null;
  displayName: string;
  givenName: string;
  surname: string;
  accountEnabled: boolean;
  userType: 'Member' | 'Guest';
  jobTitle: string | null;
  department: string | null;
  companyName: string | null;
  employeeId: string | null;
  employeeType: string | null;
  employeeOrgData: { division: string } | null;
  officeLocation: string | null;
  streetAddress: string | null;
  city: string | null;
  state: string | null;
  postalCode: string | null;
  country: string | null;
  preferredLanguage: string | null;
  businessPhones: string[];
  mobilePhone: string | null;
  faxNumber: string | null;
  mail: string | null;
  otherMails: string[];
  onPremisesExtensionAttributes: Record<string, string> | null;
};

/** Everything that somebody may do without. */
export const withoutDetails = {
  ...{ accountEnabled: true, userType: 'Member' as const },
  ...{ jobTitle: null, department: null, companyName: null, employeeId: null, employeeType: null },
  ...{ employeeOrgData: null, officeLocation: null, streetAddress: null, city: null, state: null },
  ...{ postalCode: null, country: null, preferredLanguage: null, businessPhones: [], mobilePhone: null },
  ...{ faxNumber: null, mail: null, otherMails: [], onPremisesExtensionAttributes: null },
};

/** Makes people with sign-in names nobody else has, under the given domain. */
export class PeopleOffice {
  readonly #chance: Chance;
  readonly #domain: string;
  readonly #taken = new Set(oddPeople.map(({ prefix }) => prefix.toLowerCase()));
  #count = 0;

  constructor(chance: Chance, domain: string) {
    this.#chance = chance;
    this.#domain = domain;
  }

  /** The next person; names, department and office take turns, so that every script and place is met. */
  hire(origin: Origin, accountEnabled: boolean): Person {
    const number = this.#count++;
    const culture = turn(cultures, number);
    const name = this.#name(culture);
    const person = this.#employee(
      name,
      turn(departments, number * 7 + this.#chance.below(3)),
      turn(offices, number),
    );
    const full = { ...person, origin, accountEnabled, preferredLanguage: culture.language };
    return origin === 'guest' ? asGuest(full) : full;
  }

  /** Somebody with given names; everything else as chance will have it. */
  hireOdd({ given, family, nickname, prefix, domain }: OddPerson): Person {
    const userPrincipalName = `${prefix}@${domain}`;
    return {
      ...this.hire('cloud', true),
      ...{ givenName: given, surname: family, displayName: `${given} ${family}` },
      ...{ mailNickname: nickname, userPrincipalName, mail: userPrincipalName },
    };
  }

  #name(culture: Culture) {
    const given = this.#chance.pick(culture.given);
    const family = this.#chance.pick(culture.family);
    const parts = culture.familyFirst ? [family, given] : [given, family];
    return { given, family, displayName: parts.map(([written]) => written).join(' ') };
  }

  #employee(
    name: Name,
    department: Department,
    office: Office,
  ): Omit<Person, 'origin' | 'accountEnabled' | 'preferredLanguage'> {
    const alias = this.#alias(`${name.given[1]}.${name.family[1]}`);
    const phone = `${office.dialling} ${String(1000 + this.#count)}`;
    const { name: officeLocation, dialling: _, countries, ...address } = office;
    return {
      id: this.#chance.guid(),
      userPrincipalName: `${alias}@${this.#domain}`,
      mailNickname: alias,
      displayName: name.displayName,
      givenName: name.given[0],
      surname: name.family[0],
      userType: 'Member',
      jobTitle: this.#chance.pick(department.titles),
      department: department.name,
      companyName,
      employeeId: `${department.short}-${String(10_000 + this.#count)}`,
      officeLocation,
      ...address,
      country: turn(countries, this.#count),
      businessPhones: this.#chance.next() < 0.85 ? [phone, `${phone} 9`, ` ${phone} 10 `] : [],
      mobilePhone: this.#chance.next() < 0.6 ? `+49 170 ${String(5_500_000 + this.#count)}` : null,
      mail: `${alias}@${this.#domain}`,
      ...detailsOf(this.#count, { alias, phone, department: department.name }),
    };
  }

  #alias(wanted: string): string {
    let alias = wanted;
    for (let number = 2; this.#taken.has(alias); number++) alias = `${wanted}${String(number)}`;
    this.#taken.add(alias);
    return alias;
  }
}

type Detailed = Pick<
  Person,
  'employeeType' | 'employeeOrgData' | 'faxNumber' | 'otherMails' | 'onPremisesExtensionAttributes'
>;

/** What only some people have: every combination is met. */
function detailsOf(
  number: number,
  { alias, phone, department }: { alias: string; phone: string; department: string },
): Detailed {
  const extensions = {
    extensionAttribute1: `CC-${number}`,
    [`extensionAttribute${(number % 14) + 2}`]: 'Läger',
  };
  const otherMails = [
    `${alias}@home.example`,
    `${alias.toUpperCase()}@home.example`,
    `${alias}@club.example`,
  ];
  return {
    employeeType: turn(['Employee', 'Contractor', null], number),
    employeeOrgData: number % 2 === 0 ? { division: `${department} · Süd` } : null,
    faxNumber: number % 5 === 0 ? `${phone} 99` : null,
    otherMails: number % 4 === 0 ? otherMails : [],
    onPremisesExtensionAttributes: number % 3 === 0 ? extensions : null,
  };
}

type Name = { given: Spelling; family: Spelling; displayName: string };

/** An invited partner: mail elsewhere, and the sign-in name that Entra makes of it. */
function asGuest(person: Person): Person {
  const [, domain = ''] = person.userPrincipalName.split('@');
  const mail = `${String(person.mailNickname)}@partner.example`;
  return {
    ...person,
    userType: 'Guest',
    mail,
    userPrincipalName: `${mail.replace('@', '_')}#EXT#@${domain}`,
    companyName: 'Partner GmbH',
    employeeId: null,
  };
}

function turn<T>(list: readonly T[], number: number): T {
  const item = list[number % list.length];
  if (item === undefined) throw new Error('an empty list has no turn');
  return item;
}
