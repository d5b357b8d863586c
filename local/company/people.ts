import { type Culture, cultures, type Spelling } from './names.ts';
import { companyName, type Department, departments, type Office, offices } from './organisation.ts';
import type { Chance } from './random.ts';

/** What a person is to the directory: born in the cloud, mastered in AD, or invited from elsewhere. */
export type Origin = 'cloud' | 'synced' | 'guest';

/** A person in the words of Microsoft Graph (v1.0 user), plus where the account comes from. */
export type Person = {
  origin: Origin;
  id: string;
  userPrincipalName: string;
  mailNickname: string;
  displayName: string;
  givenName: string;
  surname: string;
  accountEnabled: boolean;
  userType: 'Member' | 'Guest';
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
};

/** Makes people with sign-in names nobody else has, under the given domain. */
export class PeopleOffice {
  readonly #chance: Chance;
  readonly #domain: string;
  readonly #taken = new Set<string>();
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
    const { name: officeLocation, dialling: _, ...address } = office;
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
      businessPhones: this.#chance.next() < 0.85 ? [phone, `${phone} 9`] : [],
      mobilePhone: this.#chance.next() < 0.6 ? `+49 170 ${String(5_500_000 + this.#count)}` : null,
      mail: `${alias}@${this.#domain}`,
    };
  }

  #alias(wanted: string): string {
    let alias = wanted;
    for (let number = 2; this.#taken.has(alias); number++) alias = `${wanted}${String(number)}`;
    this.#taken.add(alias);
    return alias;
  }
}

type Name = { given: Spelling; family: Spelling; displayName: string };

/** An invited partner: mail elsewhere, and the sign-in name that Entra makes of it. */
function asGuest(person: Person): Person {
  const [, domain = ''] = person.userPrincipalName.split('@');
  const mail = `${person.mailNickname}@partner.example`;
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
