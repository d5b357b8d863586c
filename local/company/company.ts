import { makeTeams, type Team } from './groups.ts';
import { PeopleOffice, type Person } from './people.ts';
import { chanceFrom } from './random.ts';

/** Something in the tenant that is neither user nor group and can still be a member. */
export type OtherObject = { id: string; type: 'device' | 'servicePrincipal'; displayName: string };

/** A whole company as it stands in the tenant when the story begins. */
export type Company = { domain: string; people: Person[]; teams: Team[]; others: OtherObject[] };

const cloudPeople = 158;
const syncedPeople = 40;
const guests = 10;
const everySixteenth = 16;

/** Invents a company: 208 people (40 synced from AD, 10 guests, some disabled) and 30 groups; the same for the same seed. */
export function makeCompany(seed: number, domain: string): Company {
  const chance = chanceFrom(seed);
  const office = new PeopleOffice(chance, domain);
  const people = [
    ...Array.from({ length: cloudPeople }, (_, number) =>
      office.hire('cloud', number % everySixteenth !== 9),
    ),
    ...Array.from({ length: syncedPeople }, () => office.hire('synced', true)),
    ...Array.from({ length: guests }, () => office.hire('guest', true)),
  ];
  const others: OtherObject[] = [
    { id: chance.guid(), type: 'device', displayName: 'DOOR-CONTROLLER-01' },
    { id: chance.guid(), type: 'servicePrincipal', displayName: 'Visitor management' },
  ];
  const teams = makeTeams({ people, others: others.map((other) => other.id), chance, domain });
  return { domain, people, teams, others };
}

/** How much of the company must end up in AD: written users, written groups, and memberships between what AD has. */
export function sizeOf(company: Company): { users: number; groups: number; memberships: number } {
  const people = company.people.filter((person) => person.origin !== 'guest');
  const teams = company.teams.filter((team) => !['mailSecurity', 'distribution'].includes(team.type));
  const written = teams.filter((team) => team.type !== 'synced');
  const inAd = new Set([...people, ...teams].map((object) => object.id));
  const memberships = written.flatMap((team) => team.members.filter((id) => inAd.has(id)));
  return {
    users: people.filter((person) => person.origin === 'cloud').length,
    groups: written.length,
    memberships: memberships.length,
  };
}
