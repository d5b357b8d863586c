import { makeFieldStaff } from './field-staff.ts';
import { makeTeams, type Team } from './groups.ts';
import { managersOf } from './managers.ts';
import { oddPeople } from './odd-people.ts';
import { PeopleOffice, type Person } from './people.ts';
import { chanceFrom } from './random.ts';

/** Something in the tenant that is neither user nor group and can still be a member. */
export type OtherObject = { id: string; type: 'device' | 'servicePrincipal'; displayName: string };

/** A whole company as it stands in the tenant when the story begins. */
export type Company = {
  domain: string;
  people: Person[];
  /** Synced from AD as well, and nothing but members of the largest group. */
  fieldStaff: Person[];
  teams: Team[];
  others: OtherObject[];
  /** By id, who reports to whom. */
  managers: ReadonlyMap<string, string>;
};

/** Nobody and nothing. */
export const emptyCompany = (domain: string): Company => ({
  ...{ domain, people: [], fieldStaff: [], teams: [], others: [], managers: new Map<string, string>() },
});

const cloudPeople = 158;
const syncedPeople = 40;
const guests = 10;
const everySixteenth = 16;
const inTheFieldByCloud = 40;

/** How many members the largest group has. */
export const usualLargestGroup = 5_000;

/**
 * Invents a company: 180 people born in the cloud (some disabled, some of them odd), 40 synced from AD, 10 guests, thousands of field
 * staff synced from AD, and 49 groups; the same for the same seed.
 */
export function makeCompany(seed: number, domain: string, largestGroup = usualLargestGroup): Company {
  const chance = chanceFrom(seed);
  const office = new PeopleOffice(chance, domain);
  const people = [
    ...Array.from({ length: cloudPeople }, (_, number) =>
      office.hire('cloud', number % everySixteenth !== 9),
    ),
    ...Array.from({ length: syncedPeople }, () => office.hire('synced', true)),
    ...Array.from({ length: guests }, () => office.hire('guest', true)),
    ...oddPeople.map((odd) => office.hireOdd(odd)),
  ];
  const others: OtherObject[] = [
    { id: chance.guid(), type: 'device', displayName: 'DOOR-CONTROLLER-01' },
    { id: chance.guid(), type: 'servicePrincipal', displayName: 'Visitor management' },
  ];
  const fieldStaff = makeFieldStaff(Math.max(0, largestGroup - inTheFieldByCloud), chance, domain);
  const inField = [...fieldStaff, ...chance.sample(people.filter(isInCloud), inTheFieldByCloud)];
  const teams = makeTeams({ people, inField, others: others.map((other) => other.id), chance, domain });
  return { domain, people, fieldStaff, teams, others, managers: managersOf(people) };
}

const isInCloud = (person: Person) => person.origin === 'cloud';

/** How much of the company must end up in AD: written users, written groups, and memberships between what AD has. */
export function sizeOf(company: Company): { users: number; groups: number; memberships: number } {
  const people = [...company.people, ...company.fieldStaff].filter((person) => person.origin !== 'guest');
  const teams = company.teams.filter((team) => team.type !== 'roleAssignable');
  const written = teams.filter((team) => team.type !== 'synced');
  const shown = written.filter((team) => team.visibility !== 'HiddenMembership');
  const inAd = new Set([...people, ...teams].map((object) => object.id));
  const memberships = shown.flatMap((team) => team.members.filter((id) => inAd.has(id)));
  return {
    users: people.filter(isInCloud).length,
    groups: written.length,
    memberships: memberships.length,
  };
}
